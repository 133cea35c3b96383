"""What a terminal states in a status information.

Facts and their sources: docs/protocols/zvt.md, §3 and §6.
"""

from dataclasses import replace

from contract.payment.currency import of_number
from contract.payment.money import Money
from contract.payment.stated import Card, Stated, Verdict, Why
from contract.payment.totals import GroupTotal, Totals
from drivers.kit.errors import FrameError
from drivers.payment.zvt import results
from drivers.payment.zvt.fields import Fields

NO_RECEIPT = "none"
"""Mark of a terminal that has nothing to repeat."""
GROUPS = ("girocard", "JCB", "Eurocard", "American Express", "Visa", "Diners", "others")
_GROUP = 7


def stated(fields: Fields) -> Stated:
    """Return what a status information says of a payment; raises FrameError when it says no result."""
    result = fields.values.get(0x27)
    if result is None:
        raise FrameError("a status information without a result")
    if result[0] != results.DONE:
        said = results.not_done(result[0])
    else:
        said = Stated(verdict=Verdict.APPROVED, why=Why.AUTHORISED, code="00")
    return replace(
        said,
        money=_money(fields),
        authorisation=fields.text(0x3B),
        receipt=fields.bcd(0x87),
        trace=fields.bcd(0x0B),
        terminal_id=fields.bcd(0x29),
        at=_at(fields),
        card=Card(last_four=fields.last_four, application=fields.text(0x8B)),
    )


def mark(fields: Fields | None) -> str:
    """Return what makes the latest transaction of a terminal that one, and no other."""
    if fields is None or fields.values.get(0x87) is None:
        return NO_RECEIPT
    parts = (0x87, 0x0B, 0x29, 0x0D, 0x0C)
    return "/".join(fields.values.get(each, b"").hex() for each in parts)


def same_terminal(one: str, other: str) -> bool:
    """Whether two marks are of one terminal, as far as both say."""
    first, second = (each.split("/")[2:3] for each in (one, other))
    return not first or not second or first == second


def undoes(fields: Fields) -> bool:
    """Whether it is of a transaction that takes another one back."""
    return 0x37 in fields.values


def totals(fields: Fields, currency: str) -> Totals | None:
    """Return the totals, None where there are none; raises FrameError when they are cut off."""
    value = fields.values.get(0x60)
    if value is None:
        return None
    size = 4 + _GROUP * len(GROUPS)
    digits = value[:4].hex()
    if len(value) < size or not digits.isdecimal():
        raise FrameError("totals that are none")
    return Totals(
        digits[:4],
        digits[4:],
        currency,
        tuple(
            _group(name, value[at : at + _GROUP])
            for name, at in zip(GROUPS, range(4, size, _GROUP), strict=True)
        ),
    )


def _group(name: str, value: bytes) -> GroupTotal:
    digits = value[1:].hex()
    if not digits.isdecimal():
        raise FrameError("totals that are none")
    return GroupTotal(name, value[0], int(digits))


def _money(fields: Fields) -> Money | None:
    amount, number = fields.bcd(0x04), fields.bcd(0x49)
    if amount is None or number is None:
        return None
    digits = number[1:]
    return Money(int(amount), of_number(digits) or digits)


def _at(fields: Fields) -> str | None:
    date, time = fields.bcd(0x0D), fields.bcd(0x0C)
    if date is None or time is None:
        return None
    return f"{date[:2]}-{date[2:]} {time[:2]}:{time[2:4]}:{time[4:]}"
