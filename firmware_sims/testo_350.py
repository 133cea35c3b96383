"""Simulated testo 350, written from docs/protocols/testo-350.md alone."""

from random import Random
from typing import ClassVar

from firmware_sims.kit.faults import OF_MEASURING, Fault
from firmware_sims.kit.wired import Framed
from firmware_sims.testo_analyser import ROWS_OF_350, ListedAnalyser

START, HEAD, LONGEST = 0x22, 5, 255
IDENT = b"\x5e\x01"
ASK_SERIAL, ASK_IDENT, COMMAND = b"\x40", b"\x42", b"\x4f"
SERIAL, FUEL, TYPE = b"\x00\x21", b"\x02\x25\x00", b"\x21\x25"
ALL_VALUES = frozenset(b"\x1b\x25" + bytes((each,)) for each in range(4))
FLUE_GAS = b"\x01"


class Analyser350(ListedAnalyser):
    """A 350: each body behind a header with its length, no check value, no refusals.

    USB checks its transfers itself: a damaged one does not arrive.
    """

    slug = "testo-350"
    known_faults: ClassVar[frozenset[Fault]] = OF_MEASURING - {
        Fault.LOW_BATTERY,
        Fault.CORRUPT_BYTE,
        Fault.WRONG_CHECK,
        Fault.BUSY,
    }
    rows = ROWS_OF_350
    application = 1
    with_connector = True

    def __init__(self, serial: str, chance: Random) -> None:
        super().__init__(name=f"testo 350 {serial}", serial=serial, chance=chance)

    def plugged_in(self) -> None:
        self.requests = Framed()

    def heard(self, data: bytes) -> None:
        """§2: take a header and its body, in however many reads they come."""
        self.requests.waiting += data
        while len(self.requests.waiting) >= HEAD:
            size = int.from_bytes(self.requests.waiting[1:HEAD], "little")
            # No question is as long: it is no header.
            if self.requests.waiting[0] != START or size > LONGEST:
                self.requests.take(1)
                continue
            if len(self.requests.waiting) < HEAD + size:
                return
            said = self.answer(self.requests.take(HEAD + size)[HEAD:])
            if said is not None:
                # Two transfers over USB; where there are none, what goes wrong strikes both at once.
                self.outgoing.append(bytes((START,)) + len(said).to_bytes(4, "little") + said)

    def answer(self, question: bytes) -> bytes | None:
        """§3. What another ident, serial number or command gets is not stated: nothing, ours."""
        if question == ASK_SERIAL:
            return bytes(4) + self.number()
        if question == ASK_IDENT:
            return bytes(4) + IDENT
        called = COMMAND + IDENT + self.number()
        if not question.startswith(called):
            return None
        command = question[len(called) :]
        if command in ALL_VALUES:
            return self.values()
        # Of the lengths that a fuel number may have, two bytes are ours.
        others = {SERIAL: self.number(), FUEL: self.fuel.to_bytes(2, "little"), TYPE: FLUE_GAS}
        return others.get(command)
