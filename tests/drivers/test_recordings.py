"""Every driver reads every recording as the instrument's screen showed it."""

import pytest

from drivers.kit.dialogue import CodeScanned
from drivers.kit.link import Notified
from tests import recordings
from tests.drivers.conversing import (
    byte_by_byte,
    heard_in,
    is_stream,
    readings,
    rejections,
)

STREAMS = [each for each in recordings.ALL if is_stream(each)]
FRAMED = [each for each in STREAMS if each.slug == "testo-smart-probe"]


@pytest.mark.parametrize("recording", recordings.ALL, ids=str)
def test_readings_match_the_screen(recording):
    heard = heard_in(recording, recording.events)

    assert list(recording.readings) == readings(heard)
    assert recording.rejected == len(rejections(heard))


@pytest.mark.parametrize("recording", STREAMS, ids=str)
def test_a_stream_may_be_cut_anywhere(recording):
    heard = heard_in(recording, byte_by_byte(recording))

    assert list(recording.readings) == readings(heard)
    assert recording.rejected == len(rejections(heard))


@pytest.mark.parametrize("recording", FRAMED, ids=str)
@pytest.mark.parametrize(
    "noise", [b"\x00\x55", bytes(range(7)), b"\x10\x80\x20\x00\x00\x00\x08\x95"]
)
def test_noise_around_the_frames_is_skipped_and_reported(recording, noise):
    [first, *_] = recording.events
    around = [Notified(first.uuid, noise), *recording.events, Notified(first.uuid, noise * 3)]

    heard = heard_in(recording, around)

    assert list(recording.readings) == readings(heard)
    assert rejections(heard) or not recording.readings


def test_codes_keep_their_group_separators():
    [codes] = [each for each in recordings.ALL if str(each) == "scanner-line/codes"]

    heard = heard_in(codes, codes.events)

    assert [
        CodeScanned("3666123456789"),
        CodeScanned("0103453120000011\x1d21ABC", aim="]C1"),
    ] == heard
