"""Where an intervention stands, whatever order its captures came in."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.wire.base import Place
from contract.wire.intervention import Stage
from contract.wire.statement import Action
from gateway.usecases.stage import Office, Step, derive

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
ASSIGNED = Office(planned=False, assigned=True, cancelled=False)


def step(action: Action, seq: int = 1, epoch: str = "a", minutes: int = 0, upto: int = 0) -> Step:
    awaited = (Place(epoch=epoch * 32, seq=upto or seq),)
    at = NOON + timedelta(minutes=minutes)
    return Step(
        agent="van-7",
        epoch=epoch * 32,
        seq=seq,
        link="",
        at=at,
        action=action,
        awaited=awaited,
    )


def everything(_agent: str, _place: Place) -> bool:
    return True


def nothing(_agent: str, _place: Place) -> bool:
    return False


@pytest.mark.parametrize(
    ("office", "stage"),
    [
        (Office(planned=False, assigned=False, cancelled=False), Stage.CREATED),
        (Office(planned=True, assigned=False, cancelled=False), Stage.PLANNED),
        (Office(planned=True, assigned=True, cancelled=False), Stage.ASSIGNED),
        (Office(planned=True, assigned=True, cancelled=True), Stage.CANCELLED),
    ],
)
def test_without_captures_the_office_decides(office: Office, stage: Stage) -> None:
    assert stage is derive(office, [], everything)


def test_a_close_is_complete_only_when_all_up_to_it_is_held() -> None:
    close = [step(Action.START), step(Action.CLOSE, 9)]

    assert Stage.CLOSING is derive(ASSIGNED, close, nothing)
    assert Stage.COMPLETED is derive(ASSIGNED, close, everything)


def test_every_place_a_close_names_is_waited_for() -> None:
    close = step(Action.CLOSE, 9)

    assert Stage.CLOSING is derive(ASSIGNED, [close], lambda _, place: place.seq < 9)


def test_within_an_epoch_places_count_and_the_wall_clock_does_not() -> None:
    jumped = [step(Action.START, 1, minutes=60), step(Action.SUSPEND, 2, minutes=-60)]

    assert Stage.SUSPENDED is derive(ASSIGNED, jumped, everything)


def test_between_epochs_the_later_time_counts() -> None:
    steps = [step(Action.START, 5, "a", 10), step(Action.SUSPEND, 1, "b", 20)]

    assert Stage.SUSPENDED is derive(ASSIGNED, steps, everything)


@given(
    st.permutations(
        [
            step(Action.START, 1),
            step(Action.SUSPEND, 4, minutes=5),
            step(Action.RESUME, 2, "b", 7),
            step(Action.SUSPEND, 3, "b", 6),
        ]
    )
)
def test_the_order_of_arrival_never_matters(steps: list[Step]) -> None:
    assert Stage.SUSPENDED is derive(ASSIGNED, steps, everything)
