"""A till that speaks Caisse-AP.

Facts and their sources: docs/protocols/caisse-ap.md, §4 to §6.
"""

from collections.abc import Mapping
from dataclasses import replace

from contract.payment.currency import number_of, of_number
from contract.payment.fitting import misfit
from contract.payment.money import Money
from contract.payment.stated import Card, Doubt, Entry, Operation, Stated, Verdict, Why
from drivers.payment.caisse_ap.fields import Message, decode, encode
from drivers.payment.caisse_ap.stream import Stream
from drivers.payment.carriers import Handshake
from drivers.payment.dialogue import Asked, PaymentDialogue
from drivers.payment.exchange import Exchange, Job, PutOff, Understood
from drivers.payment.profile import CaisseApProfile

DONE, NOT_DONE, TAKEN_ON = "10", "01", "11"
STATE = "T"
_ACTIONS = {Operation.CHARGE: "0", Operation.REFUND: "1", Operation.REVERSAL: "2"}
_ENTRIES = {
    "1": Entry.CONTACT,
    "2": Entry.CONTACTLESS,
    "3": Entry.STRIPE,
    "4": Entry.KEYED,
}
_APPLICATIONS: Mapping[str, str] = {
    "001": "CB",
    "00B": "CB",
    "002": "American Express",
    "00D": "American Express",
    "00C": "cheque",
    "003": "CB Enseigne",
    "004": "Cetelem",
    "005": "Cofinoga",
    "006": "Diners",
    "007": "Pass",
    "008": "Franfinance",
    "009": "JCB",
    "00A": "Banque Accord",
    "00E": "Conecs",
    "10E": "Conecs",
    "00S": "Sofinco",
    "00U": "UPI",
}
_DONE_FOR = frozenset({None, "00", "01"})
_REASONS: Mapping[str, tuple[Verdict, Why]] = {
    "02": (Verdict.DECLINED, Why.CALL),
    "04": (Verdict.DECLINED, Why.REFUSED),
    "05": (Verdict.DECLINED, Why.FORBIDDEN),
    "06": (Verdict.CANCELLED, Why.ABANDONED),
    "07": (Verdict.DECLINED, Why.NOT_COMPLETED),
    "08": (Verdict.CANCELLED, Why.TIMED_OUT),
    "09": (Verdict.DECLINED, Why.NOT_UNDERSTOOD),
    "10": (Verdict.DECLINED, Why.NOT_UNDERSTOOD),
    "11": (Verdict.CANCELLED, Why.STOPPED),
    "12": (Verdict.DECLINED, Why.NOT_UNDERSTOOD),
    "13": (Verdict.DECLINED, Why.CURRENCY),
}
_PLAIN = frozenset({"04", "05", "06", "08", "09", "10", "11", "12", "13"})
"""Reasons after which nobody needs to look at the terminal."""
_SETTLE_LATER = frozenset({"04", "05", "06", "08", "11"})
"""Reasons that are of a payment, and not of the question after it."""


def operation(profile: CaisseApProfile, asked: Asked, *, framed: bool) -> PaymentDialogue:
    """Return the conversation that has ``asked`` done, once; ``framed``: on a serial line."""
    request = encode(_request(profile, asked))
    return Exchange(
        Job.OPERATION, request, _Reading(profile, asked), _carrier(profile, framed=framed)
    )


def question(profile: CaisseApProfile, asked: Asked, *, framed: bool) -> PaymentDialogue:
    """Return the conversation that asks what became of ``asked``; for terminals that know."""
    said = (*_head(profile), ("CD", STATE), ("CF", asked.reference))
    return Exchange(
        Job.QUESTION, encode(said), _Later(profile, asked), _carrier(profile, framed=framed)
    )


def listening(profile: CaisseApProfile, asked: Asked, *, framed: bool) -> PaymentDialogue:
    """Return the conversation that hears whether an answer to ``asked`` is still to come."""
    return Exchange(Job.LISTENING, b"", _Reading(profile, asked), _carrier(profile, framed=framed))


def _carrier(profile: CaisseApProfile, *, framed: bool) -> Handshake | Stream:
    return Handshake() if framed else Stream(line_end=profile.line_end)


def _head(profile: CaisseApProfile) -> tuple[tuple[str, str], ...]:
    return (("CZ", profile.version), ("CJ", profile.maker), ("CA", profile.till))


def _request(profile: CaisseApProfile, asked: Asked) -> tuple[tuple[str, str], ...]:
    # Two digits at least: a single one breaks the rule.
    return (
        *_head(profile),
        ("CE", number_of(asked.money.currency)),
        ("BA", "0"),
        ("CD", _ACTIONS[asked.operation]),
        ("CB", f"{asked.money.minor_units:02}"),
        ("CF", asked.reference),
        ("BF", "1" if profile.partial else ""),
        ("CK", "100" if profile.ticket else ""),
    )


class _Reading:
    """What a message says about one operation."""

    def __init__(self, profile: CaisseApProfile, asked: Asked) -> None:
        self._profile = profile
        self._asked = asked

    @property
    def stray(self) -> bool:
        return self._asked.stray

    def understand(self, body: bytes) -> Understood:
        message = decode(body)
        if message.get("AE") == TAKEN_ON:
            return PutOff()
        if self._of_another(message):
            return Doubt.OTHER_OPERATION
        reason = message.get("AF")
        match message.get("AE"):
            case "10" if reason in _DONE_FOR:
                return _stated(message, Verdict.APPROVED, Why.AUTHORISED)
            case "01":
                verdict, why = _REASONS.get(reason or "", (Verdict.DECLINED, Why.UNSTATED))
                return replace(_stated(message, verdict, why), look=reason not in _PLAIN)
            case "10":
                return Doubt.CONTRADICTION
            case _:
                return Doubt.UNEXPLAINED

    def misfit(self, stated: Stated) -> Doubt | None:
        echoed = stated.reference is not None or not self._profile.echoes
        if not echoed and stated.verdict is Verdict.APPROVED:
            return Doubt.OTHER_REFERENCE
        asked = self._asked
        return misfit(stated, asked.money, asked.reference, partial=self._profile.partial)

    def _of_another(self, message: Message) -> bool:
        """Tell whether it is for another till, or about another action; what it leaves out is as it was asked."""
        action = message.get("CD")
        till = message.get("CA")
        return action not in {None, _ACTIONS[self._asked.operation]} or (
            till is not None and int_or(till) != int_or(self._profile.till)
        )


class _Later(_Reading):
    """What a message says when it is asked what became of an operation.

    What it means is published in part only. An end is believed when the answer states what the question did not:
    the amount, the currency, and for a payment that was made its authorisation.
    """

    def understand(self, body: bytes) -> Understood:
        message = decode(body)
        reason = message.get("AF")
        knows = None not in (message.get("CB"), message.get("CE"), message.get("CF"))
        if not knows:
            return Doubt.NOT_THERE
        if message.get("AE") == DONE and reason in _DONE_FOR and message.get("AC"):
            return _stated(message, Verdict.APPROVED, Why.AUTHORISED)
        if message.get("AE") == NOT_DONE and reason in _SETTLE_LATER:
            return _stated(message, *_REASONS[reason])
        return Doubt.NOT_THERE


def int_or(digits: str) -> int | str:
    """Return a number as one, so that leading zeros say nothing; what is none stays as it is."""
    return int(digits) if digits.isascii() and digits.isdigit() else digits


def _stated(message: Message, verdict: Verdict, why: Why) -> Stated:
    amount, number = message.get("CB"), message.get("CE")
    money = None
    if amount is not None and number is not None:
        money = Money(int(amount), of_number(number) or number)
    return Stated(
        verdict=verdict,
        why=why,
        code=message.get("AF") or message.get("AE") or "",
        money=money,
        reference=message.get("CF"),
        authorisation=message.get("AC"),
        terminal_id=message.get("CG"),
        card=Card(
            last_four=message.last_four,
            application=_APPLICATIONS.get(message.get("CC") or ""),
            entry=_ENTRIES.get(message.get("CI") or ""),
        ),
        ticket=message.ticket,
    )
