"""A visit of the customer at a terminal of ZVT, and how its result is told; docs/protocols/zvt.md, §5 and §6."""

from abc import abstractmethod
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.fitting import Fitting
from firmware_sims.payment.ledger import Authorisation
from firmware_sims.payment.order import Kind, Order, Outcome, Result
from firmware_sims.payment.terminal import (
    FAULTS_OF_EVERY_TERMINAL,
    FAULTS_OF_THE_WAY,
    Terminal,
    Visit,
)
from firmware_sims.payment.zvt import told
from firmware_sims.payment.zvt.apdu import Apdu
from firmware_sims.payment.zvt.asked import NOTHING, Config
from firmware_sims.payment.zvt.carriers import Carrier, Ear, Line, Stream
from firmware_sims.payment.zvt.dialogue import Dialogue, Said
from firmware_sims.payment.zvt.fields import Bmp, bcd
from firmware_sims.payment.zvt.journal import receipt

USUAL_TERMINAL, USUAL_PASSWORD = "52523535", "123456"
STOPPED, FAULTY = 0x6C, 0x66
RESULTS = {Result.DECLINED: 5, Result.WRONG_PIN: 75}
"""Codes of the host: ours."""
INSERT_CARD, WAITS, REVERSES = 0x0A, 0x0E, 0x05
WORD_SECONDS = 5.0
"""How long after one intermediate status the next is sent: ours."""
MINUTES = 3
PRINTS = Config.TILL_PRINTS | Config.PRINT_LINES
KNOWN = frozenset(
    (
        *FAULTS_OF_THE_WAY,
        *FAULTS_OF_EVERY_TERMINAL,
        Fault.ACKNOWLEDGEMENT_LOST,
        Fault.REQUEST_NOT_ACKNOWLEDGED,
        Fault.REQUEST_REFUSED,
        Fault.BUSY,
        Fault.CONTRADICTION,
        Fault.WRONG_TERMINAL,
        Fault.COMPLETION_LOST,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What differs from terminal to terminal."""

    password: str = USUAL_PASSWORD
    terminal_id: str = USUAL_TERMINAL
    auto_reversal: bool = False
    """Whether it takes back by itself what the till did not take note of."""
    forgets_receipts: bool = False


class PayingTerminal(Terminal):
    """The half of it that has the customer pay."""

    usually_on_a_line: ClassVar[bool] = False

    def __init__(self, serial: str, chance: Random, fitting: Fitting, style: Style) -> None:
        super().__init__(serial, chance, fitting)
        self.style = style
        self.registered = False
        self.config = NOTHING
        self.currency = "978" if "978" in fitting.currencies else min(fitting.currencies)
        self.wordless = False
        """Whether nothing is said of the visit before its result."""
        self.begun_with: Apdu | None = None
        ear = Ear(self._heard, self.may_be_wordless)
        self._stream, self._line = Stream(self, ear), Line(self, ear)
        self.dialogue = Dialogue(self._send, lambda: self.elapsed)
        self._untold: Authorisation | None = None
        """What is in the ledger and was not answered by the till."""
        self._late: tuple[float, Outcome] | None = None
        """When an outcome is told, and which."""
        self._next_word = 0.0

    # --- what the other half adds -----------------------------------------------------------------

    @abstractmethod
    def commanded(self, apdu: Apdu, *, wordless: bool) -> None:
        """Do what a till asks."""

    @abstractmethod
    def may_be_wordless(self, apdu: Apdu) -> bool:
        """Whether an APDU is to be taken without a word."""

    # --- the link ---------------------------------------------------------------------------------

    @property
    def on_a_line(self) -> bool:
        return ":" not in self.place if self.place else self.usually_on_a_line

    @property
    def carrier(self) -> Carrier:
        return self._line if self.on_a_line else self._stream

    @property
    def engaged(self) -> bool:
        """Whether a dialogue with the till at the other end has not ended."""
        return self.dialogue.busy or self._late is not None or self._ours() is not None

    @property
    def next_receipt(self) -> str:
        return receipt(len(self.ledger.rows) + 1)

    def listen(self, data: bytes) -> None:
        self.carrier.heard(data)

    def process(self, dt: float, now: datetime) -> None:
        super().process(dt, now)
        if self.out_of_reach:
            return
        self.carrier.process()
        self.dialogue.process(held=self.carrier.pending)
        if self._late is not None and self.elapsed >= self._late[0]:
            _, outcome = self._late
            self._late = None
            self._tell(outcome)
        if self._ours() is not None and self.elapsed >= self._next_word:
            self._say_word(told.intermediate(WAITS, MINUTES))

    def plugged_in(self) -> None:
        super().plugged_in()
        self._broken()

    def unplugged(self) -> None:
        super().unplugged()
        self._broken()

    def forgotten(self) -> None:
        self._broken()

    def _broken(self) -> None:
        """Nobody is there any more who could be told."""
        self.registered = False
        self.begun_with = None
        self._late = None
        self._stream.forget()
        self._line.forget()
        self.dialogue.forget()
        self._give_up()

    def _send(self, apdu: Apdu) -> None:
        self.carrier.send(apdu)

    def _heard(self, apdu: Apdu, wordless: bool) -> None:  # noqa: FBT001 - an ear is called by position
        if apdu.answers:
            self.begun_with = None
            self.dialogue.answer(positive=apdu.agrees)
        else:
            self.commanded(apdu, wordless=wordless)

    # --- a visit ----------------------------------------------------------------------------------

    def _ours(self) -> Visit | None:
        """Return the visit that the till at the other end began."""
        here = self._visit is not None and self._visit.connection == self.connection
        return self._visit if here and self.connected else None

    def _take(self, order: Order) -> None:
        self.take(order, None)
        self._say_word(told.intermediate(INSERT_CARD))

    def leave_visit(self) -> None:
        """Send the customer away; nothing is decided."""
        self._visit = None

    def undoing(self, row: Authorisation) -> Order:
        """Return the order that undoes a row of the ledger."""
        return Order(
            reference=self.next_receipt,
            kind=Kind.CANCELLATION,
            amount=row.amount,
            currency=row.currency,
            undoes=row.number,
        )

    def _say_word(self, apdu: Apdu) -> None:
        self._next_word = self.elapsed + WORD_SECONDS
        said_so = Config.INTERMEDIATE in self.config and not self.wordless
        if said_so and not self.dialogue.busy:
            self.dialogue.say(Said(apdu=apdu, in_passing=True))

    def _decided(self, order: Order) -> Outcome:
        outcome = super()._decided(order)
        if outcome.result is Result.AUTHORISED:
            self._untold = self.ledger.rows[-1]
        return outcome

    def _answer(self, visit: Visit, outcome: Outcome) -> None:
        if visit.connection != self.connection or not self.connected:
            self._give_up()
        elif self.spend(Fault.ANSWER_LATE):
            self._late = (self.elapsed + self.fitting.late_seconds, outcome)
        else:
            self._tell(outcome)

    # --- its result -------------------------------------------------------------------------------

    def _tell(self, outcome: Outcome) -> None:
        lost = self.spend(Fault.ANSWER_LOST)
        twice = self.spend(Fault.ANSWER_DUPLICATED)
        if outcome.result is Result.ABANDONED:
            self.dialogue.say(Said(apdu=told.abort(STOPPED), lost=lost))
            return
        fields = self._status(outcome, lost=lost)
        said = told.status_information(fields)
        self.dialogue.say(Said(apdu=said, lost=lost, answered=self._noted))
        if twice:
            self.dialogue.say(Said(apdu=said, lost=lost))
        if outcome.result is not Result.AUTHORISED:
            code = RESULTS.get(outcome.result, FAULTY)
            self.dialogue.say(Said(apdu=told.abort(code), lost=self.spend(Fault.COMPLETION_LOST)))
            return
        self.print(self.ledger.rows[-1])
        self.dialogue.say(Said(apdu=told.completion(), lost=self.spend(Fault.COMPLETION_LOST)))

    def _status(self, outcome: Outcome, *, lost: bool) -> dict[int, bytes]:
        if outcome.result is Result.AUTHORISED:
            return self.status_of(self.ledger.rows[-1], told_first=not lost)
        if outcome.result is Result.CONTRADICTED:
            return self.status_of(self._never_written(outcome), told_first=not lost)
        code = RESULTS[outcome.result]
        return told.refused(
            told.status(
                outcome.order,
                code,
                outcome.at,
                card=self.fitting.card,
                terminal=self.style.terminal_id,
            )
        )

    def _never_written(self, outcome: Outcome) -> Authorisation:
        order = outcome.order
        return Authorisation(
            number=len(self.ledger.rows) + 1,
            reference=order.reference,
            kind=order.kind,
            amount=order.amount,
            currency=order.currency,
            at=outcome.at,
            undoes=order.undoes,
        )

    def status_of(self, row: Authorisation, *, told_first: bool) -> dict[int, bytes]:
        """Return what is told of a row; what is wrong for a number of times is so when it is told first."""
        undone = None if row.undoes is None else self.ledger.rows[row.undoes - 1]
        fields = told.authorised(
            row, undone, card=self.fitting.card, terminal=self.style.terminal_id
        )
        other = "840" if row.currency != "840" else "978"
        wrong = {
            Fault.WRONG_REFERENCE: (Bmp.RECEIPT, bcd(int(row.reference) + 1, 2)),
            Fault.WRONG_AMOUNT: (Bmp.AMOUNT, bcd(max(0, row.amount - 1), 6)),
            Fault.WRONG_CURRENCY: (Bmp.CURRENCY, told.currency(other)),
            Fault.WRONG_TERMINAL: (Bmp.TERMINAL, bcd(int(self.style.terminal_id) + 1, 4)),
        }
        for fault, (bmp, value) in wrong.items():
            if (told_first or fault not in self.fault_times) and self.spend(fault):
                fields[bmp] = value
        return fields

    def print(self, row: Authorisation) -> None:
        """Have the till print both receipts, where it prints lines."""
        if PRINTS in self.config:
            lines = told.print_lines(row, card=self.fitting.card, terminal=self.style.terminal_id)
            self.dialogue.say(*(Said(apdu=line) for line in lines))

    # --- when the till did not take note ----------------------------------------------------------

    def _noted(self, positive: bool | None) -> None:  # noqa: FBT001 - as `Said.answered` is called
        if positive:
            self._untold = None
        elif self._give_up():
            self.dialogue.drop()
            if Config.INTERMEDIATE in self.config:
                self.dialogue.say(Said(apdu=told.intermediate(REVERSES), in_passing=True))
            self.dialogue.say(Said(apdu=told.abort(STOPPED)))

    def _give_up(self) -> bool:
        """Take back what was not told, if that is its style; whether it did."""
        row, self._untold = self._untold, None
        if row is None or not self.style.auto_reversal or row.kind is Kind.CANCELLATION:
            return False
        self.ledger.write(self.undoing(row), row.amount, self.now, automatic=True)
        return True
