"""A till that speaks ZVT in front of a simulated terminal, with time in its hand."""

from random import Random

from firmware_sims.kit.faults import Fault
from firmware_sims.payment.customer import Habit
from firmware_sims.payment.zvt.apdu import first
from firmware_sims.payment.zvt.blocks import Reader, block
from firmware_sims.payment.zvt.paying import Style
from firmware_sims.payment.zvt.terminal import ZvtOnALine, ZvtTerminal
from tests.sims.tills import STEP, Till, fitting

YES = "80 00 00"
ACK, NAK = b"\x06", b"\x15"
REGISTER = "06 00 06 12 34 56 BA 09 78"
SILENT = "06 00 06 12 34 56 10 09 78"
"""Registers a till that prints nothing and wants no intermediate status."""
PAY = "06 01 0A 04 00 00 00 00 12 50 49 09 78"
STATUS = "05 01 03 12 34 56"
REPEAT = "06 20 05 12 34 56 03 03"
TOTALS = "06 10 03 12 34 56"
END_OF_DAY = "06 50 03 12 34 56"
ABORT = "06 B0 00"
LOG_OFF = "06 02 00"
DONE, STOPPED = "06 0F 00", "06 1E 01 6C"
ONCE = [("0001", "debit", 1250, "978")]
"""The usual order, paid once."""


def zvt(
    habit: Habit = Habit.PAYS, *, line: bool = False, style: Style | None = None, **more
) -> ZvtTerminal:
    kind = ZvtOnALine if line else ZvtTerminal
    return kind("7003", Random(1), fitting(habit, **more), style)


def reversal(receipt: str, more: str = "") -> str:
    data = bytes.fromhex(f"123456 87 {receipt} {more}")
    return f"06 30 {len(data):02X} {data.hex(' ')}"


def apdus(data: bytes) -> list[bytes]:
    """Return the APDUs that bytes consist of; fails on a rest."""
    found: list[bytes] = []
    while data:
        cut = first(data)
        assert cut is not None
        found.append(data[: cut[1]])
        data = data[cut[1] :]
    return found


def readable(apdu: bytes) -> str:
    return apdu.hex(" ").upper()


class ZvtTill:
    """Over TCP; it answers whatever needs an answer, unless it is told not to."""

    def __init__(
        self,
        terminal: ZvtTerminal,
        *faults: Fault,
        times: int | None = 1,
        register: str | None = REGISTER,
    ) -> None:
        for fault in faults:
            terminal.set_fault(fault, on=True, times=times)
        self.terminal = terminal
        self.front = Till(terminal)
        self.mute: tuple[str, ...] = ()
        """How what begins is not answered."""
        if register is not None:
            self.ask(register, 0.0)

    def ask(self, said: str, seconds: float = 1.0) -> list[str]:
        """Return what is said of it until a time has passed."""
        heard = self._answered(self.front.say(bytes.fromhex(said)))
        return heard + self.wait(seconds)

    def wait(self, seconds: float) -> list[str]:
        heard: list[str] = []
        for _ in range(round(seconds / STEP)):
            heard += self._answered(self.front.pass_time(STEP))
        return heard

    def ends(self, said: str, seconds: float = 1.0) -> str:
        """Return the last that is said of it."""
        return self.ask(said, seconds)[-1]

    def result(self, said: str, seconds: float = 1.0) -> dict[str, str]:
        """Return the fields of the one status information that comes of it."""
        (told,) = statuses(self.ask(said, seconds))
        return told

    def connect(self, register: str | None = REGISTER) -> None:
        self.front.connect()
        if register is not None:
            self.ask(register, 0.0)

    def _answered(self, data: bytes) -> list[str]:
        heard: list[str] = []
        waiting = apdus(data)
        while waiting:
            apdu = readable(waiting.pop(0))
            heard.append(apdu)
            if not apdu.startswith(("80", "84", *self.mute)):
                waiting += apdus(self.front.say(bytes.fromhex(YES)))
        return heard


SIZES = {"27": 1, "04": 6, "49": 2, "0B": 3, "0C": 3, "0D": 2, "0E": 2, "29": 4, "87": 2}
SIZES |= {"3B": 8, "2A": 15, "37": 3}


def statuses(heard: list[str]) -> list[dict[str, str]]:
    """Return the fields of each status information, by BMP, read by a second hand."""
    return [_fields(bytes.fromhex(each)) for each in heard if each.startswith("04 0F")]


def _fields(apdu: bytes) -> dict[str, str]:
    data = apdu[5 if apdu[2] == 0xFF else 3 :]
    found: dict[str, str] = {}
    while data:
        bmp = f"{data[0]:02X}"
        if bmp in SIZES:
            begins, size = 1, SIZES[bmp]
        elif bmp in {"22", "23", "8B"}:
            begins, size = 3, (data[1] & 15) * 10 + (data[2] & 15)
        elif bmp == "60":
            begins, size = 4, (data[1] & 15) * 100 + (data[2] & 15) * 10 + (data[3] & 15)
        else:
            assert "06" == bmp
            begins, size = 2, data[1]
        assert bmp not in found
        found[bmp] = data[begins : begins + size].hex().upper()
        data = data[begins + size :]
    return found


def printed(heard: list[str]) -> list[str]:
    """Return the texts of all print lines."""
    lines = [bytes.fromhex(each) for each in heard if each.startswith("06 D1")]
    return [line[4:].decode("cp437") for line in lines]


# --- on a serial line ----------------------------------------------------------------------------


def blocked(apdu: str) -> bytes:
    return block(bytes.fromhex(apdu))


def opened(data: bytes) -> list[str]:
    """Return what is said: APDUs, or ACK and NAK; fails on a block that is damaged."""
    reader, said = Reader(), []
    for byte in data:
        if not reader.amid and byte in {6, 21}:
            said.append("ACK" if byte == 6 else "NAK")
        elif (apdu := reader.take(byte)) is not None:
            assert apdu
            said.append(readable(apdu))
    return said


class LineTill:
    """Acknowledges and answers whatever is said."""

    def __init__(self, terminal: ZvtTerminal, register: str | None = SILENT) -> None:
        self.front = Till(terminal)
        self.terminal = terminal
        if register is not None:
            self.ask(register, 0.0)

    def ask(self, apdu: str, seconds: float = 1.0) -> list[str]:
        return self.say(blocked(apdu), seconds)

    def say(self, data: bytes, seconds: float = 1.0) -> list[str]:
        return self._answered(self.front.say(data)) + self.wait(seconds)

    def wait(self, seconds: float) -> list[str]:
        heard: list[str] = []
        for _ in range(round(seconds / STEP)):
            heard += self._answered(self.front.pass_time(STEP))
        return heard

    def _answered(self, data: bytes) -> list[str]:
        heard = waiting = opened(data)
        while waiting:
            said, waiting = waiting, []
            for each in said:
                if each not in {"ACK", "NAK"}:
                    waiting += opened(self.front.say(ACK))
                    if not each.startswith(("80", "84")):
                        waiting += opened(self.front.say(blocked(YES)))
            heard = heard + waiting
        return heard
