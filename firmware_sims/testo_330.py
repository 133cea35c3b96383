"""Simulated testo 330-1 LL and 330-2 LL, written from docs/protocols/testo-330.md alone."""

from abc import abstractmethod
from random import Random
from typing import ClassVar

from firmware_sims.kit.check_value import crc16_mcrf4xx
from firmware_sims.kit.faults import OF_MEASURING, Act, Fault
from firmware_sims.kit.instrument import ControlError
from firmware_sims.kit.wired import Framed
from firmware_sims.testo_analyser import ListedAnalyser

HOST, INSTRUMENT = 0x12, 0x21
STATUS, ACKNOWLEDGED, NOT_ACKNOWLEDGED = 0x80, 0x0F, 0xFF
HEAD, CHECK, STATUS_SIZE = 6, 2, 3
ONE_BLOCK = bytes((0, 0, 0, 1))

MODELS = {"one-block": 255, "several-blocks": 60}
"""The largest block is not published: ours are the most that a length can say, and that of §8."""

SLAVE_ON, SLAVE_OFF, FLUE_GAS_VALUES = b"\x20\x01", b"\x20\x00", b"\x9c"
BY_ANY_NAME = b"\x4f" + bytes(6)
SERIAL, FUEL, ALL_VALUES = b"\x00\x21", b"\x02\x25\x00", b"\x1b\x25"
FILTERS = frozenset(range(4))


class BlockAnalyser(ListedAnalyser):
    """Answers in blocks, §3, and waits for the acknowledgement between two of them."""

    known_faults: ClassVar[frozenset[Fault]] = OF_MEASURING - {Fault.LOW_BATTERY}
    application = 0

    def __init__(self, model: str, serial: str, chance: Random) -> None:
        super().__init__(name=f"{self.slug} {serial}", serial=serial, chance=chance)
        self.block_size = MODELS[model]
        self._blocks: tuple[bytes, ...] = ()
        self._at = 0

    @abstractmethod
    def answer(self, question: bytes) -> bytes | None:
        """Return the parameters of an answer; nothing for done, None for what is refused."""

    def plugged_in(self) -> None:
        self.requests = Framed()
        self._blocks = ()

    def heard(self, data: bytes) -> None:
        """§3: take statuses and frames alike."""
        self.requests.waiting += data
        while len(self.requests.waiting) >= STATUS_SIZE:
            waiting = self.requests.waiting
            if waiting[0] != HOST:
                self.requests.take(1)
            elif waiting[1] == STATUS:
                self._told(self.requests.take(STATUS_SIZE)[2])
            elif len(waiting) >= HEAD and len(waiting) >= HEAD + waiting[5] + CHECK:
                self._asked(self.requests.take(HEAD + waiting[5] + CHECK))
            else:
                return

    def _told(self, status: int) -> None:
        """§3: send the next block, or the same again."""
        following = self._at + 1
        if status == ACKNOWLEDGED and following < len(self._blocks):
            self._at = following
            self._say_block()
        elif status == NOT_ACKNOWLEDGED and self._blocks:
            self._say_block()

    def _asked(self, frame: bytes) -> None:
        # The page leaves open how a question is refused; the negative status is ours.
        sound = crc16_mcrf4xx(frame) == 0 and frame[1:5] == ONE_BLOCK
        said = self.answer(frame[HEAD:-CHECK]) if sound and Fault.BUSY not in self.faults else None
        self._blocks, self._at = (), 0
        if said:
            self._blocks = self._cut(said)
            self._say_block()
        else:
            status = NOT_ACKNOWLEDGED if said is None else ACKNOWLEDGED
            self.outgoing.append(bytes((INSTRUMENT, STATUS, status)))

    def _cut(self, said: bytes) -> tuple[bytes, ...]:
        size = self.block_size
        pieces = [said[at : at + size] for at in range(0, len(said), size)]
        count = len(pieces).to_bytes(2, "big")
        return tuple(
            bytes((INSTRUMENT,)) + at.to_bytes(2, "big") + count + bytes((len(piece),)) + piece
            for at, piece in enumerate(pieces)
        )

    def _say_block(self) -> None:
        block = self._blocks[self._at]
        check = crc16_mcrf4xx(block) ^ (1 if Fault.WRONG_CHECK in self.faults else 0)
        self.outgoing.append(block + check.to_bytes(2, "little"))


class Analyser1(BlockAnalyser):
    """A 330-1 LL: what is not a value or the slave mode has answers that are not published."""

    slug = "testo-330-1-ll"
    with_connector = False

    def __init__(self, model: str, serial: str, chance: Random) -> None:
        super().__init__(model, serial, chance)
        self.slave = False
        """§4: outlasts the link, and locks the keypad."""

    @property
    def state(self) -> str:
        return "slave" if self.slave else super().state

    def do(self, act: Act, text: str) -> None:
        """Press the start and stop key; raise `ControlError` while the keypad is locked."""
        if self.slave:
            nothing = frozenset(("nothing while the keypad is locked",))
            raise ControlError("act", act, nothing)
        super().do(act, text)

    def answer(self, question: bytes) -> bytes | None:
        """§4. That values are refused outside the slave mode is ours, and how it is confirmed."""
        if question in {SLAVE_ON, SLAVE_OFF}:
            self.slave = question == SLAVE_ON
            return b""
        return self.values() if self.slave and question == FLUE_GAS_VALUES else None


class Analyser2(BlockAnalyser):
    """A 330-2 LL: commands behind an ident and a serial number that are zeros, §4."""

    slug = "testo-330-2-ll"
    with_connector = True

    def answer(self, question: bytes) -> bytes | None:
        """§4. Of the lengths that a fuel number may have, two bytes are ours."""
        if not question.startswith(BY_ANY_NAME):
            return None
        command = question[len(BY_ANY_NAME) :]
        if command == SERIAL:
            return self.number()
        if command == FUEL:
            return self.fuel.to_bytes(2, "little")
        # What the other filters leave out of such a list is not published: nothing.
        wanted = command[:2] == ALL_VALUES and len(command) == 3 and command[2] in FILTERS
        return self.values() if wanted else None
