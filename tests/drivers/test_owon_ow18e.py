"""OW18E: everything is named, nothing is mapped."""

import pytest

from drivers.kit.dialogue import FrameRejected, Unmapped
from drivers.probe.owon_ow18e import OWON_OW18E, decode


@pytest.mark.parametrize(
    ("data", "name"),
    [
        ("62f004009331", "AC voltage 126.91 V"),
        ("62f0040093b1", "AC voltage -126.91 V"),
        ("22f004009331", "function 22f00400, count 12691"),
        ("62f00c009331", "function 62f00c00, count 12691"),
    ],
)
def test_only_the_published_head_has_a_meaning(data, name):
    assert [Unmapped(name)] == list(decode(bytes.fromhex(data)))


def test_what_is_left_over_is_rejected():
    first, rejected = decode(bytes.fromhex("62f00400933162"))

    assert Unmapped("AC voltage 126.91 V") == first
    assert isinstance(rejected, FrameRejected)


def test_there_is_no_way_to_connect_and_no_quantity():
    assert ((), frozenset()) == (OWON_OW18E.links, OWON_OW18E.quantities)
