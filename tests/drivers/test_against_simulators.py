"""Every driver against its simulator, in every set-up and with every fault: what it says is what the display showed."""

from decimal import Decimal
from random import Random

import pytest

from contract.quantity import Quantity
from contract.reading import Status
from drivers.catalog import BUILT_IN
from drivers.kit.dialogue import CodeScanned, FaultStated, FrameRejected
from drivers.leak import winsen_mhz19
from firmware_sims.entries import ENTRIES
from firmware_sims.kit.display import KEPT
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Act, Fault
from tests.drivers.conversing import readings
from tests.drivers.meeting import Meeting

SECONDS = 35.0
"""Longer than the longest pause: a probe states its battery twice a minute."""
OURS = {str(each) for each in Quantity}

KEPT_BACK = {
    ("testo-smart-probe", "T405i"): {"temperature", "air_velocity"},
    ("testo-smart-probe", "T805i"): {"surface_temperature"},
    ("leica-disto", ""): {"distance"},
}
"""What a driver refuses on purpose: a status, or a unit, that no source explains."""

ELSEWHERE = {Fault.LINK_LOSS, Fault.DELAY}
"""Faults of the link itself: tried with real links, in tests/integration and tests/sims."""


def instruments():
    for entry in ENTRIES:
        for model in entry.models or ("",):
            for link in BUILT_IN[entry.slug].links:
                if link.medium != "lan":
                    yield entry, model, link


def named(entry, model, link, *more):
    return pytest.param(
        entry,
        model,
        link,
        *more,
        id="-".join(filter(None, (entry.slug, model, link.medium, *map(str, more)))),
    )


WAYS = [named(*each) for each in instruments()]
SETUPS = [
    named(entry, model, link, name)
    for entry, model, link in instruments()
    for name in entry.setups
]
FAULTS = [
    named(entry, model, link, fault)
    for entry, model, link in instruments()
    for fault in sorted(entry.make(model, entry.serial, Random(1)).known_faults - ELSEWHERE)
]


def met(entry, model, link, setup=None, *faults):
    instrument = entry.make(model, entry.serial, Random(7))
    if setup is not None:
        begun(instrument, entry.setups[setup])
    for each in faults:
        instrument.set_fault(each, on=True)
    meeting = Meeting(instrument, link, instrument.bind_key)
    if instrument.state == "ready" and Act.TOGGLE_MEASUREMENT in instrument.known_acts:
        instrument.do(Act.TOGGLE_MEASUREMENT, "")
    if Act.SCAN in instrument.known_acts:
        instrument.do(Act.SCAN, "3666123456789")
    return meeting


def shown(instrument):
    """Return every value that the display showed, by quantity."""
    found = {}
    for each in instrument.display.last(KEPT):
        for quantity, value in each.values:
            found.setdefault(str(quantity), set()).add(value)
    return {quantity: values for quantity, values in found.items() if quantity in OURS}


def values(events):
    """Return what the driver took for values, by quantity."""
    found = {}
    for each in readings(events):
        if each.status is Status.OK:
            found.setdefault(str(each.quantity), set()).add(each.value)
    return found


def invented(meeting):
    """Return the values that the driver told and no display showed."""
    displayed = shown(meeting.instrument)
    return {
        (quantity, each)
        for quantity, told in values(meeting.events).items()
        for each in told
        if each not in displayed.get(quantity, set())
    }


def expected(meeting, entry, model):
    """Return the quantities that are displayed with a value, and that the driver takes over."""
    displayed = {quantity for quantity, each in shown(meeting.instrument).items() if each - {None}}
    known = {str(each) for each in BUILT_IN[entry.slug].quantities}
    return displayed & known - KEPT_BACK.get((entry.slug, model), set())


@pytest.mark.parametrize(("entry", "model", "link"), WAYS)
def test_all_that_is_displayed_is_told_and_nothing_else(entry, model, link):
    meeting = met(entry, model, link)
    meeting.pass_time(SECONDS)
    displayed = expected(meeting, entry, model)

    assert displayed == values(meeting.events).keys()
    assert set() == invented(meeting)
    units = meeting.instrument.units
    assert not [
        each for each in readings(meeting.events) if str(units[each.quantity]) != str(each.unit)
    ]
    assert not [each for each in rejections(meeting) if not each.reason.endswith("not there")]
    if not BUILT_IN[entry.slug].quantities:
        assert CodeScanned("3666123456789") in meeting.events


@pytest.mark.parametrize(("entry", "model", "link", "setup"), SETUPS)
def test_in_every_set_up_a_value_is_told_only_where_one_is_displayed(entry, model, link, setup):
    meeting = met(entry, model, link, setup)
    meeting.pass_time(SECONDS)
    displayed = shown(meeting.instrument)

    assert set() == invented(meeting)
    for quantity, value in entry.setups[setup].values.items():
        if quantity in meeting.instrument.sensors and str(quantity) in values(meeting.events):
            assert any(
                abs(each - value) <= abs(value) / 4 + 1
                for each in displayed[str(quantity)]
                if each is not None
            )
    assert meeting.events


@pytest.mark.parametrize(("entry", "model", "link", "fault"), FAULTS)
def test_no_fault_makes_a_value_that_no_display_showed(entry, model, link, fault):
    meeting = met(entry, model, link, None, fault)
    meeting.pass_time(SECONDS)

    assert set() == invented(meeting)
    assert EXPECTED[fault](meeting)


@pytest.mark.parametrize(("entry", "model", "link", "fault"), FAULTS)
def test_when_a_fault_goes_the_values_are_back(entry, model, link, fault):
    meeting = met(entry, model, link, None, fault)
    meeting.pass_time(SECONDS)
    meeting.instrument.set_fault(fault, on=False)
    if Act.SCAN in meeting.instrument.known_acts:
        meeting.instrument.do(Act.SCAN, "4000000000000")
    back = meeting.pass_time(SECONDS)
    usual = expected(meeting, entry, model)

    once = {"battery_level"} & values(meeting.events).keys()
    assert usual <= values(back).keys() | once
    assert BUILT_IN[entry.slug].quantities or CodeScanned("4000000000000") in back


def test_control_a_driver_that_does_not_check_invents_values(monkeypatch):
    monkeypatch.setattr(winsen_mhz19, "check", lambda frame: frame[-1])
    [(entry, model, link)] = [each for each in instruments() if each[0].slug == "winsen-mhz19"]
    meeting = met(entry, model, link, None, Fault.CORRUPT_BYTE)
    meeting.pass_time(SECONDS * 4)

    assert invented(meeting)


def rejections(meeting):
    return [each for each in meeting.events if isinstance(each, FrameRejected | FaultStated)]


def dashes(meeting):
    """Return the quantities whose display shows no value."""
    return {
        str(each) for each, value in meeting.instrument.display.current.values if value is None
    }


EXPECTED = {
    Fault.SILENCE: lambda meeting: not values(meeting.events),
    Fault.CORRUPT_BYTE: lambda meeting: rejections(meeting) or not readings(meeting.events),
    Fault.SPLIT: lambda meeting: not rejections(meeting),
    Fault.DUPLICATE: lambda meeting: readings(meeting.events) or not meeting.instrument.sensors,
    Fault.WRONG_CHECK: lambda meeting: not values(meeting.events) and rejections(meeting),
    Fault.BUSY: lambda meeting: not values(meeting.events) and rejections(meeting),
    Fault.SENSOR_DEFECT: lambda meeting: (
        dashes(meeting) and dashes(meeting).isdisjoint(values(meeting.events))
    ),
    Fault.OUT_OF_RANGE: lambda meeting: (
        dashes(meeting)
        and dashes(meeting)
        == {
            str(each.quantity)
            for each in readings(meeting.events)
            if each.status is Status.ABOVE_RANGE
        }
    ),
    Fault.WRONG_STATUS: lambda meeting: not values(meeting.events).keys() - {"battery_level"},
    Fault.LOW_BATTERY: lambda meeting: Decimal(4) in shown(meeting.instrument)["battery_level"],
}
