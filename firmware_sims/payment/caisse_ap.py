"""A terminal that speaks Caisse-AP, written from docs/protocols/caisse-ap.md alone."""

import base64
from dataclasses import dataclass
from datetime import datetime
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.caisse_ap_fields import MalformedError, read, written
from firmware_sims.payment.caisse_ap_requests import (
    BAD_FORMAT,
    KINDS,
    NOT_DONE,
    malformed,
    missing,
    two_digits,
    well_formed,
)
from firmware_sims.payment.concert_line import AROUND_A_BODY, LONGEST_FRAME, Line
from firmware_sims.payment.fitting import EXPIRY, Fitting
from firmware_sims.payment.order import Order, Outcome, Result
from firmware_sims.payment.receipt import receipt
from firmware_sims.payment.terminal import (
    FAULTS_OF_EVERY_TERMINAL,
    FAULTS_OF_THE_WAY,
    Terminal,
)

IDENTIFICATION, STATE, DUPLICATE = "I", "T", "3"
DONE, TAKEN_ON = "10", "11"
UNKNOWN, REFUSED, ABANDONED, NOT_COMPLETED = "00", "04", "06", "07"
UNKNOWN_ACTION, NOT_SUPPORTED = "12", "13"
NOT_GIVEN_BACK = frozenset(("CF", "CK"))
TICKET_WANTED = "100"
APPLICATION, READ_BY_CONTACT = "001", "1"
AID, CONTRACT = "A00000000159352874191", "424242"
LONGEST_CARD = 64
QUIET_SECONDS = 0.3
"""After so much silence a message without an end mark has ended: ours."""
PATIENCE_SECONDS = 1.0
"""How long it waits for what is missing: that of §3 for an answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What differs from terminal to terminal."""

    knows_status: bool = False
    knows_duplicate: bool = False
    gives_reference_back: bool = True
    taken_on_first: bool = False
    """Whether it says at once that a payment is taken on, and its result later."""


class CaisseApTerminal(Terminal):
    """One on a network; on a line it puts its messages into the frames of Concert V2."""

    slug = "caisse-ap"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (*FAULTS_OF_THE_WAY, *FAULTS_OF_EVERY_TERMINAL, Fault.BUSY, Fault.CONTRADICTION)
    )
    counted_faults: ClassVar[frozenset[Fault]] = known_faults - FAULTS_OF_THE_WAY - {Fault.BUSY}
    usually_on_a_line: ClassVar[bool] = False

    def __init__(
        self,
        serial: str,
        chance: Random,
        fitting: Fitting | None = None,
        style: Style | None = None,
    ) -> None:
        super().__init__(serial, chance, fitting or Fitting())
        self.style = style or Style()
        self.line = Line(self, counted=self._counted, begun=self._framed, handshake=True)
        self._waiting = ""
        self._heard_at = 0.0
        self._deaf = False
        """After nonsense, until it is quiet."""

    @property
    def on_a_line(self) -> bool:
        return ":" not in self.place if self.place else self.usually_on_a_line

    @property
    def keeps_answers(self) -> bool:
        return self.on_a_line

    @property
    def refuses_connections(self) -> bool:
        return super().refuses_connections or Fault.BUSY in self.faults

    # --- the link ---------------------------------------------------------------------------------

    def listen(self, data: bytes) -> None:
        if self.on_a_line:
            self.line.heard(data)
            return
        self._heard_at = self.elapsed
        if self._deaf:
            return
        self._waiting += data.decode("latin-1")
        try:
            read(self._waiting.rstrip("\r\n"))
        except MalformedError as error:
            self._deaf = True
            self._waiting = ""
            self._send(malformed(error.before))

    def process(self, dt: float, now: datetime) -> None:
        super().process(dt, now)
        if self.on_a_line:
            self.line.process()
            return
        quiet = self.elapsed - self._heard_at
        if quiet >= QUIET_SECONDS:
            self._deaf = False
            if self._waiting:
                self._quiet_for(quiet)

    def _quiet_for(self, seconds: float) -> None:
        fields, piece = read(self._waiting.rstrip("\r\n"))
        whole = not piece and not missing(fields)
        if whole or seconds >= PATIENCE_SECONDS:
            self._waiting = ""
            self._count(fields, piece)
            self._understood(fields, piece)

    def _counted(self, body: bytes) -> bool:
        self._count(*_read(body))
        return True

    def _framed(self, body: bytes) -> None:
        self._understood(*_read(body))

    def _count(self, fields: dict[str, str], piece: str) -> None:
        if fields and not piece and fields.get("CD", "0") in KINDS:
            self.requests[fields.get("CF", "")] += 1

    def _understood(self, fields: dict[str, str], piece: str) -> None:
        if piece or not fields:
            self._send(malformed(fields))
        else:
            self._asked(fields)

    def _send(self, fields: dict[str, str], *, kept: bool = False) -> None:
        if not self.on_a_line:
            self.outgoing.append(written(fields).encode("latin-1"))
            return
        if len(written(fields)) + AROUND_A_BODY > LONGEST_FRAME:
            # §3: at most 512 characters; the ticket stays on the terminal.
            fields = {tag: value for tag, value in fields.items() if tag != "ZT"}
        self.line.offer(written(fields).encode("latin-1"), kept=kept)

    def plugged_in(self) -> None:
        super().plugged_in()
        self.line.plugged_in()
        self._waiting = ""
        self._deaf = False

    def forgotten(self) -> None:
        self.line.forget()
        self._waiting = ""

    # --- what is asked ----------------------------------------------------------------------------

    def _asked(self, asked: dict[str, str]) -> None:
        action = asked.get("CD")
        if not well_formed(asked):
            self._refuse(asked, BAD_FORMAT)
        elif action in KINDS:
            self._order(asked)
        elif action == IDENTIFICATION:
            self._send(self._echo(asked) | {"AE": DONE})
        elif action in self._remembers():
            self._tell_of(asked)
        else:
            self._refuse(asked, UNKNOWN_ACTION)

    def _remembers(self) -> set[str]:
        known = ((STATE, self.style.knows_status), (DUPLICATE, self.style.knows_duplicate))
        return {action for action, is_known in known if is_known}

    def _order(self, asked: dict[str, str]) -> None:
        if asked["CE"] not in self.fitting.currencies or not self.fitting.knows_till(asked["CA"]):
            self._refuse(asked, NOT_SUPPORTED)
            return
        if self.occupied:
            self._refuse(asked, NOT_COMPLETED)
            return
        at_once = asked.get("BA") == "1"
        if at_once or self.style.taken_on_first:
            self._send(self._echo(asked) | {"AE": TAKEN_ON} | self._reference(asked.get("CF", "")))
        order = Order(
            reference=asked.get("CF", ""),
            kind=KINDS[asked["CD"]],
            amount=int(asked["CB"]),
            currency=asked["CE"],
        )
        self.take(order, None if at_once else lambda outcome: self._tell(asked, outcome))

    def _tell_of(self, asked: dict[str, str]) -> None:
        """§4, CD T and 3: answer as that payment was answered."""
        wanted = asked.get("CF") if asked["CD"] == STATE else None
        outcome = self.knows(wanted)
        if asked["CD"] == STATE and self.paying(wanted):
            self._send(self._echo(asked) | {"AE": TAKEN_ON} | self._reference(wanted or ""))
        elif outcome is None:
            self._refuse(asked, UNKNOWN)
        else:
            self._tell(asked, outcome)

    def _refuse(self, asked: dict[str, str], reason: str) -> None:
        answer = self._echo(asked) | {"AE": NOT_DONE, "AF": reason}
        self._send(answer | self._reference(asked.get("CF", "")))

    # --- what is answered -------------------------------------------------------------------------

    def _echo(self, asked: dict[str, str]) -> dict[str, str]:
        return {tag: value for tag, value in asked.items() if tag not in NOT_GIVEN_BACK}

    def _reference(self, reference: str) -> dict[str, str]:
        return {"CF": reference} if self.style.gives_reference_back else {}

    def _tell(self, asked: dict[str, str], outcome: Outcome) -> None:
        self._send(self._told(asked, outcome), kept=outcome.kept)

    def _told(self, asked: dict[str, str], outcome: Outcome) -> dict[str, str]:
        order = outcome.order
        if outcome.result is Result.ABANDONED:
            return {"CZ": asked["CZ"], "AE": NOT_DONE, "AF": ABANDONED}
        answer = self._echo(asked) | {"CE": order.currency, "CB": two_digits(order.amount)}
        reference = self._reference(order.reference)
        if outcome.result is Result.CONTRADICTED:
            del answer["CB"]
            return answer | {"AE": DONE, "AF": BAD_FORMAT} | reference
        if outcome.result is not Result.AUTHORISED:
            return answer | {"AE": NOT_DONE, "AF": REFUSED} | reference
        answer["CB"] = two_digits(outcome.amount)
        return answer | self._card(answer, outcome) | reference | self._ends(asked, outcome)

    def _card(self, answer: dict[str, str], outcome: Outcome) -> dict[str, str]:
        return {
            "AE": DONE,
            "CC": answer.get("CC", APPLICATION),
            "CI": answer.get("CI", READ_BY_CONTACT),
            "AC": outcome.code,
            "AA": self.fitting.card[:LONGEST_CARD],
            "AI": AID,
            "AB": EXPIRY,
        }

    def _ends(self, asked: dict[str, str], outcome: Outcome) -> dict[str, str]:
        ends = {"CG": asked.get("CG", CONTRACT)}
        if asked.get("CK") == TICKET_WANTED:
            printed = receipt(outcome, self.fitting.card, EXPIRY).encode("latin-1")
            ticket = {"CK": TICKET_WANTED, "AK": base64.b64encode(printed).decode()}
            ends["ZT"] = written(ticket)
        return ends


def _read(body: bytes) -> tuple[dict[str, str], str]:
    """Return the fields of a body, and what is left of one that is no message."""
    text = body.decode("latin-1")
    try:
        return read(text)
    except MalformedError as error:
        return error.before, text


class CaisseApOnALine(CaisseApTerminal):
    """One on a line alone: it also knows what can go wrong with single bytes."""

    known_faults = CaisseApTerminal.known_faults | {
        Fault.ACKNOWLEDGEMENT_LOST,
        Fault.REQUEST_NOT_ACKNOWLEDGED,
        Fault.REQUEST_REFUSED,
        Fault.WRONG_CHECK,
    }
    counted_faults = known_faults - FAULTS_OF_THE_WAY
    usually_on_a_line = True
