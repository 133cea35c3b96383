"""The fixtures for other people's tests say why a simulator did not start."""

import pytest

from firmware_sims.demo.children import ChildError
from firmware_sims.testing import bench


def test_a_fault_that_is_not_known_is_named_with_those_that_are(tmp_path):
    with bench(tmp_path) as releve, pytest.raises(ChildError, match=r"knows .*silence"):
        releve.simulator("winsen-mhz19", "--fault", "smoke")
