"""DISTO: a number without a unit is no distance."""

import pytest

from contract.reading import Status
from drivers.kit.dialogue import FrameRejected, ReadingsReceived
from drivers.kit.link import AdvertisementSeen, CharacteristicRead, Notified
from drivers.probe.leica_disto import DISTANCE, SERVICE, UNIT, converse, decode, identify
from tests.drivers.conversing import readings, said

SHOWN = Notified(DISTANCE, bytes.fromhex("0000c03f"))


@pytest.mark.parametrize("code", ["0000", "0100", "ffff"])
def test_whatever_the_unit_code_a_distance_has_no_value_and_names_it(code):
    [reading] = readings(said(converse(), [CharacteristicRead(UNIT, bytes.fromhex(code)), SHOWN]))

    assert (None, Status.ERROR) == (reading.value, reading.status)
    assert "1.5" in reading.detail
    assert code in reading.detail


def test_the_unit_of_the_last_connection_is_forgotten():
    said(converse(), [CharacteristicRead(UNIT, b"\x01\x00")])
    [reading] = readings(said(converse(), [SHOWN]))

    assert "not read" in reading.detail


def test_an_answer_without_a_distance_still_says_that_it_is_there():
    assert [ReadingsReceived(())] == said(converse(), [CharacteristicRead(UNIT, b"\x01\x00")])


def test_a_distance_that_is_no_number_says_so():
    [reading] = readings(decode(bytes.fromhex("ffffffff")))

    assert "no number" in reading.detail


def test_a_distance_of_another_length_is_refused():
    [rejected] = decode(b"\x00")

    assert isinstance(rejected, FrameRejected)


def test_it_is_known_by_its_service_and_its_identity_is_weak():
    assert identify(AdvertisementSeen(service_uuids=frozenset({SERVICE}))).weak
    assert identify(AdvertisementSeen("DISTO")) is None
