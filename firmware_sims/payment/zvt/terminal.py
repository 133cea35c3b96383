"""A terminal that speaks ZVT: its links, who may ask what, and what it answers at once."""

from collections.abc import Callable, Mapping
from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.fitting import Fitting
from firmware_sims.payment.order import Order
from firmware_sims.payment.terminal import FAULTS_OF_THE_WAY
from firmware_sims.payment.zvt import told
from firmware_sims.payment.zvt.apdu import YES, Apdu, no
from firmware_sims.payment.zvt.asked import (
    PRINTS_NOTHING,
    REQUESTS,
    SENDS_STATUS,
    WITHOUT_PASSWORD,
    WITHOUT_REGISTRATION,
    WITHOUT_VERSION,
    Asked,
    Command,
    understood,
)
from firmware_sims.payment.zvt.dialogue import Said
from firmware_sims.payment.zvt.fields import Bmp, MalformedError
from firmware_sims.payment.zvt.journal import latest, receipt, reversible, totals
from firmware_sims.payment.zvt.paying import KNOWN, STOPPED, PayingTerminal, Style

NOT_REGISTERED, WRONG_CURRENCY, NOT_POSSIBLE = 0x6B, 0x6F, 0x83
PROTOCOL, WAIT, NOT_READY, CANNOT_BE_REVERSED = 0x9A, 0x9C, 0xA0, 0xB5
NEVER_BUSY = frozenset((Command.REGISTRATION, Command.LOG_OFF))
"""For a till that the customer at it does not pay."""


class ZvtTerminal(PayingTerminal):
    """One on a network; on a line it puts its APDUs into blocks."""

    slug = "zvt"
    known_faults: ClassVar[frozenset[Fault]] = KNOWN
    counted_faults: ClassVar[frozenset[Fault]] = known_faults - FAULTS_OF_THE_WAY

    def __init__(
        self,
        serial: str,
        chance: Random,
        fitting: Fitting | None = None,
        style: Style | None = None,
    ) -> None:
        super().__init__(serial, chance, fitting or Fitting(), style or Style())
        self._does: Mapping[Command, Callable[[Asked], None]] = {
            Command.STATUS: self._say_state,
            Command.REGISTRATION: self._register,
            Command.AUTHORISATION: self._order,
            Command.LOG_OFF: self._log_off,
            Command.TOTALS: self._say_totals,
            Command.REPEAT_RECEIPT: self._repeat,
            Command.REVERSAL: self._reverse,
            Command.REFUND: self._order,
            Command.END_OF_DAY: self._end_day,
            Command.DIAGNOSIS: self._complete,
        }

    # --- what is asked ----------------------------------------------------------------------------

    def commanded(self, apdu: Apdu, *, wordless: bool) -> None:
        if self._repeated(apdu):
            self.carrier.send(YES)
            return
        if apdu.command in REQUESTS:
            self.requests[receipt(len(self.ledger.rows) + 1)] += 1
        if apdu.command == Command.ABORT:
            self._stop()
            return
        try:
            asked = understood(apdu)
        except MalformedError:
            self.carrier.send(no(PROTOCOL))
            return
        refusal = self._refusal(asked)
        if refusal is not None:
            self.carrier.send(no(refusal))
            return
        self.begun_with = apdu
        self.wordless = wordless
        lost = asked.command in REQUESTS and self.spend(Fault.ACKNOWLEDGEMENT_LOST)
        if not wordless and not lost:
            self.carrier.send(YES)
        self._does[asked.command](asked)

    def may_be_wordless(self, apdu: Apdu) -> bool:
        """Whether a request is taken without a word."""
        taken = apdu.command in REQUESTS and self.registered and not self.engaged
        return taken and not self.occupied and self.spend(Fault.REQUEST_NOT_ACKNOWLEDGED)

    def _repeated(self, apdu: Apdu) -> bool:
        """Whether a block came twice: the till did not hear that it was acknowledged."""
        return self.on_a_line and self.engaged and apdu == self.begun_with

    def _refusal(self, asked: Asked) -> int | None:
        if self._busy(asked.command):
            return WAIT
        if asked.command not in WITHOUT_PASSWORD and asked.password != self.style.password:
            return NOT_POSSIBLE
        if not self.registered and asked.command not in WITHOUT_REGISTRATION:
            return NOT_REGISTERED
        if asked.command in REQUESTS and self.spend(Fault.REQUEST_REFUSED):
            return NOT_READY
        return None

    def _busy(self, command: Command) -> bool:
        if self.engaged:
            return True
        if command in NEVER_BUSY:
            return False
        if self.occupied:
            return command is not Command.STATUS
        return self.spend(Fault.BUSY)

    # --- who asks ---------------------------------------------------------------------------------

    def _register(self, asked: Asked) -> None:
        wanted = asked.currency
        if wanted is not None and wanted not in self.fitting.currencies:
            self._abort_for_currency()
            return
        self.registered = True
        self.config = asked.config
        self.currency = wanted or self.currency
        state = told.WAITS if self.occupied else told.REGISTERED
        fields: dict[int, bytes] = {
            Bmp.KIND: bytes((state,)),
            Bmp.TERMINAL: bytes.fromhex(self.style.terminal_id),
            Bmp.CURRENCY: told.currency(self.currency),
        }
        self.dialogue.say(Said(apdu=told.completion(fields)))

    def _log_off(self, _: Asked) -> None:
        self.registered = False

    def _say_state(self, asked: Asked) -> None:
        state = told.WAITS if self.occupied else told.READY
        with_version = not asked.service & WITHOUT_VERSION
        ends = told.completion_with_state(state, with_version=with_version)
        self.dialogue.say(Said(apdu=ends))

    def _complete(self, _: Asked) -> None:
        self.dialogue.say(Said(apdu=told.completion()))

    # --- money ------------------------------------------------------------------------------------

    def _order(self, asked: Asked) -> None:
        currency = asked.currency or self.currency
        if currency not in self.fitting.currencies:
            self._abort_for_currency()
            return
        self._take(
            Order(
                reference=self.next_receipt,
                kind=REQUESTS[asked.command],
                amount=asked.amount or 0,
                currency=currency,
            )
        )

    def _reverse(self, asked: Asked) -> None:
        found = reversible(self.ledger, asked.receipt)
        if isinstance(found, int):
            self.dialogue.say(Said(apdu=told.abort(found)))
            return
        same = asked.amount in {None, found.amount} and asked.currency in {None, found.currency}
        if not same:
            self.dialogue.say(Said(apdu=told.abort(CANNOT_BE_REVERSED)))
            return
        self._take(self.undoing(found))

    def _stop(self) -> None:
        """§5: the customer need not pay any more; what was decided stands."""
        if not self.occupied:
            self.carrier.send(no(WAIT if self.engaged else NOT_POSSIBLE))
            return
        self.leave_visit()
        self.carrier.send(YES)
        self.dialogue.say(Said(apdu=told.abort(STOPPED)))

    def _abort_for_currency(self) -> None:
        ours: dict[int, bytes] = {Bmp.CURRENCY: told.currency(self.currency)}
        self.dialogue.say(Said(apdu=told.abort(WRONG_CURRENCY, ours)))

    # --- what was -----------------------------------------------------------------------------------

    def _repeat(self, asked: Asked) -> None:
        row = latest(self.ledger)
        if row is None or self.style.forgets_receipts:
            self.dialogue.say(Said(apdu=told.abort(NOT_POSSIBLE)))
            return
        if asked.service & SENDS_STATUS:
            fields = self.status_of(row, told_first=False)
            self.dialogue.say(Said(apdu=told.status_information(fields)))
        if not asked.service & PRINTS_NOTHING:
            self.print(row)
        self.dialogue.say(Said(apdu=told.completion()))

    def _say_totals(self, _: Asked) -> None:
        self._say(self._totals())

    def _end_day(self, _: Asked) -> None:
        said = self._totals()
        self.ledger.close_day(self.now)
        self._say(said)

    def _totals(self) -> dict[int, bytes]:
        return {
            Bmp.RESULT: b"\0",
            Bmp.TIME: bytes.fromhex(f"{self.now:%H%M%S}"),
            Bmp.DATE: bytes.fromhex(f"{self.now:%m%d}"),
            Bmp.TERMINAL: bytes.fromhex(self.style.terminal_id),
            Bmp.TOTALS: totals(self.ledger, self.fitting.card, self.currency),
        }

    def _say(self, fields: Mapping[int, bytes]) -> None:
        said = told.status_information(fields)
        self.dialogue.say(Said(apdu=said), Said(apdu=told.completion()))


class ZvtOnALine(ZvtTerminal):
    """One on a line alone: it also knows what can go wrong with blocks."""

    known_faults = ZvtTerminal.known_faults | {Fault.WRONG_CHECK}
    counted_faults = known_faults - FAULTS_OF_THE_WAY
    usually_on_a_line = True
