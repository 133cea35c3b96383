"""Instant, stable, mean, max."""

from decimal import Decimal

import pytest

from agent.usecases.sampling import Refused, Sampled, Sampler
from contract.forms.measure import Limits, Measure, Policy, Taking
from contract.quantity import Quantity
from contract.reading import Reading, Status
from contract.unit import Unit
from contract.wire.captured import Method


def sampler(unit=Unit.PASCAL, **taking):
    return Sampler(
        Measure(
            quantity=Quantity.DRAUGHT,
            unit=unit,
            capture=Taking(**taking),
            limits=Limits.model_validate({"reject": {"minimum": "-100", "maximum": "100"}}),
        )
    )


def pascal(value, status=Status.OK):
    return Reading(
        Quantity.DRAUGHT, None if value is None else Decimal(value), Unit.PASCAL, status
    )


def run(taker, *values, every=1.0):
    return [taker.take(pascal(value), n * every) for n, value in enumerate(values)]


def test_instant_takes_the_first_value():
    [sample] = run(sampler(), "5.2")

    assert (Decimal("5.2"), Method.INSTANT, 1) == (
        sample.reading.value,
        sample.method,
        sample.frames,
    )


def test_stable_waits_for_frames_in_a_row_within_the_tolerance():
    taker = sampler(method=Policy.STABLE, frames=3, tolerance=Decimal("0.5"))
    *waiting, sample = run(taker, "1", "5", "5.2", "5.4")

    assert [None, None, None] == waiting
    assert (Decimal("5.4"), 3) == (sample.reading.value, sample.frames)


def test_a_tolerance_is_in_the_fields_unit():
    taker = sampler(Unit.MILLIBAR, method=Policy.STABLE, frames=2, tolerance=Decimal("0.01"))

    assert isinstance(run(taker, "5", "5.9")[-1], Sampled)
    assert "0.009" == str(taker.spread)


def test_an_unstable_reading_starts_the_row_afresh():
    taker = sampler(method=Policy.STABLE, frames=2, tolerance=Decimal(1))
    run(taker, "5")
    assert taker.take(pascal("5", Status.UNSTABLE), 1.0) is None
    assert taker.take(pascal("5"), 2.0) is None
    assert isinstance(taker.take(pascal("5"), 3.0), Sampled)


def test_a_gap_starts_the_row_afresh():
    taker = sampler(method=Policy.STABLE, frames=2, tolerance=Decimal(1))
    run(taker, "5")
    assert taker.take(pascal(None, Status.NOT_MEASURED), 1.0) is None
    assert taker.take(pascal("5"), 2.0) is None


def test_the_mean_covers_the_window_and_keeps_one_more_digit():
    *waiting, sample = run(sampler(method=Policy.MEAN, window=2), "1.0", "2.0", "2.5")

    assert [None, None] == waiting
    assert ("1.83", 3) == (str(sample.reading.value), sample.frames)


def test_the_maximum_covers_the_window_only():
    taker = sampler(method=Policy.MAX, window=2)
    samples = run(taker, "9", "1", "2", "3")

    assert Decimal(9) == samples[2].reading.value
    assert Decimal(3) == samples[3].reading.value


def test_a_value_beyond_the_limits_is_refused():
    assert isinstance(run(sampler(), "101")[0], Refused)


def test_an_error_is_refused_with_its_detail():
    reading = Reading(Quantity.DRAUGHT, None, Unit.PASCAL, Status.ERROR, detail="sensor defect")

    assert "sensor defect" == sampler().take(reading, 0.0).reason


@pytest.mark.parametrize("status", [Status.ABOVE_RANGE, Status.BELOW_RANGE])
def test_out_of_range_is_captured_as_such(status):
    sample = sampler(method=Policy.STABLE, frames=3, tolerance=Decimal(1)).take(
        pascal(None, status), 0.0
    )

    assert status is sample.reading.status


@pytest.mark.parametrize(
    "taking",
    [
        {"method": Policy.STABLE},
        {"method": Policy.STABLE, "frames": 3},
        {"method": Policy.MEAN},
        {"method": Policy.MAX},
    ],
)
def test_a_policy_without_its_parameters_is_refused(taking):
    with pytest.raises(ValueError, match="needs"):
        Taking(**taking)
