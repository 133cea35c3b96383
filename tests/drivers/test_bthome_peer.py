"""BTHome against bthome-ble, which another project keeps: both read the same numbers in the same advertisements."""

from decimal import Decimal

import pytest
from bleak.backends.device import BLEDevice
from bleak.backends.scanner import AdvertisementData
from bthome_ble import BTHomeBluetoothDeviceData
from cryptography.hazmat.primitives.ciphers.aead import AESCCM
from habluetooth import BluetoothServiceInfoBleak
from hypothesis import given
from hypothesis import strategies as st

from drivers.kit.link import AdvertisementSeen
from drivers.probe.bthome.listener import SERVICE, Listener
from tests.drivers.conversing import readings

MAC = "54:48:E6:8F:80:A5"
KEY = bytes.fromhex("231d39c1d7cc1ab1aee224cd096db932")
PEERS_NAMES = {
    "battery_level": "battery",
    "temperature": "temperature",
    "relative_humidity": "humidity",
    "absolute_pressure": "pressure",
    "mass": "mass",
    "carbon_dioxide_ambient": "carbon_dioxide",
}


def ours(data, key=None):
    listener = Listener(key)
    seen = AdvertisementSeen(address=MAC, service_data={SERVICE: data})
    return {PEERS_NAMES[each.quantity]: each.value for each in readings(listener.hear(seen))}


def theirs(data, key=None):
    peer = BTHomeBluetoothDeviceData(bindkey=key)
    advertised = AdvertisementData("x", {}, {SERVICE: data}, [], None, -60, ())
    heard = BluetoothServiceInfoBleak(
        "x",
        MAC,
        -60,
        {},
        {SERVICE: data},
        [],
        "local",
        BLEDevice(MAC, "x", {}),
        advertised,
        True,
        0.0,
        None,
    )
    said = peer.update(heard)
    return {
        each.device_key.key: Decimal(str(each.native_value))
        for each in said.entity_values.values()
        if each.device_key.key in PEERS_NAMES.values()
    }


@pytest.mark.parametrize(
    "data",
    [
        "40 02ca09 03bf13",
        "40 04138a01",
        "40 0009 015d 025d09 03b718",
        "40 12e204",
        "40 065e1f",
        "40 0c020c",
    ],
)
def test_the_published_advertisements_are_read_alike(data):
    sent = bytes.fromhex(data)

    assert theirs(sent) == ours(sent)


objects = st.one_of(
    st.tuples(st.just(0x01), st.binary(min_size=1, max_size=1)),
    st.tuples(st.sampled_from([0x02, 0x03, 0x06, 0x12]), st.binary(min_size=2, max_size=2)),
    st.tuples(st.just(0x04), st.binary(min_size=3, max_size=3)),
)


def payload(drawn):
    return b"".join(bytes([number]) + value for number, value in drawn)


several = st.lists(objects, min_size=1, max_size=4, unique_by=lambda each: each[0]).map(payload)


@given(several)
def test_any_numbers_are_read_alike(sent):
    assert theirs(b"\x40" + sent) == ours(b"\x40" + sent)


@given(several, st.integers(0, 2**32 - 1))
def test_what_is_encrypted_is_opened_alike(sent, count):
    counter = count.to_bytes(4, "little")
    nonce = bytes.fromhex(MAC.replace(":", "")) + b"\xd2\xfc\x41" + counter
    sealed = AESCCM(KEY, tag_length=4).encrypt(nonce, sent, None)
    data = b"\x41" + sealed[:-4] + counter + sealed[-4:]

    assert theirs(data, KEY) == ours(data, KEY)
