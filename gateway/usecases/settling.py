"""What becomes of captures, given what is held at their places: pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from contract.wire.base import Place
from contract.wire.down import Outcome
from gateway.ports.inbox import Proven, Settled

Key = tuple[str, str, int, str]
Spot = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Held:
    """A capture the store holds already."""

    hash: str
    outcome: Outcome
    reason: str | None


@dataclass(slots=True)
class Settlement:
    """What to write, and what to answer."""

    new: dict[Key, Proven] = field(default_factory=dict[Key, Proven])
    settled: dict[Key, Settled] = field(default_factory=dict[Key, Settled])
    forked: list[Key] = field(default_factory=list[Key])
    """Held captures whose place another one claims now."""


def settle(captures: Iterable[Proven], held: Mapping[Spot, Sequence[Held]]) -> Settlement:
    """Tell repeats from new captures, and find forks: one place, two hashes."""
    result = Settlement()
    at: dict[Spot, list[Key]] = {}
    for capture in captures:
        key = capture.key_of_place
        if key in result.settled:
            continue
        spot = key[:3]
        others = held.get(spot, ()) if held else ()
        repeat = next((each for each in others if each.hash == key[3]), None)
        if repeat is not None:
            # A fork found meanwhile in this very batch overrules it below.
            result.settled[key] = Settled(repeat.outcome, repeat.reason, repeat=True)
        else:
            result.new[key] = capture
            result.settled[key] = _fresh(capture)
        at.setdefault(spot, []).append(key)
    for spot, keys in at.items():
        others = held.get(spot, ()) if held else ()
        hashes = {key[3] for key in keys} | {each.hash for each in others}
        if len(hashes) > 1:
            _fork(result, spot, keys, others)
    return result


def _fresh(capture: Proven) -> Settled:
    if capture.fault is not None:
        return Settled(Outcome.QUARANTINED, capture.fault)
    return Settled(Outcome.ATTACHED, None)


def _fork(result: Settlement, spot: Spot, keys: list[Key], others: Sequence[Held]) -> None:
    for key in keys:
        before = result.settled[key]
        if before.outcome is Outcome.ATTACHED:
            result.settled[key] = Settled(Outcome.FORKED, None, before.repeat)
    for each in others:
        if each.outcome is Outcome.ATTACHED:
            result.forked.append((*spot, each.hash))


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an epoch is held."""

    top: int = 0
    contiguous: int = 0
    """Every capture up to this one is held."""


def extend(reach: Reach, seqs: Iterable[int], beyond: Iterable[int] = ()) -> Reach:
    """Return the reach after captures were added; ``beyond`` are the ones held above the contiguous part."""
    added = sorted({*seqs, *beyond})
    contiguous = reach.contiguous
    for seq in added:
        if seq == contiguous + 1:
            contiguous = seq
        elif seq > contiguous:
            break
    return Reach(max(reach.top, *added) if added else reach.top, contiguous)


def head(epoch: str, reach: Reach) -> Place | None:
    """Return the highest place held of an epoch."""
    return Place(epoch=epoch, seq=reach.top) if reach.top else None
