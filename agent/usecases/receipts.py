"""What a receipt means for this store: pure, so that every case can be tried."""

from dataclasses import dataclass

from contract.wire.base import Place
from contract.wire.down import Outcome, Range


@dataclass(frozen=True, slots=True)
class Close:
    """The rows of a range are done."""

    range: Range


@dataclass(frozen=True, slots=True)
class Mismatch:
    """The gateway holds another capture at this place: another store writes under our name. Nothing is closed."""

    range: Range


@dataclass(frozen=True, slots=True)
class Unknown:
    """The range lies beyond what this store holds."""

    range: Range


Decision = Close | Mismatch | Unknown


def decide(range_: Range, own_link: str | None) -> Decision:
    """Compare the hash of the last link of a range with our own at that place; None: we have no such capture.

    The chain makes one comparison enough: an equal hash means equal links before it.
    """
    if own_link is None:
        return Unknown(range_)
    return Close(range_) if own_link == range_.link else Mismatch(range_)


def shows_fork(decision: Decision, head: Place) -> bool:
    """Tell whether the store must leave its epoch, whose last capture is ``head``."""
    range_ = decision.range
    if range_.epoch != head.epoch:
        return False
    match decision:
        case Mismatch():
            return True
        case Unknown():
            return range_.last > head.seq
        case Close():
            return range_.outcome is Outcome.FORKED


def is_ahead(gateway_head: Place | None, head: Place) -> bool:
    """Tell whether the gateway holds captures of our epoch that this store, restored from a copy, has lost."""
    return (
        gateway_head is not None
        and gateway_head.epoch == head.epoch
        and gateway_head.seq > head.seq
    )
