"""An instrument on a wire: bytes come in, frames go out."""

from firmware_sims.kit.faults import Fault
from firmware_sims.kit.instrument import Instrument


class WiredInstrument(Instrument):
    """A device with a socket for a cable; whoever plugs it in says where that leads."""

    place = ""
    """A device file, or host:port."""

    @property
    def address(self) -> str:
        return self.place

    @property
    def out_of_reach(self) -> bool:
        """Whether its end of the cable is pulled out now."""
        return Fault.LINK_LOSS in self.faults

    @property
    def refuses_connections(self) -> bool:
        """Whether over TCP nobody is let in now."""
        return False

    def heard(self, data: bytes) -> None:
        """Take bytes from the cable; answers are put into `outgoing`. By itself it listens to nothing."""

    def plugged_in(self) -> None:
        """Begin afresh: somebody is at the other end."""

    def unplugged(self) -> None:
        """Nobody is at the other end any more; may be told more than once."""


class Framed:
    """Bytes of requests that are not whole yet."""

    def __init__(self) -> None:
        self.waiting = bytearray()

    def take(self, size: int) -> bytes:
        """Remove and return the first bytes."""
        taken = bytes(self.waiting[:size])
        del self.waiting[:size]
        return taken
