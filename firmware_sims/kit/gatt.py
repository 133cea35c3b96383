"""How an instrument offers itself over Bluetooth Low Energy, without naming a stack."""

from collections.abc import Callable
from dataclasses import dataclass


class WriteRefusedError(Exception):
    """The instrument refuses a write with an ATT error code."""

    def __init__(self, code: int) -> None:
        super().__init__(f"refused with ATT error 0x{code:02x}")
        self.code = code


@dataclass(frozen=True, slots=True, kw_only=True)
class GattCharacteristic:
    """A characteristic by its 16-bit UUID; what it cannot do is None or False."""

    uuid: int
    read: Callable[[], bytes] | None = None
    write: Callable[[bytes], None] | None = None
    """With response. May raise `WriteRefusedError`."""
    notify: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class GattService:
    """A primary service by its 16-bit UUID."""

    uuid: int
    characteristics: tuple[GattCharacteristic, ...]
    advertised: bool = True
