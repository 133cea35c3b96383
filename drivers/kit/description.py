"""Say what an instrument is, how to recognise it and how to speak with it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

from contract.instrument import Grade, InstrumentIdentity
from contract.quantity import Quantity
from drivers.kit.dialogue import Act, Dialogue, InstrumentEvent, Outbound


class Conversation(Dialogue, Protocol):
    """A dialogue with its outbound side."""

    @property
    def out(self) -> Outbound: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BleLink:
    """Bluetooth Low Energy, over a connection."""

    identify: Callable[[str], InstrumentIdentity | None]
    """From a local name to the instrument, None when it is another's."""
    converse: Callable[[], Conversation]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanSighting:
    """An instrument that announced itself on the network, and the ports its HTTP server may answer on."""

    identity: InstrumentIdentity
    host: str
    ports: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LanLink:
    """UDP announcement and HTTP."""

    port: int
    """UDP port of the announcements."""
    identify: Callable[[bytes, str], LanSighting | None]
    """From a datagram and the address it came from."""
    converse: Callable[[], Conversation]


@dataclass(frozen=True, slots=True, kw_only=True)
class SerialLink:
    """A serial line, or what looks like one."""

    converse: Callable[[], Conversation]
    baud_rate: int = 9600
    data_bits: Literal[7, 8] = 8
    parity: Literal["none", "even", "odd"] = "none"
    stop_bits: Literal[1, 2] = 1


LinkDescription = BleLink | LanLink | SerialLink


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
    acts: frozenset[Act] = frozenset()
    zeroed: frozenset[Quantity] = frozenset()
    """Quantities that are wrong until a person had the instrument zeroed."""
