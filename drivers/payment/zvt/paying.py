"""A payment under way, from the request to its end.

Facts and their sources: docs/protocols/zvt.md, §5.
"""

from collections.abc import Generator

from contract.payment.fitting import misfit
from contract.payment.stated import Doubt, Stated, Verdict, Why
from drivers.kit.errors import FrameError
from drivers.payment.dialogue import (
    Answered,
    Asked,
    Doubted,
    Printed,
    Promised,
    Rejected,
    Shown,
    TakenOn,
)
from drivers.payment.redaction import ROOM_OF_TICKET, scrubbed
from drivers.payment.zvt import results
from drivers.payment.zvt.apdu import Apdu, Command
from drivers.payment.zvt.fields import TLV, Fields, decode
from drivers.payment.zvt.stated import stated
from drivers.payment.zvt.talk import Heard, Lost, Script, Silent, Talk
from drivers.payment.zvt.wire import Refused, Unacknowledged

ANSWER_WITHIN = 5.0
"""T3: seconds for the answer to a command."""
RESULT_WITHIN = 180.0
"""T4: seconds until a command is completed, anew with each word of the terminal."""
END_WITHIN = 60.0
"""Seconds for the end of a command whose result is known."""
ALL_WITHIN = 1800.0
"""Seconds for everything together, whatever the terminal says meanwhile."""
CUSTOMERS = 2
LAST_LINE = 0x80


class _Receipt:
    """The customer's receipt, as it comes line by line."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._whole: str | None = None

    def line(self, data: bytes) -> None:
        attribute, (text, more) = data[0] if data else 0, _parted(data[1:])
        kind = more.receipt
        if kind in {None, CUSTOMERS}:
            self._lines.append(text.decode("cp437"))
        if attribute & LAST_LINE and kind in {None, CUSTOMERS}:
            self._end()

    def block(self, fields: Fields) -> None:
        if fields.receipt in {None, CUSTOMERS}:
            self._lines += fields.lines
            self._end()

    def _end(self) -> None:
        # Of several the last one without a name is the customer's: the merchant's comes first.
        self._whole = "\n".join(self._lines).strip()
        self._lines.clear()

    @property
    def ticket(self) -> str | None:
        return scrubbed(self._whole)[:ROOM_OF_TICKET] if self._whole else None


def _parted(line: bytes) -> tuple[bytes, Fields]:
    """Return the text of a line, and the fields after it; what begins as they do and is none is left out."""
    at = line.find(TLV)
    if at < 0:
        return line, Fields()
    try:
        return line[:at], decode(line[at:])
    except FrameError:
        return line[:at], Fields()


def paid(talk: Talk, asked: Asked, *, keeps_receipt: bool) -> Script:
    """Follow a request that was just sent to its end."""
    course = _Course(talk, asked)
    talk.stoppable = True
    heard = yield ANSWER_WITHIN
    while (wait := (yield from course.hear(heard))) is not None:
        heard = yield wait
    talk.stoppable = False
    if keeps_receipt and course.receipt.ticket and course.answer is not None:
        talk.tell(Printed(course.receipt.ticket))


class _Course:
    """How far a payment has come."""

    def __init__(self, talk: Talk, asked: Asked) -> None:
        self._talk = talk
        self._asked = asked
        self._taken = False
        self._doubt = Doubt.SILENT
        self._begun = talk.now
        self._until = 0.0
        self._promised: Stated | None = None
        """What it says was done: it stands once the terminal completes the command."""
        self.answer: Stated | None = None
        self.receipt = _Receipt()

    def hear(self, heard: Heard) -> Generator[float | None, Heard, float | None]:
        """Take in what came, and return how long to wait for more; None: it is over."""
        match heard:
            case Apdu(answers=True):
                return (yield from self._told(heard))
            case Apdu():
                self._take()
                return (yield from self._said(heard))
            case Refused() if not self._taken:
                # The terminal says that it did not take it: nothing is under way there.
                yield from self._ended(_not_taken(""))
            case Lost():
                self._leave(Doubt.LINK_LOST)
            case Silent() | Unacknowledged() | Refused():
                self._leave(self._doubt if self._taken else Doubt.NOT_ACKNOWLEDGED)
            case _:
                return self._patience()
        return None

    def _patience(self, seconds: float | None = None) -> float:
        """Wait anew, as long as is usual, or as the terminal says."""
        known = self.answer is not None or self._promised is not None
        usual = END_WITHIN if known else RESULT_WITHIN
        wait = usual if seconds is None else seconds
        # A terminal that goes on and on does not keep anybody for ever.
        self._until = min(self._talk.now + wait, self._begun + ALL_WITHIN)
        return max(0.0, self._until - self._talk.now)

    def _take(self) -> None:
        if not self._taken:
            self._taken = True
            self._talk.tell(TakenOn())

    def _told(self, answer: Apdu) -> Generator[float | None, Heard, float | None]:
        if self._taken:
            # Of an attempt to stop it; that it was made is no reason to wait longer.
            return max(0.0, self._until - self._talk.now)
        if answer.agrees:
            self._take()
            return self._patience()
        yield from self._ended(_not_taken(f"{answer.instruction:02X}"))
        return None

    def _said(self, apdu: Apdu) -> Generator[float | None, Heard, float | None]:
        match apdu.command:
            case Command.STATUS:
                return (yield from self._status(apdu.data))
            case Command.COMPLETION:
                yield from self._completed()
                return None
            case Command.ABORT_OF_TERMINAL:
                return (yield from self._abort(apdu.data))
            case _:
                self._talk.agree()
                self._note(apdu)
                return self._patience(self._minutes(apdu))

    def _note(self, apdu: Apdu) -> None:
        match apdu.command:
            case Command.INTERMEDIATE if apdu.data:
                showing = results.shown(apdu.data[0])
                if showing is not None:
                    self._talk.tell(Shown(showing))
            case Command.PRINT_LINE:
                self.receipt.line(apdu.data)
            case Command.PRINT_TEXT:
                try:
                    self.receipt.block(decode(apdu.data))
                except FrameError as error:
                    self._talk.tell(Rejected(str(error)))
            case _:
                pass

    def _minutes(self, apdu: Apdu) -> float | None:
        """Return how long the terminal wants to be waited for, None where it does not say."""
        if apdu.command is not Command.INTERMEDIATE or len(apdu.data) < 2:
            return None
        digits = f"{apdu.data[1]:02X}"
        return max(60.0 * int(digits), RESULT_WITHIN) if digits.isdecimal() else None

    def _status(self, data: bytes) -> Generator[float | None, Heard, float | None]:
        try:
            found = stated(decode(data))
        except FrameError as error:
            # What cannot be written down is not acknowledged.
            self._talk.tell(Rejected(str(error)))
            self._doubt = Doubt.UNREADABLE
            return self._patience()
        if self.answer is None and self._promised is None:
            yield from self._stated(found)
        self._talk.agree()
        return self._patience()

    def _stated(self, found: Stated) -> Generator[float | None, Heard, None]:
        wrong = misfit(found, self._asked.money, self._asked.reference)
        if wrong is None and found.verdict is Verdict.APPROVED:
            # A terminal that does not hear that we have it may undo it.
            self._promised = found
            self._talk.tell(Promised(found))
            yield None
            return
        self._talk.tell(Answered(found, wrong))
        yield None
        if wrong is not None:
            self._talk.tell(Doubted(wrong))
        self.answer = found

    def _completed(self) -> Generator[float | None, Heard, None]:
        if self._promised is not None:
            yield from self._ended(self._promised)
        self._talk.agree()
        self._leave(Doubt.UNEXPLAINED)

    def _abort(self, data: bytes) -> Generator[float | None, Heard, float | None]:
        found = results.not_done(data[0] if data else 0xFF)
        if self._promised is not None:
            self._leave(Doubt.CONTRADICTION)
        elif self.answer is None:
            yield from self._ended(found)
        self._talk.agree()
        return None

    def _ended(self, found: Stated) -> Generator[float | None, Heard, None]:
        self._talk.tell(Answered(found))
        yield None
        self.answer = found

    def _leave(self, doubt: Doubt) -> None:
        if self.answer is None:
            self._talk.tell(Doubted(doubt))


def _not_taken(code: str) -> Stated:
    why = Why.BUSY if code == "9C" else Why.NOT_TAKEN
    return Stated(verdict=Verdict.DECLINED, why=why, code=code)
