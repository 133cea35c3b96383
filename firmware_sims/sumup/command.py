"""`releve sim sumup`: SumUp's servers, fitted out from the command line."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from firmware_sims.kit.instrument import ControlError
from firmware_sims.options import FaultNames, Serial, Speed, WithParent
from firmware_sims.payment.customer import USUAL_PERCENT, Customer, Habit
from firmware_sims.payment.fitting import LATE_SECONDS
from firmware_sims.payment.ledger import LedgerError
from firmware_sims.sumup.account import Account
from firmware_sims.sumup.checkout import CURRENCIES
from firmware_sims.sumup.fitting import KEY, MERCHANT, READER, SERIAL, START_SECONDS, Fitting

ApiKey = Annotated[str, typer.Option(help="The only key it knows.")]
Merchant = Annotated[str, typer.Option(help="The merchant's code.")]
ReaderId = Annotated[str, typer.Option(help="The id of its only reader.")]
Does = Annotated[Habit, typer.Option(help="What the customer does.")]
Takes = Annotated[
    float | None, typer.Option(min=0.0, help="How long it takes.", show_default="0.3; slow: 30")
]
Percent = Annotated[int, typer.Option(min=1, max=100, help="What pays_partly pays.")]
LedgerFile = Annotated[
    Path | None,
    typer.Option(help="Where authorisations are written, and read again at the start."),
]
Codes = Annotated[
    list[str] | None, typer.Option(help="Code of one it knows, repeatable.", show_default="EUR")
]
Start = Annotated[
    float, typer.Option(min=0.0, help="From the 201 until the reader asks for the card.")
]
Valid = Annotated[
    float | None,
    typer.Option(min=0.0, help="How long a checkout may take.", show_default="for ever"),
]
Late = Annotated[float, typer.Option(min=0.0, help="How late answer_late is.")]
WholeWindow = Annotated[
    bool,
    typer.Option("--whole-window", help="Refuse another checkout for 60 s, even after the end."),
]
Problems = Annotated[bool, typer.Option("--problems", help="All errors are problem documents.")]
Port = Annotated[int, typer.Option(min=0, max=65535, help="Where it listens; 0: anywhere.")]


def sumup_command(start: Callable[..., None]) -> Callable[..., None]:
    """Return the command; ``start`` runs what was fitted out."""

    def run(
        *,
        serial: Serial = SERIAL,
        api_key: ApiKey = KEY,
        merchant: Merchant = MERCHANT,
        reader: ReaderId = READER,
        customer: Does = Habit.PAYS,
        customer_seconds: Takes = None,
        customer_percent: Percent = USUAL_PERCENT,
        ledger: LedgerFile = None,
        currency: Codes = None,
        start_seconds: Start = START_SECONDS,
        valid_seconds: Valid = None,
        late_seconds: Late = LATE_SECONDS,
        whole_window: WholeWindow = False,
        problems: Problems = False,
        fault: FaultNames = None,
        port: Port = 0,
        speed: Speed = 1.0,
        with_parent: WithParent = False,
    ) -> None:
        paying = Customer(habit=customer, seconds=customer_seconds, percent=customer_percent)
        fitting = Fitting(
            serial=serial,
            api_key=api_key,
            merchant=merchant,
            reader=reader,
            customer=paying,
            ledger=ledger,
            currencies=_known(currency or ["EUR"]),
            start_seconds=start_seconds,
            valid_seconds=valid_seconds,
            late_seconds=late_seconds,
            whole_window=whole_window,
            problems=problems,
        )
        account = _account(fitting)
        put_in(account, fault or [])
        start(account, port=port, speed=speed, with_parent=with_parent)

    run.__doc__ = (
        "Run SumUp's servers with one reader. A fault NAME:1 happens once. "
        "Example: releve sim sumup --customer refuses --ledger paid.jsonl."
    )
    return run


def put_in(account: Account, faults: list[str]) -> None:
    """Put in faults as NAME or NAME:TIMES; raises BadParameter."""
    for words in faults:
        name, colon, times = words.partition(":")
        if colon and (not times.isdecimal() or not int(times)):
            message = f"{words}: write how often after the colon, as {name}:1"
            raise typer.BadParameter(message, param_hint="--fault")
        try:
            account.troubles.switch(name, on=True, times=int(times) if colon else None)
        except ControlError as error:
            known = ", ".join(sorted(error.allowed))
            raise typer.BadParameter(f"sumup knows {known}", param_hint="--fault") from error


def _account(fitting: Fitting) -> Account:
    try:
        return Account(fitting)
    except LedgerError as error:
        raise typer.BadParameter(str(error), param_hint="--ledger") from error


def _known(currencies: list[str]) -> frozenset[str]:
    for each in currencies:
        if each not in CURRENCIES:
            known = ", ".join(sorted(CURRENCIES))
            raise typer.BadParameter(f"{each!r} is none of {known}", param_hint="--currency")
    return frozenset(currencies)
