"""Device Information and Battery, and characteristics that are not there."""

import pytest

from drivers.kit import standard_services
from drivers.kit.dialogue import FrameRejected, IdentityStated
from drivers.kit.errors import FrameError
from drivers.kit.link import CharacteristicRead, Failed, ReadCharacteristic
from drivers.kit.polling import CharacteristicPolling
from drivers.kit.standard_services import BATTERY, FIRMWARE, SERIAL


def polling() -> CharacteristicPolling:
    return CharacteristicPolling(standard_services.read, poll=(BATTERY, SERIAL))


def test_serial_and_firmware_are_stated_each_for_itself():
    assert [IdentityStated(serial="23146558")] == list(standard_services.read(SERIAL, b"23146558"))
    assert [IdentityStated(firmware="1.05")] == list(standard_services.read(FIRMWARE, b"1.05 "))


def test_an_empty_serial_states_none():
    assert [IdentityStated()] == list(standard_services.read(SERIAL, b""))


@pytest.mark.parametrize("text", [b"\xff", b"A\x001"])
def test_a_serial_that_is_no_text_is_refused(text):
    with pytest.raises(FrameError):
        list(standard_services.read(SERIAL, text))


def test_a_battery_of_two_bytes_is_refused():
    with pytest.raises(FrameError, match="2 bytes"):
        list(standard_services.read(BATTERY, b"\x64\x00"))


def test_a_characteristic_that_is_not_there_is_reported_once_and_the_others_go_on():
    talk, missing = polling(), Failed(ReadCharacteristic(BATTERY), "not found")
    talk.connection_made(0.0)
    for now in range(1, 4):
        talk.receive(missing, float(now))
        talk.receive(CharacteristicRead(SERIAL, b"A1"), float(now))

    said = list(talk.out.events())
    assert [FrameRejected(f"{BATTERY}: not found")] == [
        each for each in said if isinstance(each, FrameRejected)
    ]
    assert 3 == said.count(IdentityStated(serial="A1"))


def test_a_characteristic_that_answered_again_may_be_reported_again():
    talk, missing = polling(), Failed(ReadCharacteristic(BATTERY), "not found")
    for event in (missing, CharacteristicRead(BATTERY, b"\x64"), missing):
        talk.receive(event, 0.0)

    assert 2 == sum(isinstance(each, FrameRejected) for each in talk.out.events())
