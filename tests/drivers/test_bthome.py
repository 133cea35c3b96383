"""BTHome advertisements: opened with the right key, in order, each once, and no object guessed."""

import pytest
from cryptography.hazmat.primitives.ciphers.aead import AESCCM

from contract.quantity import Quantity
from drivers.kit.dialogue import FaultStated, FrameRejected, ReadingsReceived, Unmapped
from drivers.kit.link import AdvertisementSeen
from drivers.probe.bthome.description import BTHOME, converse, decode, identify
from drivers.probe.bthome.listener import SERVICE
from tests.drivers.conversing import readings

KEY = bytes.fromhex("231d39c1d7cc1ab1aee224cd096db932")
ADDRESS = "54:48:E6:8F:80:A5"
MAC = bytes.fromhex("5448e68f80a5")
SEALED = "41 a47266c95f73 00112233 78237214"


def seen(data: str | bytes, address: str = ADDRESS) -> AdvertisementSeen:
    raw = bytes.fromhex(data) if isinstance(data, str) else data
    return AdvertisementSeen(address=address, service_data={SERVICE: raw})


def heard(*advertisements: AdvertisementSeen, key: bytes | None = None):
    talk = converse(key)
    for each in advertisements:
        talk.receive(each, 0.0)
    return list(talk.out.events())


def sealed(counter: int, payload: str, info: int = 0x41) -> bytes:
    count = counter.to_bytes(4, "little")
    nonce = MAC + b"\xd2\xfc" + bytes([info]) + count
    both = AESCCM(KEY, tag_length=4).encrypt(nonce, bytes.fromhex(payload), None)
    mac = MAC[::-1] if info & 2 else b""
    return bytes([info]) + mac + both[:-4] + count + both[-4:]


def values(events) -> list[str]:
    return [str(each.value) for each in readings(events)]


def test_the_published_vector_opens_with_its_key():
    assert ["25.06", "50.55"] == values(heard(seen(SEALED), key=KEY))


def test_another_key_opens_nothing():
    [rejected] = heard(seen(SEALED), key=bytes(16))

    assert isinstance(rejected, FrameRejected)


@pytest.mark.parametrize("key", [None, b"", bytes(8), bytes(32)])
def test_without_a_key_that_fits_it_is_said_that_one_is_needed(key):
    [fault] = heard(seen(SEALED), key=key)

    assert isinstance(fault, FaultStated)
    assert "key" in fault.reason


@pytest.mark.parametrize("address", ["", "6A1B2C3D-0E4F-4A5B-8C6D-7E8F9A0B1C2D"])
def test_a_system_that_tells_no_address_cannot_decrypt(address):
    [fault] = heard(seen(SEALED, address), key=KEY)

    assert isinstance(fault, FaultStated)
    assert "address" in fault.reason


def test_an_address_in_the_data_is_taken_from_there():
    assert ["12.50"] == values(heard(seen(sealed(1, "02e204", info=0x43), ""), key=KEY))


@pytest.mark.parametrize("bit", range(8 * 15))
def test_an_encrypted_advertisement_with_a_flipped_bit_is_never_a_value(bit):
    damaged = bytearray.fromhex(SEALED)
    damaged[bit // 8] ^= 1 << bit % 8

    assert [] == readings(heard(seen(bytes(damaged)), key=KEY))


def test_an_older_counter_is_refused():
    *first, rejected = heard(seen(sealed(256, "02e204")), seen(sealed(255, "02e304")), key=KEY)

    assert ["12.50"] == values(first)
    assert isinstance(rejected, FrameRejected)
    assert "255" in rejected.reason


def test_an_encrypted_advertisement_that_is_heard_twice_counts_once():
    assert ["25.06", "50.55"] == values(heard(seen(SEALED), seen(SEALED), key=KEY))


def test_a_counter_counts_only_once_the_key_fits():
    forged = bytearray(sealed(9, "02e204"))
    forged[-1] ^= 1

    assert ["12.50"] == values(heard(seen(bytes(forged)), seen(sealed(3, "02e204")), key=KEY))


def test_a_plain_advertisement_is_refused_once_a_key_is_known():
    [rejected] = heard(seen("40 02ca09"), key=KEY)

    assert isinstance(rejected, FrameRejected)


def test_the_same_packet_id_counts_once_and_the_next_one_again():
    events = heard(seen("40 0009 02ca09"), seen("40 0009 02cb09"), seen("40 000a 02cc09"))

    assert ["25.06", "25.08"] == values(events)


def test_an_unknown_object_ends_the_reading_and_what_came_before_is_kept():
    events = list(decode(bytes.fromhex("40 02ca09 fe01 03bf13")))

    assert ["25.06"] == values(events)
    assert [Unmapped("object fe")] == events[1:]


@pytest.mark.parametrize(
    ("data", "name"), [("0c020c", "voltage"), ("4b138a14", "gas volume"), ("2901", "smoke")]
)
def test_an_object_that_is_no_quantity_of_ours_is_reported_by_its_name(data, name):
    received, unmapped = decode(bytes.fromhex("40" + data))

    assert ReadingsReceived(()) == received
    assert name in unmapped.name


def test_a_second_temperature_never_takes_the_place_of_the_first():
    events = list(decode(bytes.fromhex("40 02ca09 02cb09")))

    assert ["25.06"] == values(events)
    assert [Unmapped("second temperature")] == events[1:]


def test_a_temperature_below_zero_is_below_zero():
    assert ["-0.01"] == values(decode(bytes.fromhex("40 02ffff")))


def test_gas_in_air_is_that_of_the_room():
    [reading] = readings(decode(bytes.fromhex("40 12e204")))

    assert Quantity.CARBON_DIOXIDE_AMBIENT is reading.quantity


@pytest.mark.parametrize("data", ["", "20 02ca09", "60 02ca09", "40 02ca", "40 00", "42 b218"])
def test_another_version_and_what_is_cut_off_is_rejected_whole(data):
    [rejected] = decode(bytes.fromhex(data))

    assert isinstance(rejected, FrameRejected)


@pytest.mark.parametrize("data", ["41", "41 00112233 782372", "43 b2188d38c1"])
def test_an_encrypted_advertisement_that_is_cut_off_is_rejected(data):
    [rejected] = heard(seen(data), key=KEY)

    assert "hold no" in rejected.reason


def test_a_sensor_is_known_by_its_service_data_and_its_identity_is_weak():
    assert identify(seen("40")).weak
    assert identify(AdvertisementSeen("BTHome")) is None


def test_a_sensor_that_advertises_rarely_is_not_taken_for_silent():
    assert 120 == BTHOME.silent_after
