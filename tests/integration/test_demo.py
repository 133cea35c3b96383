"""The demonstration as a process: what stops it stops all of it, and what ends in it is told."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from firmware_sims.demo.alone import alone
from tests.integration.gateway_process import wait_until
from tests.system_parts import require

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]
PARTS = 5
"""Broker, gateway, air, scanner and agent."""


class Demo:
    """A running `releve demo`."""

    def __init__(self, folder: Path, *, deaf: bool = False) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-P", "-m", "releve", "demo", "--data", str(folder)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=_ignore_interrupts if deaf else None,  # noqa: PLW1509 - as a script's background job
        )
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if "Ctrl-C stops everything" in line:
                break
        self.children = psutil.Process(self.process.pid).children()

    def child(self, words: str) -> psutil.Process:
        return next(each for each in self.children if words in " ".join(each.cmdline()))

    def ended(self) -> tuple[int, str]:
        """Return the exit code and what was said on standard error."""
        _, said = self.process.communicate(timeout=30)
        return self.process.returncode, said

    def all_gone(self) -> bool:
        return not any(each.is_running() for each in self.children)


def _ignore_interrupts() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Demo]]:
    require("mosquitto", because="the broker")
    started: list[Demo] = []

    def start(*, deaf: bool = False) -> Demo:
        started.append(Demo(tmp_path, deaf=deaf))
        return started[-1]

    yield start
    for each in started:
        each.process.kill()
        each.process.communicate()
        wait_until(each.all_gone)


@pytest.mark.parametrize(("sign", "deaf"), [(signal.SIGINT, True), (signal.SIGTERM, False)])
def test_a_signal_to_its_group_stops_every_process(
    start: Callable[..., Demo], sign: signal.Signals, deaf: bool
) -> None:
    """Ctrl-C too where it was ignored when the demonstration started."""
    demo = start(deaf=deaf)

    os.killpg(demo.process.pid, sign)

    assert (0, "") == demo.ended()
    assert PARTS == len(demo.children)
    assert demo.all_gone()


def test_a_demonstration_that_is_killed_leaves_no_process_behind(
    start: Callable[..., Demo],
) -> None:
    demo = start()

    demo.process.kill()

    wait_until(demo.all_gone, 10)
    assert PARTS == len(demo.children)


def test_a_process_that_ends_by_itself_is_named_and_ends_the_others(
    start: Callable[..., Demo],
) -> None:
    demo = start()

    demo.child("mosquitto").kill()

    code, said = demo.ended()
    assert 1 == code
    assert "broker ended by itself with exit code -9 (SIGKILL)" in said
    assert demo.all_gone()


def as_it_stands(folder: Path) -> dict[Path, tuple[int, bytes]]:
    """Return every file of the folder, with its time and its content."""
    files = [each for each in folder.rglob("*") if each.is_file()]
    return {each: (each.stat().st_mtime_ns, each.read_bytes()) for each in files}


def test_a_second_demonstration_in_a_folder_is_refused_and_touches_nothing(tmp_path: Path) -> None:
    (tmp_path / "mosquitto.conf").write_text("of the first")
    with alone(tmp_path):
        before = as_it_stands(tmp_path)
        second = subprocess.run(
            [sys.executable, "-P", "-m", "releve", "demo", "--data", str(tmp_path)],
            check=False,
            capture_output=True,
            text=True,
            timeout=20,
        )

    assert (1, "") == (second.returncode, second.stdout)
    assert "runs in this folder already; stop it, or name another with --data" in second.stderr
    assert before == as_it_stands(tmp_path)


def agent_of(demo: psutil.Process) -> psutil.Process | None:
    for each in demo.children():
        with suppress(psutil.Error):  # short commands come and go
            if "--http-port" in each.cmdline():
                return each
    return None


def test_a_check_names_the_process_that_ended_under_it(tmp_path: Path) -> None:
    require("mosquitto", because="the broker")
    check = [sys.executable, "-P", "-m", "releve", "demo", "--check", "--json"]
    with subprocess.Popen(
        [*check, "--data", str(tmp_path)], stdout=subprocess.PIPE, text=True
    ) as process:
        agent = wait_until(lambda: agent_of(psutil.Process(process.pid)))
        agent.terminate()
        said, _ = process.communicate(timeout=50)
    outcome = json.loads(said)

    assert (1, False) == (process.returncode, outcome["held"])
    assert "agent ended by itself with exit code" in outcome["steps"][-1]["seen"]
    assert outcome["setup_seconds"] > 0
