"""Simulated BTHome sensors, written from docs/protocols/bthome.md alone."""

import hashlib
from collections.abc import Mapping
from decimal import Decimal
from random import Random
from typing import ClassVar

from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from firmware_sims.bthome_objects import (
    ADDRESSED,
    BATTERY,
    ENCRYPTED,
    MODELS,
    OBJECTS,
    PACKET_ID,
    Model,
)
from firmware_sims.kit.faults import Act, Fault, damage
from firmware_sims.kit.gatt import Broadcast
from firmware_sims.kit.instrument import Instrument, static_address
from firmware_sims.kit.physics import Sensor
from firmware_sims.kit.quantities import HECTOPASCAL, UNITS, Quantity

SERVICE = 0xFCD2
TAG_BYTES = 4
NEARLY_EMPTY = Decimal(4)


class BTHomeSensor(Instrument):
    """A sensor that advertises new values each second, and is never connected to."""

    slug = "bthome"
    known_faults: ClassVar[frozenset[Fault]] = frozenset(
        (
            Fault.LINK_LOSS,
            Fault.SILENCE,
            Fault.DUPLICATE,
            Fault.SENSOR_DEFECT,
            Fault.LOW_BATTERY,
        )
    )
    known_acts: ClassVar[frozenset[Act]] = frozenset()
    refresh_seconds = 1.0
    units: ClassVar[Mapping[Quantity, str]] = {**UNITS, Quantity.ABSOLUTE_PRESSURE: HECTOPASCAL}

    def __init__(self, model: Model, serial: str, chance: Random) -> None:
        super().__init__(name=f"BTHome {serial}", serial=serial, chance=chance)
        self.model = model
        self.told = tuple(OBJECTS[each] for each in model.objects if each != PACKET_ID)
        self.sensors = {each.quantity: Sensor(each.behaviour) for each in self.told}
        self.counter = 0
        """How many frames there were."""
        self._frames: tuple[bytes, ...] = ()
        """The last two, the older one first."""
        self._again = False

    @property
    def address(self) -> str:
        return static_address(self.slug, self.serial)

    @property
    def state(self) -> str:
        return "advertising"

    @property
    def has_radio(self) -> bool:
        return True

    @property
    def main(self) -> Quantity:
        """What a defect takes: the first of what it tells besides its battery."""
        return next(
            (each.quantity for each in self.told if each is not OBJECTS[BATTERY]),
            Quantity.BATTERY_LEVEL,
        )

    def displayed_values(self) -> Mapping[Quantity, Decimal | None]:
        """§3: the numbers that are said."""
        shown: dict[Quantity, Decimal | None] = {
            each.quantity: each.number.shown(self.sensors[each.quantity].value)
            for each in self.told
        }
        if Fault.SENSOR_DEFECT in self.faults:
            shown[self.main] = None
        if Fault.LOW_BATTERY in self.faults and Quantity.BATTERY_LEVEL in shown:
            shown[Quantity.BATTERY_LEVEL] = NEARLY_EMPTY
        return shown

    def do(self, act: Act, text: str) -> None:
        """It has nothing to press."""

    # --- what is on the air --------------------------------------------------

    def broadcast(self) -> Broadcast | None:
        """Return the latest frame, or the one before it when frames are sent twice."""
        if not self._frames or Fault.SILENCE in self.faults:
            return None
        return Broadcast(service=SERVICE, data=self._frames[0 if self._again else -1])

    def said_unasked(self) -> tuple[bytes, ...]:
        """Put a new frame on the air; nobody is spoken to.

        Sent twice, a frame comes again when its successor was on the air: 5, 4, 6, 5.
        """
        self._again = Fault.DUPLICATE in self.faults and bool(self._frames) and not self._again
        if not self._again:
            self.counter += 1
            self._frames = (*self._frames[-1:], self.frame())
        return ()

    def frame(self) -> bytes:
        """§2: service data behind its UUID."""
        return self.head() + self.objects()

    def head(self) -> bytes:
        """§2: device information and, if the model says it, the address, last byte first."""
        information = bytes((self.model.information,))
        if self.model.information & ADDRESSED:
            return information + self.written_address()[::-1]
        return information

    def written_address(self) -> bytes:
        """Return the address in the order in which it is written."""
        return bytes.fromhex(self.address.replace(":", ""))

    def objects(self) -> bytes:
        """§3: what is displayed. That an object without value is left out is ours."""
        said = b""
        if PACKET_ID in self.model.objects:
            said += bytes((PACKET_ID, self.counter & 0xFF))
        for identifier in self.model.objects:
            if identifier == PACKET_ID:
                continue
            each = OBJECTS[identifier]
            shown = self.display.current.value(each.quantity)
            if shown is not None:
                said += bytes((identifier,)) + each.number.wire(shown)
        return said


class SealedSensor(BTHomeSensor):
    """One that encrypts: its key belongs to its serial for ever."""

    known_faults = BTHomeSensor.known_faults | {Fault.CORRUPT_BYTE, Fault.WRONG_CHECK}

    @property
    def bind_key(self) -> bytes:
        words = f"{self.slug}:{self.serial}:key"
        return hashlib.sha256(words.encode("ascii")).digest()[:16]

    def frame(self) -> bytes:
        """§4: ciphertext, counter, tag."""
        head, counter = self.head(), (self.counter & 0xFFFFFFFF).to_bytes(4, "little")
        nonce = self.written_address() + SERVICE.to_bytes(2, "little") + head[:1] + counter
        sealed = AESCCM(self.bind_key, TAG_BYTES).encrypt(nonce, self.objects(), None)
        text, tag = sealed[:-TAG_BYTES], sealed[-TAG_BYTES:]
        if Fault.WRONG_CHECK in self.faults:
            tag = bytes((tag[0] ^ 0x01,)) + tag[1:]
        whole = head + text + counter + tag
        return damage(whole, self.chance) if Fault.CORRUPT_BYTE in self.faults else whole


def sensor(model: str, serial: str, chance: Random) -> BTHomeSensor:
    """Build a sensor of a model."""
    found = MODELS[model]
    return (SealedSensor if found.information & ENCRYPTED else BTHomeSensor)(found, serial, chance)
