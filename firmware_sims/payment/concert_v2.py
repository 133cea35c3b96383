"""A terminal that speaks Concert V2, written from docs/protocols/concert-v2.md alone."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.concert_line import Line
from firmware_sims.payment.fitting import Fitting
from firmware_sims.payment.order import Kind, Order, Outcome, Result
from firmware_sims.payment.terminal import (
    FAULTS_OF_EVERY_TERMINAL,
    FAULTS_OF_THE_WAY,
    Terminal,
)

KINDS = {"0": Kind.DEBIT, "1": Kind.CREDIT, "2": Kind.CANCELLATION}
MODES = frozenset("1C235689AOUF0")
DONE, NOT_DONE, TAKEN_ON = "0", "7", "9"
SHORT, LONG = "0", "1"
"""§5: IND. What a REP of IND 2 holds is not described."""
REP_LENGTH = 55
PRIV_LENGTH = 10
AT_THE_END, AT_ONCE = "A010", "A011"
WHO_AUTHORISES = frozenset(("B010", "B011", "B012"))
OF_A_DIALOGUE = frozenset(
    (Fault.ACKNOWLEDGEMENT_LOST, Fault.REQUEST_NOT_ACKNOWLEDGED, Fault.REQUEST_REFUSED)
)


class Dialect(StrEnum):
    """How long a request is."""

    E = "e"
    E_PLUS = "e+"


SIZES = {Dialect.E: 26, Dialect.E_PLUS: 34}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as its characters stand."""

    text: str

    def part(self, at: int, length: int) -> str:
        return self.text[at : at + length]

    @property
    def till(self) -> str:
        return self.part(0, 2)

    @property
    def amount(self) -> str:
        return self.part(2, 8)

    @property
    def mode(self) -> str:
        return self.part(11, 1)

    @property
    def currency(self) -> str:
        return self.part(13, 3)

    @property
    def reference(self) -> str:
        return self.part(16, PRIV_LENGTH).rstrip()

    @property
    def long(self) -> bool:
        return self.part(10, 1) == LONG

    @property
    def at_once(self) -> bool:
        return self.part(26, 4) == AT_ONCE

    @property
    def order(self) -> Order | None:
        """What is ordered; None where the page knows no such order."""
        kind = KINDS.get(self.part(12, 1))
        known = self.part(10, 1) in {SHORT, LONG} and self.mode in MODES
        if len(self.text) == SIZES[Dialect.E_PLUS]:
            known &= self.part(26, 4) in {AT_THE_END, AT_ONCE}
            known &= self.part(30, 4) in WHO_AUTHORISES
        if kind is None or not known or not self.amount.isdecimal() or not int(self.amount):
            return None
        return Order(
            reference=self.reference, kind=kind, amount=int(self.amount), currency=self.currency
        )


class ConcertTerminal(Terminal):
    """One that waits for the single bytes of the dialogue."""

    slug = "concert-v2"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (
            *FAULTS_OF_THE_WAY,
            *FAULTS_OF_EVERY_TERMINAL,
            *OF_A_DIALOGUE,
            Fault.BUSY,
            Fault.WRONG_CHECK,
        )
    )
    counted_faults: ClassVar[frozenset[Fault]] = known_faults - FAULTS_OF_THE_WAY
    handshake: ClassVar[bool] = True

    def __init__(
        self,
        serial: str,
        chance: Random,
        fitting: Fitting | None = None,
        *,
        protocol: Dialect = Dialect.E_PLUS,
    ) -> None:
        super().__init__(serial, chance, fitting or Fitting())
        self.size = SIZES[protocol]
        self.line = Line(self, counted=self._counted, begun=self._begun, handshake=self.handshake)

    def listen(self, data: bytes) -> None:
        self.line.heard(data)

    def process(self, dt: float, now: datetime) -> None:
        super().process(dt, now)
        self.line.process()

    def plugged_in(self) -> None:
        super().plugged_in()
        self.line.plugged_in()

    def forgotten(self) -> None:
        self.line.forget()

    def _counted(self, body: bytes) -> bool:
        if len(body) != self.size or not body.isascii():
            return False
        self.requests[Asked(body.decode()).reference] += 1
        return True

    def _begun(self, body: bytes) -> None:
        asked = Asked(body.decode())
        order = asked.order
        if order is None or self.occupied or not self._serves(asked):
            self.line.offer(answered(asked, NOT_DONE, asked.amount, self.fitting.card))
        elif asked.at_once:
            self.take(order, None)
            self.line.offer(answered(asked, TAKEN_ON, asked.amount, self.fitting.card))
        else:
            self.take(order, lambda outcome: self._tell(asked, outcome))

    def _serves(self, asked: Asked) -> bool:
        known = asked.currency in self.fitting.currencies
        return known and asked.till.isdecimal() and self.fitting.knows_till(asked.till)

    def _tell(self, asked: Asked, outcome: Outcome) -> None:
        done = outcome.result is Result.AUTHORISED
        amount = outcome.amount if done else outcome.order.amount
        order = outcome.order
        echo = Asked(
            asked.text[:13]
            + order.currency
            + order.reference.ljust(PRIV_LENGTH)[:PRIV_LENGTH]
            + asked.text[26:]
        )
        status = DONE if done else NOT_DONE
        body = answered(echo, status, str(amount).zfill(8), self.fitting.card)
        self.line.offer(body, kept=outcome.kept)


class BareConcertTerminal(ConcertTerminal):
    """One that says and hears nothing but frames."""

    known_faults = ConcertTerminal.known_faults - OF_A_DIALOGUE
    counted_faults = ConcertTerminal.counted_faults - OF_A_DIALOGUE - {Fault.BUSY}
    handshake = False

    @property
    def refuses_connections(self) -> bool:
        return super().refuses_connections or Fault.BUSY in self.faults

    def listen(self, data: bytes) -> None:
        if Fault.BUSY not in self.faults:
            super().listen(data)


def answered(asked: Asked, status: str, amount: str, card: str) -> bytes:
    """§6: return the body of an answer."""
    rep = card[:REP_LENGTH].ljust(REP_LENGTH) if asked.long else ""
    priv = asked.part(16, PRIV_LENGTH)
    return f"{asked.till}{status}{amount}{asked.mode}{rep}{asked.currency}{priv}".encode()
