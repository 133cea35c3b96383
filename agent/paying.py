"""The payment terminals, as the settings say, and what takes payments at them."""

import re
import secrets
from collections.abc import Callable, Mapping
from functools import partial
from importlib.util import find_spec

from agent.adapters.payment_line import StreamLine
from agent.adapters.serial_line import SerialLine
from agent.adapters.store.payments import SqlitePayments
from agent.adapters.sumup_line import SumupLine
from agent.settings import PaymentTerminal, Settings, SettingsError
from agent.usecases.drafting import Drafter
from agent.usecases.payments.taking import Books, Payments
from agent.usecases.payments.terminals import Terminal, Terminals
from agent.usecases.payments.till import Around, Till
from agent.usecases.work import Work
from drivers.kit.description import LineSettings, Parity
from drivers.payment.kinds import (
    KINDS,
    STREAMS,
    SUMUP,
    ProfileError,
    StreamKind,
    TerminalKind,
    profile_of,
)
from drivers.payment.profile import SumupProfile

_PARITIES: Mapping[str, Parity] = {"N": "none", "E": "even", "O": "odd"}
_READER = re.compile(r"[A-Za-z0-9_-]{1,64}")
_SAFE = re.compile(r"https://|http://(127\.0\.0\.1|localhost|\[::1\])[:/]")
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
    if kind is SUMUP:
        return _reader(said, where)
    return _on_stream(said, STREAMS[kind.slug], where)


def _on_stream(said: PaymentTerminal, kind: StreamKind, where: str) -> Terminal:
    on_line = _DEVICE.fullmatch(said.at) is not None
    if said.line is not None and not on_line:
        raise SettingsError(f"{where}.line: it is reached over the network: leave it out")
    options = _options(said, kind, where)
    try:
        speaking = kind.speak(options, on_line)
    except ProfileError as error:
        raise _wrong(error, kind, where) from error
    address = said.at if on_line else _on_network(said.at, kind, where)
    settings = kind.line if said.line is None else _line(said.line)
    line = StreamLine(speaking, partial(SerialLine, address, settings))
    return Terminal(
        name=said.name,
        kind=kind,
        address=address,
        line=line,
        partial=speaking.partial,
        totals=line.totals,
    )


def _reader(said: PaymentTerminal, where: str) -> Terminal:
    """Return a reader that is asked through SumUp's servers; ``at`` is its id there."""
    if find_spec("sumup") is None:
        raise SettingsError(f"{where}.kind: first install it: pip install 'releve[sumup]'")
    if said.line is not None:
        raise SettingsError(f"{where}.line: it is reached over the network: leave it out")
    if _READER.fullmatch(said.at) is None:
        raise SettingsError(f"{where}.at: the id of the reader at SumUp: letters, digits, - and _")
    try:
        profile = profile_of(SumupProfile, _options(said, SUMUP, where))
    except ProfileError as error:
        raise _wrong(error, SUMUP, where) from error
    if _SAFE.match(profile.url) is None:
        raise SettingsError(f"{where}.options.url: it must begin with https://")
    return Terminal(
        name=said.name,
        kind=SUMUP,
        address=said.at,
        line=SumupLine(profile, said.at),
        partial=False,
    )


def _options(said: PaymentTerminal, kind: TerminalKind, where: str) -> dict[str, str | bool]:
    """Return the options, secrets among them; raises SettingsError where they are mixed up."""
    for each in sorted(said.options.keys() & kind.secrets):
        raise SettingsError(f"{where}.options.{each}: it is a secret: put it under secrets")
    for each in sorted(said.secrets.keys() - kind.secrets):
        known = ", ".join(sorted(kind.secrets)) or "none"
        raise SettingsError(f"{where}.secrets.{each}: secrets of this kind are {known}")
    secrets = {name: each.get_secret_value() for name, each in said.secrets.items()}
    return {**said.options, **secrets}


def _wrong(error: ProfileError, kind: TerminalKind, where: str) -> SettingsError:
    group = "secrets" if error.option in kind.secrets else "options"
    return SettingsError(f"{where}.{group}.{error.option}: {error}")


def _on_network(at: str, kind: StreamKind, where: str) -> str:
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
    terminals: Terminals,
    store: SqlitePayments,
    work: Work,
    drafter: Drafter,
    around: Around,
    *,
    new_id: Callable[[], str] | None = None,
) -> Payments:
    """Return what takes payments at these terminals."""
    till = Till(store, terminals, drafter, around)
    books = Books(
        journal=store, orphans=store, rights=store, terminals=terminals, clock=around.clock
    )
    return Payments(till, books, work, new_id or _new_id)


def _new_id() -> str:
    """Return ten letters and digits, none of which is taken for another."""
    return "".join(secrets.choice("0123456789ABCDEFGHJKMNPQRSTVWXYZ") for _ in range(10))
