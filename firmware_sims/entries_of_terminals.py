"""Our simulators of card payment terminals."""

from random import Random

from firmware_sims.payment.caisse_ap import CaisseApOnALine, CaisseApTerminal, Style
from firmware_sims.payment.concert_v2 import BareConcertTerminal, ConcertTerminal, Dialect
from firmware_sims.payment.entry import TerminalEntry
from firmware_sims.payment.fitting import Fitting
from firmware_sims.payment.zvt.paying import USUAL_PASSWORD, USUAL_TERMINAL
from firmware_sims.payment.zvt.paying import Style as ZvtStyle
from firmware_sims.payment.zvt.terminal import ZvtOnALine, ZvtTerminal


def concert(
    serial: str,
    chance: Random,
    *,
    link: str = "pty",
    fitting: Fitting | None = None,
    protocol: Dialect = Dialect.E_PLUS,
    no_handshake: bool = False,
) -> ConcertTerminal:
    """Fit out a terminal that speaks the same over any link."""
    del link
    kind = BareConcertTerminal if no_handshake else ConcertTerminal
    return kind(serial, chance, fitting, protocol=protocol)


def caisse_ap(
    serial: str,
    chance: Random,
    *,
    link: str = "tcp",
    fitting: Fitting | None = None,
    knows_status: bool = False,
    knows_duplicate: bool = False,
    no_cf_echo: bool = False,
    taken_on_first: bool = False,
) -> CaisseApTerminal:
    """Fit out a terminal on a network or on a line."""
    style = Style(
        knows_status=knows_status,
        knows_duplicate=knows_duplicate,
        gives_reference_back=not no_cf_echo,
        taken_on_first=taken_on_first,
    )
    kind = CaisseApTerminal if link == "tcp" else CaisseApOnALine
    return kind(serial, chance, fitting, style)


def zvt(
    serial: str,
    chance: Random,
    *,
    link: str = "tcp",
    fitting: Fitting | None = None,
    password: str = USUAL_PASSWORD,
    terminal_id: str = USUAL_TERMINAL,
    auto_reversal: bool = False,
    forgets_receipts: bool = False,
) -> ZvtTerminal:
    """Fit out a terminal on a network or on a line."""
    style = ZvtStyle(
        password=password,
        terminal_id=terminal_id,
        auto_reversal=auto_reversal,
        forgets_receipts=forgets_receipts,
    )
    kind = ZvtTerminal if link == "tcp" else ZvtOnALine
    return kind(serial, chance, fitting, style)


TERMINALS: tuple[TerminalEntry, ...] = (
    TerminalEntry(
        slug=ConcertTerminal.slug,
        title="card terminal, Concert V2",
        links=("pty", "tcp"),
        serial="7001",
        make=lambda _, serial, chance: concert(serial, chance),
        fit=concert,
        options=frozenset(("protocol", "no_handshake")),
    ),
    TerminalEntry(
        slug=CaisseApTerminal.slug,
        title="card terminal, Caisse-AP",
        links=("tcp", "pty"),
        serial="7002",
        make=lambda _, serial, chance: caisse_ap(serial, chance),
        fit=caisse_ap,
        options=frozenset(("knows_status", "knows_duplicate", "no_cf_echo", "taken_on_first")),
    ),
    TerminalEntry(
        slug=ZvtTerminal.slug,
        title="card terminal, ZVT",
        links=("tcp", "pty"),
        serial="7003",
        make=lambda _, serial, chance: zvt(serial, chance),
        fit=zvt,
        options=frozenset(("password", "terminal_id", "auto_reversal", "forgets_receipts")),
        without=frozenset(("till",)),
    ),
)
