"""What becomes of captures, and how far an epoch is held."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from contract import chain
from contract.wire.down import Outcome
from contract.wire.event import SignedCapture
from gateway.ports.inbox import Proven
from gateway.usecases.settling import Held, Reach, extend, settle
from tests.gateway.edge import Edge

SPOT = ("van-7", "a" * 32, 1)


def proven(capture: SignedCapture, fault: str | None = None) -> Proven:
    return Proven(
        link=chain.parse(capture.link),
        text=capture.link,
        hash=chain.digest(capture.link),
        sig=capture.sig,
        key="k" * 16,
        statement=capture.statement,
        fault=fault,
    )


def test_a_capture_that_is_held_is_a_repeat_with_the_outcome_it_met() -> None:
    capture = proven(Edge().note())
    held = {SPOT: [Held(capture.hash, Outcome.QUARANTINED, "unknown")]}

    result = settle([capture], held)

    assert {} == result.new
    settled = result.settled[capture.key_of_place]
    assert (Outcome.QUARANTINED, "unknown", True) == (
        settled.outcome,
        settled.reason,
        settled.repeat,
    )


def test_another_capture_at_a_held_place_is_a_fork_on_both_sides() -> None:
    mine, theirs = proven(Edge().note("mine")), proven(Edge().note("theirs"))
    held = {SPOT: [Held(mine.hash, Outcome.ATTACHED, None)]}

    result = settle([theirs], held)

    assert Outcome.FORKED is result.settled[theirs.key_of_place].outcome
    assert [mine.key_of_place] == result.forked


def test_with_the_hash_comparison_off_the_fork_would_be_lost() -> None:
    """The control: the same captures, told apart by their place alone."""
    mine, theirs = proven(Edge().note("mine")), proven(Edge().note("theirs"))
    blind = replace(theirs, hash=mine.hash)

    result = settle([blind], {SPOT: [Held(mine.hash, Outcome.ATTACHED, None)]})

    assert {} == result.new
    assert result.settled[blind.key_of_place].repeat


def test_two_sides_of_a_fork_in_one_batch_are_both_new_and_both_forked() -> None:
    mine, theirs = proven(Edge().note("mine")), proven(Edge().note("theirs"))

    result = settle([mine, theirs, mine], {})

    assert 2 == len(result.new)
    assert [Outcome.FORKED] * 2 == [each.outcome for each in result.settled.values()]


def test_a_fault_is_quarantined_even_at_a_forked_place() -> None:
    mine, theirs = proven(Edge().note("mine")), proven(Edge().note("theirs"), fault="kind: no")

    result = settle([mine, theirs], {})

    assert Outcome.QUARANTINED is result.settled[theirs.key_of_place].outcome


@given(st.permutations(range(1, 9)), st.integers(1, 8))
def test_the_reach_ends_before_the_first_gap_whatever_the_order(
    order: list[int], missing: int
) -> None:
    reach = Reach()
    arrived: set[int] = set()
    for seq in order:
        if seq != missing:
            arrived.add(seq)
            beyond = [each for each in arrived if each > reach.contiguous]
            reach = extend(reach, [seq], beyond)

    assert missing - 1 == reach.contiguous
    assert max(arrived) == reach.top
