"""What happens to frames on their way, whatever they go over."""

from collections.abc import Iterable, Iterator
from random import Random

from firmware_sims.kit.faults import Fault, damage

DELAY_SECONDS = 1.5


def on_the_way(frames: Iterable[bytes], faults: set[Fault], chance: Random) -> Iterator[bytes]:
    """Yield the frames as they leave: none in silence, damaged, or each twice."""
    if Fault.SILENCE in faults:
        return
    for frame in frames:
        sent = damage(frame, chance) if Fault.CORRUPT_BYTE in faults else frame
        yield sent
        if Fault.DUPLICATE in faults:
            yield sent


def delay(faults: set[Fault]) -> float:
    """Return how many seconds a frame waits before it leaves."""
    return DELAY_SECONDS if Fault.DELAY in faults else 0.0
