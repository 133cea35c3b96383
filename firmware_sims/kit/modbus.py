"""A Modbus device as its documents have it: Modbus Application Protocol V1.1b3, Modbus over Serial Line V1.02."""

from abc import abstractmethod
from random import Random

from firmware_sims.kit.check_value import crc16_modbus
from firmware_sims.kit.faults import Fault
from firmware_sims.kit.wired import Framed, WiredInstrument

HOLDING, INPUT = 3, 4
ILLEGAL_FUNCTION, ILLEGAL_ADDRESS, ILLEGAL_VALUE, BUSY = 1, 2, 3, 6
MOST_REGISTERS = 125
RTU_REQUEST = 8
MBAP = 7


class ModbusDevice(WiredInstrument):
    """Answers register reads, over RTU on a serial line or over TCP, whichever it is plugged into."""

    device = 1

    def __init__(self, *, name: str, serial: str, chance: Random) -> None:
        super().__init__(name=name, serial=serial, chance=chance)
        self._requests = Framed()

    @abstractmethod
    def register(self, function: int, address: int) -> int | None:
        """Return the sixteen bits at an address; None where there is nothing."""

    def answers_to(self, device: int) -> bool:
        """Whether a request on a line to this address is one for it."""
        return device == self.device

    def plugged_in(self) -> None:
        self._requests = Framed()

    def heard(self, data: bytes) -> None:
        self._requests.waiting += data
        (self._over_tcp if ":" in self.place else self._over_a_line)()

    def _over_a_line(self) -> None:
        while len(self._requests.waiting) >= RTU_REQUEST:
            request = bytes(self._requests.waiting[:RTU_REQUEST])
            if crc16_modbus(request[:6]) != request[6] | request[7] << 8:
                self._requests.take(1)
                continue
            self._requests.take(RTU_REQUEST)
            if self.answers_to(request[0]):
                body = request[:1] + self.answer(request[1:6])
                self.outgoing.append(body + self._check(body))

    def _check(self, body: bytes) -> bytes:
        value = crc16_modbus(body)
        if Fault.WRONG_CHECK in self.faults:
            value ^= 0x0100
        return bytes((value & 255, value >> 8))

    def _over_tcp(self) -> None:
        while len(self._requests.waiting) >= MBAP:
            size = self._requests.waiting[4] << 8 | self._requests.waiting[5]
            if len(self._requests.waiting) < 6 + size:
                return
            request = self._requests.take(6 + size)
            body = self.answer(request[MBAP:])
            length = len(body) + 1
            head = request[:4] + bytes((length >> 8, length & 255, request[6]))
            self.outgoing.append(head + body)

    def answer(self, request: bytes) -> bytes:
        """Return what is answered to function, start and count."""
        function = request[0]
        if Fault.BUSY in self.faults:
            return bytes((function | 0x80, BUSY))
        if function not in {HOLDING, INPUT} or len(request) != 5:
            return bytes((function | 0x80, ILLEGAL_FUNCTION))
        start, count = request[1] << 8 | request[2], request[3] << 8 | request[4]
        if not 1 <= count <= MOST_REGISTERS:
            return bytes((function | 0x80, ILLEGAL_VALUE))
        values = [self.register(function, start + place) for place in range(count)]
        if None in values:
            return bytes((function | 0x80, ILLEGAL_ADDRESS))
        said = b"".join(
            bytes((each >> 8 & 255, each & 255)) for each in values if each is not None
        )
        return bytes((function, len(said))) + said
