"""`releve sim concert-v2` and the like: a terminal, fitted out from the command line."""

import inspect
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from firmware_sims.asked import Asked, chosen_link, put_in
from firmware_sims.catalogue import UnknownInstrumentError, chance, named
from firmware_sims.options import FaultNames, Seed, Serial, Speed, TcpPort, WithParent
from firmware_sims.payment.concert_v2 import Dialect
from firmware_sims.payment.customer import USUAL_PERCENT, Customer, Habit
from firmware_sims.payment.entry import TerminalEntry
from firmware_sims.payment.fitting import (
    CURRENCIES,
    LATE_SECONDS,
    MASKED,
    REBOOT_SECONDS,
    Fitting,
)
from firmware_sims.payment.ledger import LedgerError
from firmware_sims.payment.terminal import Terminal
from firmware_sims.payment.zvt.paying import USUAL_PASSWORD, USUAL_TERMINAL


def _flag(name: str, told: str) -> tuple[Any, Any]:
    return Annotated[bool, typer.Option(name, help=told)], False


def _seconds(told: str, usual: float | None, shown: str | None = None) -> tuple[Any, Any]:
    kind = float if usual is not None else float | None
    option = typer.Option(min=0.0, help=told, show_default=shown or True)
    return Annotated[kind, option], usual


COMMON: Mapping[str, tuple[Any, Any]] = {
    "customer": (Annotated[Habit, typer.Option(help="What the customer does.")], Habit.PAYS),
    "customer_seconds": _seconds("How long it takes.", None, "0.3; slow: 30"),
    "customer_percent": (
        Annotated[int, typer.Option(min=1, max=100, help="What pays_partly pays.")],
        USUAL_PERCENT,
    ),
    "ledger": (
        Annotated[
            Path | None,
            typer.Option(help="Where authorisations are written, and read again at the start."),
        ],
        None,
    ),
    "late_seconds": _seconds("How late answer_late is.", LATE_SECONDS),
    "reboot_seconds": _seconds("How long a reboot takes.", REBOOT_SECONDS),
    "currency": (
        Annotated[
            list[str] | None,
            typer.Option(help="Number of one it knows, repeatable.", show_default="978 and 756"),
        ],
        None,
    ),
    "till": (
        Annotated[str | None, typer.Option(help="The only till it knows.", show_default="all")],
        None,
    ),
    "full_card_number": (
        Annotated[
            str | None,
            typer.Option(help="Tell the whole number of the card.", show_default="masked"),
        ],
        None,
    ),
}
OWN: Mapping[str, tuple[Any, Any]] = {
    "protocol": (
        Annotated[Dialect, typer.Option(help="Requests of 26 or of 34 characters.")],
        Dialect.E_PLUS,
    ),
    "no_handshake": _flag("--no-handshake", "Frames alone, without single bytes."),
    "knows_status": _flag("--knows-status", "Answer CD T."),
    "knows_duplicate": _flag("--knows-duplicate", "Answer CD 3."),
    "no_cf_echo": _flag("--no-cf-echo", "Leave CF out of answers."),
    "taken_on_first": _flag("--taken-on-first", "Say AE 11 at once, the result later."),
    "password": (
        Annotated[str, typer.Option(help="Six digits that a till must say.")],
        USUAL_PASSWORD,
    ),
    "terminal_id": (
        Annotated[str, typer.Option(help="Eight digits that it says of itself.")],
        USUAL_TERMINAL,
    ),
    "auto_reversal": _flag("--auto-reversal", "Take back what the till does not answer."),
    "forgets_receipts": _flag("--forgets-receipts", "Repeat no receipt."),
}
DIGITS = {
    "till": (1, 2),
    "full_card_number": (1, 19),
    "password": (6, 6),
    "terminal_id": (8, 8),
}
"""How many there may be in an option."""


def terminal_command(each: TerminalEntry, start: Callable[..., None]) -> Callable[..., None]:
    """Return the command that runs one terminal; ``start`` runs what was fitted out."""

    def run(**said: Any) -> None:
        asked = _asked(said)
        link = chosen_link(each, asked)
        terminal = fitted(each, link, asked, said)
        put_in(terminal, asked.faults)
        start(
            terminal,
            tcp_port=(asked.port or 0) if link == "tcp" else None,
            speed=said["speed"],
            with_parent=said["with_parent"],
        )

    run.__doc__ = (
        f"Run one {each.title}. A fault NAME:1 happens once. "
        f"Example: releve sim {each.slug} --customer refuses --ledger paid.jsonl."
    )
    parameters = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=usual, annotation=kind)
        for name, (kind, usual) in _options(each).items()
    ]
    vars(run)["__signature__"] = inspect.Signature(parameters, return_annotation=None)
    return run


def _options(each: TerminalEntry) -> dict[str, tuple[Any, Any]]:
    link = Annotated[str | None, typer.Option(help=f"{' or '.join(each.links)}.")]
    common = {name: option for name, option in COMMON.items() if name not in each.without}
    own = {name: option for name, option in OWN.items() if name in each.options}
    return {
        "link": (link, None),
        "serial": (Serial, each.serial),
        **own,
        **common,
        "fault": (FaultNames, None),
        "port": (TcpPort, None),
        "seed": (Seed, 1),
        "speed": (Speed, 1.0),
        "with_parent": (WithParent, False),
    }


def _asked(said: Mapping[str, Any]) -> Asked:
    return Asked(
        link=said["link"],
        serial=said["serial"],
        model=None,
        setup=None,
        faults=tuple(said["fault"] or ()),
        seed=said["seed"],
        port=said["port"],
        hci_port=None,
        udp_port=None,
        udp_address=None,
    )


def fitted(each: TerminalEntry, link: str, asked: Asked, said: Mapping[str, Any]) -> Terminal:
    """Return the terminal; raises BadParameter for what cannot be had."""
    try:
        _, serial, _ = named(f"{each.slug}:{asked.serial}")
        return each.fit(
            serial,
            chance(asked.seed, each.slug, serial),
            link=link,
            fitting=_fitting(said),
            **{name: said[name] for name in each.options},
        )
    except UnknownInstrumentError as error:
        raise typer.BadParameter(str(error)) from error
    except LedgerError as error:
        raise typer.BadParameter(str(error), param_hint="--ledger") from error


def _fitting(said: Mapping[str, Any]) -> Fitting:
    for option, (least, most) in DIGITS.items():
        _digits(option, said.get(option), least, most)
    for currency in said["currency"] or ():
        _digits("currency", currency, 3, 3)
    return Fitting(
        customer=Customer(
            habit=said["customer"],
            seconds=said["customer_seconds"],
            percent=said["customer_percent"],
        ),
        ledger=said["ledger"],
        late_seconds=said["late_seconds"],
        reboot_seconds=said["reboot_seconds"],
        currencies=frozenset(said["currency"] or CURRENCIES),
        till=said.get("till"),
        card=said["full_card_number"] or MASKED,
    )


def _digits(option: str, said: str | None, least: int, most: int) -> None:
    if said is None or (said.isascii() and said.isdigit() and least <= len(said) <= most):
        return
    many = f"{most}" if least == most else f"{least} to {most}"
    hint = f"--{option.replace('_', '-')}"
    raise typer.BadParameter(f"{said!r} is not of {many} digits", param_hint=hint)
