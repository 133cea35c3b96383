"""How an instrument offers itself over Bluetooth Low Energy, without naming a stack."""

from collections.abc import Callable
from dataclasses import dataclass


class WriteRefusedError(Exception):
    """The instrument refuses a write with an ATT error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with ATT error 0x{code:02x}")
        self.code = code


Uuid = int | str
"""Sixteen bits as a number, or 128 bits as text."""


class Said(bytes):
    """A frame for one characteristic, where an instrument has several that speak."""

    uuid: Uuid

    def __new__(cls, uuid: Uuid, frame: bytes) -> "Said":
        said = super().__new__(cls, frame)
        said.uuid = uuid
        return said


@dataclass(frozen=True, slots=True, kw_only=True)
class GattCharacteristic:
    """A characteristic by its UUID; what it cannot do is None or False."""

    uuid: Uuid
    read: Callable[[], bytes] | None = None
    write: Callable[[bytes], None] | None = None
    """With response. May raise `WriteRefusedError`."""
    notify: bool = False
    indicate: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GattService:
    """A primary service by its UUID."""

    uuid: Uuid
    characteristics: tuple[GattCharacteristic, ...]
    advertised: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Broadcast:
    """What an instrument tells everybody, without a connection."""

    service: int | None = None
    """A 16-bit UUID, for service data."""
    maker: int | None = None
    """A company identifier, for manufacturer data."""
    data: bytes
