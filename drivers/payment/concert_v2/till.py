"""A till that speaks Concert V2."""

from contract.payment.currency import number_of, of_number
from contract.payment.fitting import misfit
from contract.payment.money import Money
from contract.payment.stated import Card, Doubt, Operation, Stated, Verdict, Why
from contract.words import Words
from drivers.payment.carriers import BareFrames, Handshake
from drivers.payment.concert_v2 import bodies
from drivers.payment.dialogue import Asked, CannotAskError, PaymentDialogue
from drivers.payment.exchange import Exchange, Job, PutOff, Understood
from drivers.payment.profile import ConcertProfile

_TYPES = {Operation.CHARGE: "0", Operation.REFUND: "1", Operation.REVERSAL: "2"}
_VERDICTS = {
    "0": (Verdict.APPROVED, Why.AUTHORISED),
    "7": (Verdict.DECLINED, Why.NOT_COMPLETED),
}
TAKEN_ON = "9"


def operation(profile: ConcertProfile, asked: Asked) -> PaymentDialogue:
    """Return the conversation that has ``asked`` done, once; raises CannotAskError."""
    request = _request(profile, asked).encode()
    return Exchange(Job.OPERATION, request, _Reading(profile, asked), _carrier(profile))


def listening(profile: ConcertProfile, asked: Asked) -> PaymentDialogue:
    """Return the conversation that hears whether an answer to ``asked`` is still to come."""
    return Exchange(Job.LISTENING, b"", _Reading(profile, asked), _carrier(profile))


def _request(profile: ConcertProfile, asked: Asked) -> bodies.Request:
    if asked.money.minor_units > bodies.MOST:
        raise CannotAskError(Words("the protocol has room for 8 digits: take several payments"))
    return bodies.Request(
        till=profile.till,
        minor_units=asked.money.minor_units,
        type=_TYPES[asked.operation],
        currency=number_of(asked.money.currency),
        private=asked.reference,
        delay="010" if profile.plus else None,
    )


def _carrier(profile: ConcertProfile) -> Handshake | BareFrames:
    return Handshake() if profile.handshake else BareFrames()


class _Reading:
    """What a body says about one operation."""

    def __init__(self, profile: ConcertProfile, asked: Asked) -> None:
        self._profile = profile
        self._asked = asked

    @property
    def stray(self) -> bool:
        return self._asked.stray

    def understand(self, body: bytes) -> Understood:
        answer = bodies.answer(body)
        if answer.status == TAKEN_ON:
            return PutOff()
        if answer.till != self._profile.till:
            return Doubt.OTHER_OPERATION
        # Lists of other digits contradict each other.
        if answer.status not in _VERDICTS:
            return Doubt.UNEXPLAINED
        verdict, why = _VERDICTS[answer.status]
        currency = of_number(answer.currency)
        return Stated(
            verdict=verdict,
            why=why,
            code=answer.status,
            money=Money(answer.minor_units, currency or answer.currency),
            reference=answer.private.strip() or None,
            card=Card(last_four=answer.last_four),
        )

    def misfit(self, stated: Stated) -> Doubt | None:
        echoed = stated.reference is not None or not self._profile.echoes
        if not echoed and stated.verdict is Verdict.APPROVED:
            return Doubt.OTHER_REFERENCE
        return misfit(stated, self._asked.money, self._asked.reference)
