"""No bytes from any wire crash a driver, and none becomes a value without a valid check."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.catalog import BY_SLUG, INSTRUMENTS
from drivers.combustion.testo_300.dialogue import CHUNKS, COUNT
from drivers.kit.description import BleLink, LanLink
from drivers.kit.dialogue import Act
from drivers.kit.link import (
    CharacteristicRead,
    CharacteristicWritten,
    Failed,
    HttpAnswered,
    HttpGet,
    Notified,
    ReadCharacteristic,
    Received,
    RegistersRead,
    Send,
    Subscribe,
    Subscribed,
)
from drivers.probe.testo_smart_probe.dialogue import NOTIFY
from tests import recordings
from tests.drivers.conversing import conversation, readings

MEDIA = [
    ("testo-300", "ble"),
    ("testo-300", "lan"),
    ("testo-smart-probe", "ble"),
    ("scanner-line", "serial"),
]

anything = st.binary(max_size=80)
uuids = st.sampled_from([NOTIFY, COUNT, *CHUNKS[:3], "0000ffff-0000-1000-8000-00805f9b34fb"])
link_events = st.one_of(
    st.builds(Received, anything),
    st.builds(Notified, uuids, anything),
    st.builds(CharacteristicRead, uuids, anything),
    st.builds(CharacteristicWritten, uuids),
    st.builds(Subscribed, uuids),
    st.builds(HttpAnswered, st.just("/data"), st.integers(100, 599), anything),
    st.builds(RegistersRead, st.integers(0, 65535), st.tuples(st.integers(0, 65535))),
    st.sampled_from(
        [
            Failed(Send(b""), "x"),
            Failed(Subscribe(NOTIFY), "x"),
            Failed(ReadCharacteristic(COUNT), "x"),
            Failed(HttpGet("/data"), "x"),
        ]
    ),
)
happenings = st.one_of(link_events, st.sampled_from(Act), st.just("timer"))


@pytest.mark.parametrize(("slug", "medium"), MEDIA)
@settings(max_examples=300)
@given(events=st.lists(happenings, max_size=30))
def test_anything_may_happen_on_a_link(slug, medium, events):
    talk = conversation(slug, medium)
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
def test_any_bytes_are_decoded_without_an_exception(instrument, data):
    assert [] == readings(instrument.decode(data))


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

    assert [] == readings(BY_SLUG["testo-smart-probe"].decode(bytes(frame)))


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
    list(BY_SLUG["testo-300"].decode(body))


@settings(max_examples=300)
@given(name=st.text(max_size=40), datagram=st.binary(max_size=200))
def test_any_local_name_and_any_datagram_is_survived(name, datagram):
    for instrument in INSTRUMENTS:
        for link in instrument.links:
            if isinstance(link, BleLink):
                link.identify(name)
            elif isinstance(link, LanLink):
                link.identify(datagram, "10.0.0.9")


@pytest.mark.parametrize("deep", [b"[" * 100_000, b'{"channels":' * 50_000])
def test_a_deeply_nested_document_is_rejected(deep):
    [rejected] = BY_SLUG["testo-300"].decode(deep)

    assert "JSON" in rejected.reason
