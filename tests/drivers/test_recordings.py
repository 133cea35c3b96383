"""Every driver reads every recording as the instrument's screen showed it."""

import pytest

from drivers.kit.dialogue import CodeScanned, ReadingsReceived
from tests import recordings
from tests.drivers.conversing import (
    again,
    heard_in,
    in_pieces,
    is_stream,
    readings,
    rejections,
)

STREAMS = [each for each in recordings.ALL if is_stream(each)]
CHECKED = {
    "keller-absolute",
    "keller-gauge",
    "testo-330-2-ll",
    "testo-smart-probe",
    "winsen-mhz19",
    "zebra-ssi",
}
"""Instruments whose frames are found among other bytes by their check value."""
FRAMED = [each for each in STREAMS if each.slug in CHECKED]
PROBE = [each for each in STREAMS if each.slug == "testo-smart-probe"]


@pytest.mark.parametrize("recording", recordings.ALL, ids=str)
def test_readings_match_the_screen(recording):
    heard = heard_in(recording, recording.events)

    assert list(recording.readings) == readings(heard)
    assert recording.rejected == len(rejections(heard))


def said_by(recording, events):
    """Return what counts: readings and codes."""
    return [
        each
        for event in heard_in(recording, events)
        for each in (event.readings if isinstance(event, ReadingsReceived) else (event,))
        if isinstance(event, ReadingsReceived | CodeScanned)
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 7, 11, 19, 20, 21])
@pytest.mark.parametrize("recording", STREAMS, ids=str)
def test_a_stream_may_be_cut_anywhere(recording, size):
    heard = heard_in(recording, in_pieces(recording, size))

    assert list(recording.readings) == readings(heard)
    assert recording.rejected == len(rejections(heard))


@pytest.mark.parametrize("recording", FRAMED, ids=str)
@pytest.mark.parametrize("noise", [b"\x00\x55", bytes(range(7)), b"\xff" * 5])
def test_noise_around_the_frames_is_skipped(recording, noise):
    [first, *_] = recording.events
    around = [again(first, noise), *recording.events, again(first, noise * 3)]

    assert said_by(recording, recording.events) == said_by(recording, around)


@pytest.mark.parametrize("recording", PROBE, ids=str)
@pytest.mark.parametrize("noise", [bytes(range(7)), b"\x10\x80\x20\x00\x00\x00\x08\x95"])
def test_noise_around_the_frames_of_a_probe_is_skipped_and_reported(recording, noise):
    """The second is a whole header, with nothing behind it."""
    [first, *_] = recording.events
    around = [again(first, noise), *recording.events, again(first, noise * 3)]

    assert list(recording.readings) == readings(heard_in(recording, around))
    assert rejections(heard_in(recording, around))


def test_codes_keep_their_group_separators():
    [codes] = [each for each in recordings.ALL if str(each) == "scanner-line/codes"]

    heard = heard_in(codes, codes.events)

    assert [
        CodeScanned("3666123456789"),
        CodeScanned("0103453120000011\x1d21ABC", aim="]C1"),
    ] == heard
