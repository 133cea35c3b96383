"""What a dialogue may ask of a link, and what a link may answer: two closed unions.

Not every instrument is a byte stream: some are read by GATT characteristic, by HTTP document, by block of registers.
Each adapter carries out the requests it knows, one after the other, and answers each with one event
(``Send`` alone has no answer); what it does not know, or what fails, is answered with ``Failed``.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Table = Literal["holding", "input"]
"""Function codes 3 and 4."""


@dataclass(frozen=True, slots=True)
class Send:
    """Write bytes to a byte stream."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Subscribe:
    """Enable the notifications of a characteristic."""

    uuid: str


@dataclass(frozen=True, slots=True)
class ReadCharacteristic:
    """Read a characteristic's whole value."""

    uuid: str


@dataclass(frozen=True, slots=True)
class WriteCharacteristic:
    """Write a characteristic's value."""

    uuid: str
    data: bytes
    response: bool = True


@dataclass(frozen=True, slots=True)
class HttpGet:
    """Get a document from the instrument's own HTTP server."""

    path: str


@dataclass(frozen=True, slots=True)
class ReadRegisters:
    """Read a block of Modbus registers of the device that the link leads to."""

    table: Table
    address: int
    """Counted from 0, as on the wire."""
    count: int


Request = Send | Subscribe | ReadCharacteristic | WriteCharacteristic | HttpGet | ReadRegisters


@dataclass(frozen=True, slots=True)
class Received:
    """Bytes of a stream, cut anywhere."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Subscribed:
    """Notifications are enabled."""

    uuid: str


@dataclass(frozen=True, slots=True)
class Notified:
    """A characteristic notified."""

    uuid: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CharacteristicRead:
    """The answer to a read."""

    uuid: str
    data: bytes


@dataclass(frozen=True, slots=True)
class CharacteristicWritten:
    """A write was carried out."""

    uuid: str


@dataclass(frozen=True, slots=True)
class AdvertisementSeen:
    """What the instrument said to everybody around; some speak in no other way. UUIDs are whole and in lower case."""

    local_name: str = ""
    address: str = ""
    service_uuids: frozenset[str] = frozenset()
    service_data: Mapping[str, bytes] = field(default_factory=dict[str, bytes])
    manufacturer_data: Mapping[int, bytes] = field(default_factory=dict[int, bytes])


@dataclass(frozen=True, slots=True)
class HttpAnswered:
    """The answer to a get."""

    path: str
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class RegistersRead:
    """The answer to a register read, sixteen bits each."""

    request: ReadRegisters
    values: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Failed:
    """A request was not carried out; the link still stands."""

    request: Request
    reason: str


LinkEvent = (
    Received
    | Subscribed
    | Notified
    | CharacteristicRead
    | CharacteristicWritten
    | AdvertisementSeen
    | HttpAnswered
    | RegistersRead
    | Failed
)
