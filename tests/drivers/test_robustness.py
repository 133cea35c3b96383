"""No bytes from any wire crash a driver, and none becomes a value without a valid check."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.catalog import BUILT_IN, INSTRUMENTS
from drivers.combustion.testo_300.dialogue import CHUNKS
from drivers.kit.description import BleLink, BroadcastLink, LanLink
from drivers.kit.dialogue import Act
from drivers.kit.link import (
    AdvertisementSeen,
    CharacteristicRead,
    CharacteristicWritten,
    Failed,
    HttpAnswered,
    HttpGet,
    Notified,
    ReadCharacteristic,
    ReadRegisters,
    Received,
    RegistersRead,
    Send,
    Subscribe,
    Subscribed,
)
from tests import recordings
from tests.drivers.conversing import conversation, readings


def _key(link):
    size = getattr(link, "key_size", None)
    return None if size is None else bytes(size)


UNCHECKED = {"bthome", "eti-bluetherm"}
"""Instruments whose bytes carry no check value of their own: Bluetooth checks them on the way."""

CONVERSATIONS = [
    pytest.param(
        each.slug, link.medium, key, id=f"{each.slug}-{link.medium}{'-key' if key else ''}"
    )
    for each in INSTRUMENTS
    for link in each.links
    for key in dict.fromkeys((None, _key(link)))
]
"""Every way to speak with every instrument."""


def asked(slug, medium, key):
    talk = conversation(slug, medium, key)
    talk.connection_made(0.0)
    return list(talk.out.requests())


REQUESTS = [
    *(each for param in CONVERSATIONS for each in asked(*param.values)),
    Send(b""),
    HttpGet("/data"),
    ReadCharacteristic(CHUNKS[0]),
    Subscribe("0000ffff-0000-1000-8000-00805f9b34fb"),
    ReadRegisters("input", 9, 1),
]
HEARD = [event for recording in recordings.ALL for event in recording.events]

anything = st.binary(max_size=80)
requests = st.sampled_from(REQUESTS)
uuids = st.sampled_from(
    sorted(
        {
            *(each.uuid for each in REQUESTS if isinstance(each, Subscribe | ReadCharacteristic)),
            *(each.uuid for each in HEARD if isinstance(each, Notified | CharacteristicRead)),
            *(
                u
                for each in HEARD
                if isinstance(each, AdvertisementSeen)
                for u in each.service_data
            ),
        }
    )
)
blocks = st.sampled_from([each for each in REQUESTS if isinstance(each, ReadRegisters)])
link_events = st.one_of(
    st.builds(Received, anything),
    st.builds(Notified, uuids, anything),
    st.builds(CharacteristicRead, uuids, anything),
    st.builds(CharacteristicWritten, uuids),
    st.builds(Subscribed, uuids),
    st.builds(HttpAnswered, st.just("/data"), st.integers(100, 599), anything),
    st.builds(RegistersRead, blocks, st.lists(st.integers(-1, 70000), max_size=8).map(tuple)),
    st.builds(
        AdvertisementSeen,
        st.text(max_size=8),
        st.sampled_from(["54:48:E6:8F:80:A5", "6A1B2C3D-0000", ""]),
        service_data=st.dictionaries(uuids, anything, max_size=2),
    ),
    st.builds(Failed, requests, st.just("x")),
)
happenings = st.one_of(link_events, st.sampled_from(Act), st.just("timer"))


@pytest.mark.parametrize(("slug", "medium", "key"), CONVERSATIONS)
@settings(max_examples=300)
@given(events=st.lists(happenings, max_size=30))
def test_anything_may_happen_on_a_link(slug, medium, key, events):
    talk = conversation(slug, medium, key)
    talk.connection_made(0.0)
    for now, event in enumerate(events):
        if event == "timer":
            talk.timer_fired(float(now))
        elif isinstance(event, Act):
            talk.act(event, float(now))
        else:
            talk.receive(event, float(now))
        list(talk.out.requests())
        list(talk.out.events())


@pytest.mark.parametrize("instrument", INSTRUMENTS, ids=lambda each: each.slug)
@settings(max_examples=500)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_decoded_without_an_exception_and_no_value_without_a_check(instrument, data):
    values = [each.value for each in readings(instrument.decode(data))]

    assert instrument.slug in UNCHECKED or all(each is None for each in values)


@settings(max_examples=400)
@given(
    recording=st.sampled_from(
        [each for each in recordings.ALL if each.slug == "testo-smart-probe"]
    ),
    data=st.data(),
)
def test_a_probe_frame_with_flipped_bits_never_becomes_a_value(recording, data):
    frame = bytearray(recording.events[0].data)
    flips = data.draw(st.sets(st.integers(0, len(frame) * 8 - 1), min_size=1, max_size=3))
    for bit in flips:
        frame[bit // 8] ^= 1 << bit % 8

    assert [] == readings(BUILT_IN["testo-smart-probe"].decode(bytes(frame)))


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "channels",
                    "errors",
                    "device",
                    "type",
                    "unit",
                    "values",
                    "value",
                    "xmlid",
                    "name",
                    "exponent",
                    "description",
                    "status",
                    "serial",
                    "errorcode",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=25,
)


@settings(max_examples=500)
@given(document=json_values)
def test_any_json_document_is_survived(document):
    body = json.dumps({"channels": document, "errors": document, "device": document}).encode()
    list(BUILT_IN["testo-300"].decode(body))


@settings(max_examples=300)
@given(name=st.text(max_size=40), datagram=st.binary(max_size=200))
def test_any_local_name_and_any_datagram_is_survived(name, datagram):
    for instrument in INSTRUMENTS:
        for link in instrument.links:
            if isinstance(link, BleLink | BroadcastLink):
                link.identify(AdvertisementSeen(name))
            elif isinstance(link, LanLink):
                link.identify(datagram, "10.0.0.9")


@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"channels":' * 50_000])
def test_a_deeply_nested_document_is_rejected(deep):
    [rejected] = BUILT_IN["testo-300"].decode(deep)

    assert "JSON" in rejected.reason
