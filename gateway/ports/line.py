"""The line to the agents: what arrives, its acknowledgement, and what is sent down."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """A message from the broker, not yet acknowledged."""

    topic: str
    payload: bytes
    mid: int = 0
    qos: int = 0
    generation: int = 0
    """The connection it came from: on another one its id may belong to another message."""


class Line(Protocol):
    """The connection to the broker, whichever is the current one."""

    async def waiting(self) -> None:
        """Return once a message waits."""
        ...

    def pop(self) -> Received | None:
        """Take the message that waited longest; None when none waits."""
        ...

    def acknowledge(self, received: Received) -> None:
        """Acknowledge, unless the connection it came from is gone."""
        ...


class Down(Protocol):
    """What can be sent to agents."""

    @property
    def connected(self) -> bool: ...

    def publish(
        self,
        topic: str,
        payload: str,
        *,
        retain: bool = False,
        expires_after: timedelta | None = None,
    ) -> bool:
        """Hand over for sending; False when there is no connection, and then nothing was sent."""
        ...
