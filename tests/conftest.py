"""What holds for every test: chance is repeatable, missing parts are counted, nothing is left."""

import os
import uuid
from collections import Counter
from collections.abc import Iterator

import hypothesis
import psutil
import pytest

from tests.system_parts import MARK

# Slow machines are not a failure. Hypothesis has its own profile for CI, without a deadline too.
hypothesis.settings.register_profile("releve", deadline=None)
if os.environ.get("CI") != "true":
    hypothesis.settings.load_profile("releve")

RUN_VARIABLE = "PYTEST_RUN_THAT_STARTED_THIS"
"""In the environment of every process that this run starts, at whatever depth."""

PARTING_SECONDS = 2.0
"""How long a process that was told to end may take before it counts as left behind."""

_left_behind: list[str] = []


def pytest_configure() -> None:
    """Mark the processes that this run will start."""
    os.environ[RUN_VARIABLE] = uuid.uuid4().hex


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """End the processes that tests left behind, and fail the run for it."""
    started = list(_started_by_this_run())
    _, alive = psutil.wait_procs(started, timeout=PARTING_SECONDS)
    for process in alive:
        _left_behind.append(_describe(process))
        process.terminate()
    for process in psutil.wait_procs(alive, timeout=PARTING_SECONDS)[1]:
        process.kill()
    if _left_behind and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Count the tests skipped for a missing part, and name the processes left behind."""
    reasons = Counter(
        reason
        for report in terminalreporter.stats.get("skipped", [])
        if (reason := _missing_part(report))
    )
    if reasons:
        listed = "; ".join(f"{count} for {part}" for part, count in sorted(reasons.items()))
        terminalreporter.write_line(
            f"{reasons.total()} skipped for missing system parts: {listed}", yellow=True
        )
    for process in _left_behind:
        terminalreporter.write_line(f"process left behind: {process}", red=True)


def _missing_part(report: pytest.TestReport) -> str | None:
    if not isinstance(report.longrepr, tuple):
        return None
    _, mark, part = report.longrepr[2].partition(MARK)
    return part if mark else None


def _started_by_this_run() -> Iterator[psutil.Process]:
    for process in psutil.process_iter():
        try:
            if process.environ().get(RUN_VARIABLE) != os.environ[RUN_VARIABLE]:
                continue
            # The standard library's own helper ends with this process, never before it.
            if "multiprocessing.resource_tracker" not in " ".join(process.cmdline()):
                yield process
        except psutil.Error:
            continue  # it ended meanwhile, or is somebody else's


def _describe(process: psutil.Process) -> str:
    try:
        return f"{process.pid} {' '.join(process.cmdline())}"
    except psutil.Error:
        return str(process.pid)
