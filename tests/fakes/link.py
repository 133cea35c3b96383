"""A link that does as the test says, and a driver's sighting over it."""

import asyncio
from dataclasses import dataclass, field, replace

from agent.ports import LinkLostError, Sighting
from contract.instrument import InstrumentIdentity
from drivers.catalog import BUILT_IN
from drivers.kit.description import BleLink
from drivers.kit.link import Failed, Notified, Subscribe, Subscribed, WriteCharacteristic
from drivers.probe.testo_smart_probe.dialogue import NOTIFY
from drivers.probe.testo_smart_probe.frame import Frame, named


@dataclass
class FakeProbe:
    """A Smart Probe at the other end of a link: acknowledges, streams when told."""

    serial: str = "46512997"
    address: str = "AA:BB:CC:00:00:01"
    acknowledges: bool = True
    reachable: bool = True
    silent_after: float = 10.0
    opened: int = 0
    closed: int = 0
    writes: list[bytes] = field(default_factory=list)
    _deliver = None
    _lost = None
    _pending: bytes = b""
    _live: bool = False

    def sighting(self, **identity) -> Sighting:
        instrument = BUILT_IN["testo-smart-probe"]
        [link] = [each for each in instrument.links if isinstance(each, BleLink)]
        who = InstrumentIdentity(
            slug="testo-smart-probe",
            vendor="testo",
            model="T549i",
            serial=self.serial,
            address=self.address,
        )
        return Sighting(
            instrument=replace(instrument, silent_after=self.silent_after),
            identity=replace(who, **identity),
            medium="ble",
            rssi=-50,
            connect=lambda: self,
            converse=lambda _: link.converse(),
        )

    async def open(self, deliver, lost) -> None:
        if not self.reachable:
            raise LinkLostError("cannot connect: out of reach")
        self.opened += 1
        self._deliver, self._lost, self._live = deliver, lost, True

    async def carry_out(self, request):
        await asyncio.sleep(0)
        if not self._live:
            raise LinkLostError("the link was lost")
        if isinstance(request, Subscribe):
            return Subscribed(request.uuid)
        if not isinstance(request, WriteCharacteristic):
            return Failed(request, "not possible")
        self.writes.append(request.data)
        self._pending += request.data
        self._answer(request)
        return None

    def _answer(self, request) -> None:
        while len(self._pending) >= 8:
            end = 8 + int.from_bytes(self._pending[2:6], "little")
            if len(self._pending) < end:
                return
            frame, self._pending = self._pending[:end], self._pending[end:]
            if self.acknowledges:
                self._deliver(Notified(NOTIFY, Frame(0x07, frame[1]).encoded()))

    async def close(self) -> None:
        self.closed += 1
        self._live = False

    def state(self, pascal_bits: str) -> None:
        """State one pressure, as its four bytes."""
        payload = named("DifferentialPressure", bytes.fromhex(pascal_bits) + b"\x00\x00")
        self._deliver(Notified(NOTIFY, Frame(0x10, 0x80, payload).encoded()))

    def noise(self) -> None:
        self._deliver(Notified(NOTIFY, b"\x00" * 9))

    def lose(self) -> None:
        self._live = False
        self._lost("the link was lost")
