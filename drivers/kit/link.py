"""What a dialogue may ask of a link, and what a link may answer: two closed unions.

Not every instrument is a byte stream: some are read by GATT characteristic, by HTTP document, by block of registers.
Each adapter carries out the requests it knows, one after the other, and answers each with one event
(``Send`` alone has no answer); what it does not know, or what fails, is answered with ``Failed``.
"""

from dataclasses import dataclass
from typing import Literal


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
    """Read a block of Modbus registers."""

    table: Literal["holding", "input"]
    address: int
    count: int
    device: int = 1


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
    """The instrument advertised; some speak in no other way."""

    local_name: str
    service_data: tuple[tuple[str, bytes], ...] = ()
    manufacturer_data: tuple[tuple[int, bytes], ...] = ()


@dataclass(frozen=True, slots=True)
class HttpAnswered:
    """The answer to a get."""

    path: str
    status: int
    body: bytes


@dataclass(frozen=True, slots=True)
class RegistersRead:
    """The answer to a register read, sixteen bits each."""

    address: int
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
