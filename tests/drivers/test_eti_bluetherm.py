"""ETI thermometers: what is a temperature, and what is not."""

import pytest

from contract.reading import Status
from drivers.kit import standard_services
from drivers.kit.dialogue import ButtonPressed, FaultStated, FrameRejected, Unmapped
from drivers.kit.link import (
    AdvertisementSeen,
    CharacteristicRead,
    Notified,
    ReadCharacteristic,
    Subscribe,
)
from drivers.probe.eti_bluetherm import (
    ETI_BLUETHERM,
    NOTICES,
    SENSOR_1,
    SENSOR_2,
    converse,
    decode,
    identify,
)
from tests.drivers.conversing import readings, said


def heard(uuid: str, data: str):
    return said(converse(), [Notified(uuid, bytes.fromhex(data))])


def test_the_digits_are_those_of_the_number_sent_and_no_display_rounds_them():
    [reading] = readings(heard(SENSOR_1, "d7b7ac41"))

    assert "21.589766" == str(reading.value)


def test_a_sensor_error_is_an_error_without_value():
    [reading] = readings(heard(SENSOR_1, "ffffffff"))

    assert (None, Status.ERROR) == (reading.value, reading.status)


@pytest.mark.parametrize("data", ["", "d7b7ac", "d7b7ac4100"])
def test_a_first_sensor_of_another_length_is_refused(data):
    [rejected] = heard(SENSOR_1, data)

    assert isinstance(rejected, FrameRejected)


def test_a_second_sensor_never_takes_the_place_of_the_first():
    assert [Unmapped("sensor 2")] == heard(SENSOR_2, "d7b7ac41")


def test_a_second_sensor_that_is_disabled_says_nothing():
    assert [] == heard(SENSOR_2, "")


def test_the_button_is_a_button():
    assert [ButtonPressed()] == heard(NOTICES, "0100")


def test_an_instrument_that_switches_itself_off_says_so():
    [fault] = heard(NOTICES, "0200")

    assert isinstance(fault, FaultStated)


@pytest.mark.parametrize("data", ["0300", "0400", "0500", "3412"])
def test_any_other_notification_is_reported_by_its_number(data):
    [unmapped] = heard(NOTICES, data)

    assert f"{data[2:]}{data[:2]}" in unmapped.name


def test_nothing_is_ever_written_and_no_sensor_is_read_between_two_measurements():
    talk = converse()
    talk.connection_made(0.0)
    asked = list(talk.out.requests())
    talk.timer_fired(talk.next_timer)
    asked += talk.out.requests()

    assert {Subscribe, ReadCharacteristic} == {type(each) for each in asked}
    assert [] == [
        each
        for each in asked
        if isinstance(each, ReadCharacteristic) and each.uuid in {SENSOR_1, SENSOR_2}
    ]


def test_the_link_is_kept_through_the_longest_interval_between_measurements():
    assert ETI_BLUETHERM.silent_after > 60


@pytest.mark.parametrize(
    ("name", "serial", "model"),
    [
        ("12345678 ThermaQ Blue", "12345678", "ThermaQ Blue"),
        ("12345678 ThermapenBlue", "12345678", "ThermapenBlue"),
    ],
)
def test_the_name_begins_with_the_serial(name, serial, model):
    identity = identify(AdvertisementSeen(name))

    assert (serial, model) == (identity.serial, identity.model)


@pytest.mark.parametrize(
    "name", ["ThermaQ Blue", "12345678", "12345678 ThermaQ WiFi", "x12345678 ThermaQ Blue", ""]
)
def test_another_name_is_another_instrument(name):
    assert identify(AdvertisementSeen(name)) is None


def test_bytes_alone_are_read_as_the_first_sensor():
    assert readings(decode(bytes.fromhex("d7b7ac41"))) == readings(heard(SENSOR_1, "d7b7ac41"))
    [rejected] = decode(b"\x00")
    assert isinstance(rejected, FrameRejected)


def test_the_serial_of_the_device_information_is_stated():
    [stated] = said(converse(), [CharacteristicRead(standard_services.SERIAL, b"23146558")])

    assert "23146558" == stated.serial
