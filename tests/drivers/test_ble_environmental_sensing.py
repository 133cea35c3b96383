"""Environmental Sensing: what stands for no value, and what has no unit."""

import pytest

from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from drivers.kit.dialogue import FrameRejected, Unmapped
from drivers.kit.link import AdvertisementSeen, CharacteristicRead
from drivers.kit.uuid import whole
from drivers.probe.ble_environmental_sensing import converse, decode, identify
from tests.drivers.conversing import readings, said


def heard(short: str, data: str):
    return said(converse(), [CharacteristicRead(whole(short), bytes.fromhex(data))])


def reading(short: str, data: str):
    [only] = readings(heard(short, data))
    return only


@pytest.mark.parametrize(
    ("short", "data", "status"),
    [
        ("2a6e", "0080", Status.NOT_MEASURED),
        ("2a6f", "ffff", Status.NOT_MEASURED),
        ("2b8c", "ffff", Status.NOT_MEASURED),
        ("2b8c", "feff", Status.ABOVE_RANGE),
    ],
)
def test_what_stands_for_no_value_never_becomes_one(short, data, status):
    assert (None, status) == (reading(short, data).value, reading(short, data).status)


def test_a_temperature_below_zero_is_below_zero():
    assert "-0.01" == str(reading("2a6e", "ffff").value)


def test_a_dew_point_below_zero_is_below_zero():
    assert "-5" == str(reading("2a7b", "fb").value)


def test_gases_in_air_are_those_of_the_room_and_never_of_the_flue():
    assert Quantity.CARBON_DIOXIDE_AMBIENT is reading("2b8c", "e204").quantity


def test_methane_is_stated_as_a_concentration_in_parts_per_billion():
    methane = reading("2bd1", "14f0")

    assert ("2.0", Unit.PPB, "methane") == (str(methane.value), methane.unit, methane.substance)


def test_methane_that_is_no_number_is_an_error_that_says_so():
    methane = reading("2bd1", "ff07")

    assert (None, Status.ERROR, "NaN") == (methane.value, methane.status, methane.detail)


def test_carbon_monoxide_is_never_given_a_unit_that_sources_do_not_agree_on():
    assert [Unmapped("carbon monoxide (2bd0)")] == heard("2bd0", "0200")


@pytest.mark.parametrize("short", ["2a6e", "2a6f", "2a6d", "2a7b", "2b8c", "2bd1", "2a19"])
@pytest.mark.parametrize("data", ["", "0000000000"])
def test_a_value_of_another_length_is_refused(short, data):
    [rejected] = heard(short, data)

    assert isinstance(rejected, FrameRejected)


def test_a_sensor_is_known_by_its_service_and_its_identity_is_weak():
    identity = identify(AdvertisementSeen("x", service_uuids=frozenset({whole("181a")})))

    assert identity.weak
    assert identify(AdvertisementSeen("x", service_uuids=frozenset({whole("180f")}))) is None


def test_bytes_without_their_characteristic_are_no_value():
    [rejected] = decode(bytes.fromhex("ca09"))

    assert isinstance(rejected, FrameRejected)
