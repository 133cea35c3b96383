"""Say what an instrument is, how to recognise it and how to speak with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import ClassVar, Literal, Protocol

from contract.instrument import Grade, InstrumentClass, InstrumentIdentity
from contract.quantity import Quantity
from drivers.kit.dialogue import Act, Dialogue, InstrumentEvent, Outbound
from drivers.kit.link import AdvertisementSeen, Request


class Conversation(Dialogue, Protocol):
    """A dialogue with its outbound side."""

    @property
    def out(self) -> Outbound: ...


Converse = Callable[[], Conversation]
Recognise = Callable[[AdvertisementSeen], InstrumentIdentity | None]
"""From what a device says to everybody to the instrument it is; None when it is another's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BleLink:
    """Bluetooth Low Energy, over a connection."""

    medium: ClassVar[str] = "ble"
    identify: Recognise
    converse: Converse


@dataclass(frozen=True, slots=True, kw_only=True)
class BroadcastLink:
    """Bluetooth Low Energy, by advertisements alone: nothing is ever asked."""

    medium: ClassVar[str] = "advertisement"
    identify: Recognise
    converse: Callable[[bytes | None], Conversation]
    """With the key that a person gave at pairing, for what is encrypted."""
    key_size: int | None = None
    """Bytes of that key; None: the instrument knows no encryption."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LanSighting:
    """An instrument that announced itself on the network, and the ports its HTTP server may answer on."""

    identity: InstrumentIdentity
    host: str
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanLink:
    """UDP announcement and HTTP."""

    medium: ClassVar[str] = "lan"
    port: int
    """UDP port of the announcements."""
    identify: Callable[[bytes, str], LanSighting | None]
    """From a datagram and the address it came from."""
    converse: Converse


Parity = Literal["none", "even", "odd"]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """How bits follow each other on a serial line."""

    baud_rate: int = 9600
    data_bits: Literal[7, 8] = 8
    parity: Parity = "none"
    stop_bits: Literal[1, 2] = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialLink:
    """A serial line, or what looks like one."""

    medium: ClassVar[str] = "serial"
    converse: Converse
    line: LineSettings = LineSettings()
    parting: tuple[Request, ...] = ()
    """Said before the link is closed, however the conversation ends."""


def NAMED_BY_NOBODY(_: str) -> InstrumentIdentity | None:  # noqa: N802 - stands for a value
    """Recognise no bonded device by its name: no source says what the instrument calls itself."""
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RfcommLink:
    """Bluetooth Classic, Serial Port Profile: a byte stream with a device that was bonded before."""

    medium: ClassVar[str] = "rfcomm"
    converse: Converse
    identify: Callable[[str], InstrumentIdentity | None] = NAMED_BY_NOBODY
    """From the name of a bonded device to the instrument; where no name is known, a person says which device it is."""
    channel: int = 1
    parting: tuple[Request, ...] = ()
    """Said before the link is closed, however the conversation ends."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ModbusLink:
    """Modbus, RTU on a serial line or TCP."""

    medium: ClassVar[str] = "modbus"
    converse: Converse
    line: LineSettings = LineSettings()
    device: int = 1
    """The address it leaves the factory with."""


@dataclass(frozen=True, slots=True, kw_only=True)
class UsbLink:
    """USB, bulk transfers: each ``Send`` is one transfer out, and what comes in is a byte stream."""

    medium: ClassVar[str] = "usb"
    converse: Converse
    vendor: int
    products: frozenset[int]
    endpoint_out: int
    endpoint_in: int


LinkDescription = (
    BleLink | BroadcastLink | LanLink | SerialLink | RfcommLink | ModbusLink | UsbLink
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Instrument:
    """Everything the agent must know to use one kind of instrument."""

    slug: str
    vendor: str
    model: str
    grade: Grade
    """The best evidence there is for the driver as a whole."""
    quantities: frozenset[Quantity]
    links: tuple[LinkDescription, ...]
    decode: Callable[[bytes], Iterator[InstrumentEvent]]
    """Read recorded bytes, all at once; what is left over is rejected."""
    kind: InstrumentClass | None = None
    """None where nobody said: it serves no field that wants a class."""
    page: str = ""
    """The protocol page it shares with others; empty: one of its own, named by the slug."""
    acts: frozenset[Act] = frozenset()
    zeroed: frozenset[Quantity] = frozenset()
    """Quantities that are wrong until a person had the instrument zeroed."""
    silent_after: float = 10.0
    """Seconds without anything usable after which a link is given up: some stacks never say that it ended."""

    @property
    def protocol_page(self) -> str:
        """Name of the page under docs/protocols that holds its facts."""
        return self.page or self.slug
