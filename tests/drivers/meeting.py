"""A driver and a simulated instrument at both ends of a wire that is not there, with the clock in hand."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from drivers.kit.errors import FrameError
from drivers.kit.link import (
    AdvertisementSeen,
    CharacteristicRead,
    CharacteristicWritten,
    Failed,
    Notified,
    ReadCharacteristic,
    ReadRegisters,
    Received,
    RegistersRead,
    Send,
    Subscribe,
    Subscribed,
    WriteCharacteristic,
)
from drivers.kit.modbus_frame import registers
from drivers.kit.uuid import whole
from firmware_sims.kit.check_value import crc16_modbus
from firmware_sims.kit.faults import Fault, slices
from firmware_sims.kit.gatt import Said, WriteRefusedError
from firmware_sims.kit.way import on_the_way

STEP = 0.1
AT_ONCE = 20
NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def text(uuid):
    return whole(f"{uuid:04x}") if isinstance(uuid, int) else uuid.lower()


class Meeting:
    """Lets time pass for both, and carries what each says to the other."""

    def __init__(self, instrument, link, key=None):
        self.instrument = instrument
        self.link = link
        self.talk = link.converse(key) if link.medium == "advertisement" else link.converse()
        self.events = []
        self.now = 0.0
        self._subscribed = set()
        self._told = None
        self._held = []
        """Reads that are answered when the silence ends, as the radio of the simulators does."""
        if link.medium in {"serial", "rfcomm", "modbus", "usb"}:
            instrument.place = "/dev/pts/0"
            instrument.plugged_in()
        instrument.process(0.0, NOON)
        instrument.take_outgoing()
        self.talk.connection_made(0.0)
        self._settle()

    def pass_time(self, seconds):
        """Let so much time pass; return what the driver told in it."""
        before = len(self.events)
        for _ in range(round(seconds / STEP)):
            self.now += STEP
            self.instrument.process(STEP, NOON + timedelta(seconds=self.now))
            due = self.talk.next_timer
            if due is not None and due <= self.now:
                self.talk.timer_fired(self.now)
            self._settle()
        return self.events[before:]

    def _settle(self):
        """Carry to and fro until nobody has anything to say."""
        for _ in range(100):
            asked = [*self.talk.out.requests(), *self._let_go()]
            answers = [answer for request in asked for answer in self._carry_out(request)]
            answers += self._unasked()
            for answer in answers:
                self.talk.receive(answer, self.now)
            self.events += self.talk.out.events()
            if not answers:
                return

    def _let_go(self):
        if Fault.SILENCE in self.instrument.faults:
            return []
        held, self._held = self._held, []
        return held

    # --- what the driver asks ------------------------------------------------

    def _carry_out(self, request) -> Iterator[object]:
        match request:
            case Send(data=data):
                self.instrument.heard(data)
            case ReadRegisters():
                yield self._read_registers(request)
            case Subscribe(uuid=uuid):
                known = uuid in self._characteristics()
                self._subscribed |= {uuid} if known else set()
                yield Subscribed(uuid) if known else Failed(request, "not there")
            case ReadCharacteristic(uuid=uuid):
                found = self._characteristics().get(uuid)
                if found is None or found.read is None:
                    yield Failed(request, "not there")
                elif Fault.SILENCE in self.instrument.faults:
                    self._held.append(request)
                else:
                    yield CharacteristicRead(uuid, found.read())
            case WriteCharacteristic(uuid=uuid, data=data):
                try:
                    self._characteristics()[uuid].write(data)
                except (KeyError, TypeError, WriteRefusedError) as error:
                    yield Failed(request, str(error))
                else:
                    yield CharacteristicWritten(uuid)
            case _:
                yield Failed(request, "not here")

    def _characteristics(self):
        services = self.instrument.services()
        return {text(each.uuid): each for one in services for each in one.characteristics}

    def _read_registers(self, request):
        function = 3 if request.table == "holding" else 4
        body = bytes([self.link.device, function])
        body += request.address.to_bytes(2, "big") + request.count.to_bytes(2, "big")
        self.instrument.heard(body + crc16_modbus(body).to_bytes(2, "little"))
        answers = list(self._leaving())
        if not answers:
            return Failed(request, "no answer")
        try:
            read = registers(answers[0], request.count)
        except FrameError as error:
            return Failed(request, str(error))
        words = [int.from_bytes(read[at : at + 2], "big") for at in range(0, len(read), 2)]
        return RegistersRead(request, tuple(words))

    # --- what the instrument says --------------------------------------------

    def _leaving(self):
        instrument = self.instrument
        said = instrument.take_outgoing()
        if self.link.medium in {"ble", "advertisement"}:
            # Over a radio the instrument damages its own words; what is between sends them twice.
            return [
                each for each in said for _ in range(1 + (Fault.DUPLICATE in instrument.faults))
            ]
        return on_the_way(said, instrument.faults, instrument.chance)

    def _unasked(self):
        if self.link.medium == "advertisement":
            told = self.instrument.broadcast()
            if told is None or told == self._told:
                return
            self._told = told
            data = {whole(f"{told.service:04x}"): told.data}
            yield AdvertisementSeen(address=self.instrument.address, service_data=data)
            return
        for frame in self._leaving():
            yield from self._pieces(frame)

    def _pieces(self, frame):
        chance = self.instrument.chance if Fault.SPLIT in self.instrument.faults else None
        if self.link.medium != "ble":
            for piece in slices(frame, 256, chance):
                yield Received(piece)
            return
        speaking = [
            uuid for uuid, each in self._characteristics().items() if each.notify or each.indicate
        ]
        uuid = text(frame.uuid) if isinstance(frame, Said) else speaking[0]
        if uuid in self._subscribed:
            for piece in slices(frame, AT_ONCE, chance):
                yield Notified(uuid, bytes(piece))
