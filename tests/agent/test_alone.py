"""One agent a data folder."""

import subprocess
import sys

import pytest

from agent.adapters.alone import AlreadyRunningError, alone

HOLD = """
import pathlib, sys
from agent.adapters.alone import alone

with alone(pathlib.Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_agent_on_one_folder_is_refused(tmp_path):
    with (
        alone(tmp_path),
        pytest.raises(AlreadyRunningError, match="name another folder"),
        alone(tmp_path),
    ):
        pass
    with alone(tmp_path):
        pass


def test_two_folders_are_two_agents(tmp_path):
    with alone(tmp_path / "a"), alone(tmp_path / "b"):
        pass


def test_an_agent_that_was_killed_holds_nothing(tmp_path):
    other = subprocess.Popen(
        [sys.executable, "-c", HOLD, tmp_path], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    try:
        other.stdout.readline()
        with pytest.raises(AlreadyRunningError), alone(tmp_path):
            pass
    finally:
        other.kill()
        other.communicate()
    with alone(tmp_path):
        pass
