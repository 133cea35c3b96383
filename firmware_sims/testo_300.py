"""Simulated testo 300 combustion analyser, written from docs/protocols/testo-300.md alone."""

from collections.abc import Mapping
from decimal import Decimal
from functools import partial
from random import Random
from typing import ClassVar

from firmware_sims import tjf
from firmware_sims.flue_gas import NEEDS_OXYGEN, PHYSICS
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.gatt import GattCharacteristic, GattService
from firmware_sims.kit.instrument import Instrument, static_address
from firmware_sims.kit.physics import Behaviour, Sensor
from firmware_sims.kit.quantities import Quantity

MEASUREMENT_DATA, COUNT, FIRST_PIECE, PIECES = 0x2000, 0x3000, 0x3001, 25
CONTROL, COMMAND, STATUS = 0x2001, 0x3100, 0x3101
LONGEST_PIECE = 500
FIRMWARE = "1.09.5212"
TOGGLE = b"TOGGLE_MEASUREMENT"
NEVER_IN_UTF8 = b"\xff"


class FlueGasAnalyser(Instrument):
    """A testo 300 on a boiler: measures from the start, shows new values each second."""

    slug = "testo-300"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (
            Fault.LINK_LOSS,
            Fault.SILENCE,
            Fault.CORRUPT_BYTE,
            Fault.SPLIT,
            Fault.SENSOR_DEFECT,
        )
    )
    known_acts: ClassVar[frozenset[Act]] = frozenset((Act.TOGGLE_MEASUREMENT, Act.DROP_LINK))
    refresh_seconds = 1.0

    def __init__(self, serial: str, chance: Random) -> None:
        super().__init__(name=f"testo 300 {serial}", serial=serial, chance=chance)
        self.sensors = {quantity: Sensor(how) for quantity, how in PHYSICS.items()}
        self.own_temperature = Sensor(Behaviour(level=24.8, noise=0.05))
        self.measuring = True
        self._pieces: tuple[bytes, ...] = ()

    @property
    def address(self) -> str:
        return static_address(self.slug, self.serial)

    @property
    def state(self) -> str:
        return "measuring" if self.measuring else "stopped"

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        return {quantity: self._displayed(quantity) for quantity in self.sensors}

    def _displayed(self, quantity: Quantity) -> Decimal | None:
        defect = Fault.SENSOR_DEFECT in self.faults and quantity in NEEDS_OXYGEN
        if defect or not self.measuring:
            return None
        return tjf.displayed(quantity, self.sensors[quantity].value)

    def do(self, act: Act, text: str) -> None:
        """Press the instrument's own start and stop key."""
        if act is Act.TOGGLE_MEASUREMENT:
            self.measuring = not self.measuring
            self.show()

    def document(self) -> bytes:
        """§4: the document of what is displayed now, as it leaves the instrument."""
        shown = self.display.current
        head = tjf.Head(serial=self.serial, firmware=FIRMWARE, at=shown.at.astimezone())
        if self.measuring and shown.counter:
            own = Decimal(repr(self.own_temperature.value)).quantize(Decimal("0.1"))
            document = tjf.measurement(head, dict(shown.values), own)
        else:
            document = tjf.no_results(head)
        return self._damaged(document) if Fault.CORRUPT_BYTE in self.faults else document

    def _damaged(self, document: bytes) -> bytes:
        # TJF has no check value: only what cannot be UTF-8 is sure to be noticed.
        at = self.chance.randrange(len(document))
        return document[:at] + NEVER_IN_UTF8 + document[at + 1 :]

    # --- Bluetooth Low Energy, §2 --------------------------------------------

    def services(self) -> tuple[GattService, ...]:
        """§2: 25 pieces behind a count, and a command."""
        pieces = tuple(
            GattCharacteristic(uuid=FIRST_PIECE + at, read=partial(self._piece, at))
            for at in range(PIECES)
        )
        count = GattCharacteristic(uuid=COUNT, read=self._count)
        command = GattCharacteristic(uuid=COMMAND, write=self._command)
        # What the status says is not published: it stays empty.
        status = GattCharacteristic(uuid=STATUS, read=lambda: b"")
        return (
            GattService(uuid=MEASUREMENT_DATA, characteristics=(count, *pieces)),
            GattService(uuid=CONTROL, characteristics=(command, status)),
        )

    def disconnected(self) -> None:
        """Forget the pieces: they belong to the link."""
        super().disconnected()
        self._pieces = ()

    def _count(self) -> bytes:
        """Cut a new document; the pieces stay until the count is read again."""
        document = self.document()
        size = LONGEST_PIECE
        if Fault.SPLIT in self.faults:
            size = max(1, -(-len(document) // PIECES))
        self._pieces = tuple(document[at : at + size] for at in range(0, len(document), size))
        if len(self._pieces) > PIECES:
            msg = f"a document of {len(document)} bytes does not fit in {PIECES} pieces"
            raise ValueError(msg)
        return str(len(self._pieces)).encode("ascii")

    def _piece(self, at: int) -> bytes:
        return self._pieces[at] if at < len(self._pieces) else b""

    def _command(self, text: bytes) -> None:
        # Other commands are not known: they do nothing.
        if text == TOGGLE and Fault.SILENCE not in self.faults:
            self.measuring = not self.measuring
            self.show()
