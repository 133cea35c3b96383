"""The payment terminals, as the settings say, and what takes payments at them."""

import re
import secrets
from collections.abc import Mapping
from functools import partial

from agent.adapters.payment_line import StreamLine
from agent.adapters.serial_line import SerialLine
from agent.adapters.store.payments import SqlitePayments
from agent.settings import PaymentTerminal, Settings, SettingsError
from agent.usecases.drafting import Drafter
from agent.usecases.payments.taking import Books, Payments
from agent.usecases.payments.terminals import Terminal, Terminals
from agent.usecases.payments.till import Around, Till
from agent.usecases.work import Work
from drivers.kit.description import LineSettings, Parity
from drivers.payment.kinds import KINDS, ProfileError, Speaking, TerminalKind

_PARITIES: Mapping[str, Parity] = {"N": "none", "E": "even", "O": "odd"}
_DEVICE = re.compile(r".*/.*|COM\d+", re.IGNORECASE)


def terminals(settings: Settings) -> dict[str, Terminal]:
    """Return the terminals by name; raises SettingsError that names the setting."""
    found: dict[str, Terminal] = {}
    places: set[str] = set()
    for number, each in enumerate(settings.terminals):
        where = f"terminals.{number}"
        if each.name in found:
            raise SettingsError(f"{where}.name: another terminal is called so: choose another one")
        terminal = _terminal(each, where)
        if terminal.address in places:
            raise SettingsError(f"{where}.at: another terminal is there: correct one of them")
        places.add(terminal.address)
        found[each.name] = terminal
    return found


def _terminal(said: PaymentTerminal, where: str) -> Terminal:
    kind = KINDS.get(said.kind)
    if kind is None:
        known = ", ".join(sorted(KINDS))
        raise SettingsError(
            f"{where}.kind: {said.kind!r} is no kind of terminal; known are {known}"
        )
    on_line = _DEVICE.fullmatch(said.at) is not None
    if said.line is not None and not on_line:
        raise SettingsError(f"{where}.line: it is reached over the network: leave it out")
    speaking = _speaking(said, kind, where, on_line=on_line)
    address = said.at if on_line else _on_network(said.at, kind, where)
    line = kind.line if said.line is None else _line(said.line)
    connect = partial(SerialLine, address, line)
    return Terminal(
        name=said.name,
        kind=kind,
        address=address,
        line=StreamLine(speaking, connect),
        partial=speaking.partial,
    )


def _speaking(said: PaymentTerminal, kind: TerminalKind, where: str, *, on_line: bool) -> Speaking:
    for each in sorted(said.options.keys() & kind.secrets):
        raise SettingsError(f"{where}.options.{each}: it is a secret: put it under secrets")
    for each in sorted(said.secrets.keys() - kind.secrets):
        known = ", ".join(sorted(kind.secrets)) or "none"
        raise SettingsError(f"{where}.secrets.{each}: secrets of this kind are {known}")
    secrets = {name: each.get_secret_value() for name, each in said.secrets.items()}
    try:
        return kind.speak({**said.options, **secrets}, on_line)
    except ProfileError as error:
        group = "secrets" if error.option in kind.secrets else "options"
        raise SettingsError(f"{where}.{group}.{error.option}: {error}") from error


def _on_network(at: str, kind: TerminalKind, where: str) -> str:
    host, mark, port = at.partition(":")
    if mark and not (port.isascii() and port.isdecimal() and 0 < int(port) < 2**16):
        raise SettingsError(f"{where}.at: the port must be a number from 1 to 65535")
    if not mark and not kind.port:
        raise SettingsError(f"{where}.at: say its port too, as in {host}:8888")
    return at if mark else f"{host}:{kind.port}"


def _line(text: str) -> LineSettings:
    rate, bits = text.split()
    return LineSettings(
        baud_rate=int(rate),
        data_bits=7 if bits[0] == "7" else 8,
        parity=_PARITIES[bits[1]],
        stop_bits=2 if bits[2] == "2" else 1,
    )


def payments(
    terminals: Terminals, store: SqlitePayments, work: Work, drafter: Drafter, around: Around
) -> Payments:
    """Return what takes payments at these terminals."""
    till = Till(store, terminals, drafter, around)
    books = Books(
        journal=store, orphans=store, rights=store, terminals=terminals, clock=around.clock
    )
    return Payments(till, books, work, _new_id)


def _new_id() -> str:
    """Return ten letters and digits, none of which is taken for another."""
    return "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(10))
