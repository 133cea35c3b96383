"""What a terminal says by a code.

Facts and their sources: docs/protocols/zvt.md, §7.
"""

from collections.abc import Mapping

from contract.payment.stated import Stated, Verdict, Why
from drivers.payment.dialogue import Showing

DONE = 0x00
READY = 0x00
_HOST = range(0x01, 0x64)
_REASONS: Mapping[int, tuple[Verdict, Why]] = {
    **dict.fromkeys(_HOST, (Verdict.DECLINED, Why.REFUSED)),
    0x6C: (Verdict.CANCELLED, Why.STOPPED),
    0x6F: (Verdict.DECLINED, Why.CURRENCY),
    0x78: (Verdict.DECLINED, Why.REFUSED),
    0x83: (Verdict.DECLINED, Why.NOT_UNDERSTOOD),
    0x9A: (Verdict.DECLINED, Why.NOT_UNDERSTOOD),
    0x9C: (Verdict.DECLINED, Why.BUSY),
    0xB4: (Verdict.DECLINED, Why.ALREADY_REVERSED),
    0xB5: (Verdict.DECLINED, Why.NOT_REVERSIBLE),
    0xC3: (Verdict.DECLINED, Why.AMOUNT),
    0xC8: (Verdict.DECLINED, Why.AMOUNT),
    **dict.fromkeys(
        (0x6B, 0x85, 0xA0, 0xB1, 0xB2, 0xC2, 0xCC, 0xDC, 0xF0), (Verdict.DECLINED, Why.NOT_READY)
    ),
}
_PLAIN = frozenset(
    {*_HOST, 0x6B, 0x6C, 0x6F, 0x78, 0x83, 0x9A, 0x9C, 0xB4, 0xB5, 0xC3, 0xC8, 0xDC}
)
"""Reasons after which nobody needs to look at the terminal."""
_SHOWN: Mapping[int, Showing] = {
    0x04: Showing.HOST,
    0x05: Showing.REVERSING,
    0x0A: Showing.INSERT,
    0x0E: Showing.WAIT,
    0x17: Showing.WAIT,
    0x1D: Showing.DECLINED,
    0xD2: Showing.DIALLING,
    0xD3: Showing.DIALLING,
}


def not_done(code: int) -> Stated:
    """Return what a terminal states with a result other than ``DONE``."""
    verdict, why = _REASONS.get(code, (Verdict.DECLINED, Why.UNSTATED))
    return Stated(verdict=verdict, why=why, code=f"{code:02X}", look=code not in _PLAIN)


def shown(code: int) -> Showing | None:
    """Return what happens at the terminal, None for a code that says nothing here."""
    return Showing.TAKE_CARD if 0x40 <= code <= 0x4F else _SHOWN.get(code)
