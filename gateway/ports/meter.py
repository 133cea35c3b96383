"""What is counted for the operator."""

from enum import StrEnum
from typing import Protocol


class Counted(StrEnum):
    """What a counter counts."""

    RECEIVED = "received"
    """Captures that arrived, repeats included."""
    ATTACHED = "attached"
    ABSORBED = "absorbed"
    """Repeats of captures that were held already."""
    QUARANTINED = "quarantined"
    FORKED = "forked"
    REFUSED = "refused"
    """Messages or captures that were not proven: kept, never answered."""
    RECEIPTS = "receipts"
    FORGED = "forged"
    """Responses that were not their agent's."""
    DROPPED = "dropped"
    """Messages without delivery guarantee that came faster than they could be taken."""
    TAKEOVERS = "takeovers"
    """Times the broker gave this client's place to another of the same name."""
    STORE_FAILURES = "store_failures"


class Meter(Protocol):
    """Where counts go."""

    def count(self, what: Counted, number: int = 1) -> None: ...

    def batch(self, captures: int, seconds: float) -> None:
        """Record one ingest transaction."""
        ...

    def connected(self, *, up: bool) -> None: ...
