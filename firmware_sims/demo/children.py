"""Child processes: started, waited for, stopped, and never left behind."""

import ctypes
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

GOES_DOWN_WITHIN = 2.0
"""Seconds in which a process that answers no more has ended, if it does."""
READY_WITHIN = 30.0
STOPS_WITHIN = 8.0
STOPPING = (signal.SIGINT, signal.SIGTERM)
"""The signals that stop a demonstration, with all its processes."""
_PR_SET_PDEATHSIG = 1


class ChildError(Exception):
    """A process did not start, or a command failed; the message holds what it said."""


def releve(*arguments: str) -> list[str]:
    """Return the command line of a `releve` command: never the folder it is called from, always what is installed."""
    return [sys.executable, "-P", "-m", "releve", *arguments]


def _end_with_parent() -> None:
    """Have the kernel end this process when its parent dies, however that happens."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


class Child:
    """One process, with its log in a file."""

    def __init__(
        self, name: str, command: list[str], log: Path, environment: Mapping[str, str]
    ) -> None:
        self.name = name
        self._log = log
        self._drain: threading.Thread | None = None
        with log.open("ab") as sink:
            self._log_begins = sink.tell()
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=sink,
                env={**os.environ, **environment},
                # A group of its own: Ctrl-C reaches the demonstration alone, which stops the others in order.
                start_new_session=True,
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - no threads are running that could hold a lock in it
            )

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def running(self) -> bool:
        return self._process.poll() is None

    def ready(self) -> dict[str, Any]:
        """Wait for the JSON line that says the process is ready; raises ChildError."""
        stdout = self._process.stdout
        if stdout is None:
            raise ChildError(f"{self.name}: no output")
        timer = threading.Timer(READY_WITHIN, self._process.kill)
        timer.start()
        line = stdout.readline()
        timer.cancel()
        try:
            document: dict[str, Any] = json.loads(line)
        except ValueError:
            raise ChildError(f"{self.name} did not start: {self.said()}") from None
        # What it prints later must not fill the pipe.
        self._drain = threading.Thread(target=stdout.read, daemon=True)
        self._drain.start()
        return document

    def said(self) -> str:
        """Return its last words, in one line: what its log says last."""
        own = self._log.read_bytes()[self._log_begins :].decode(errors="replace")
        # A command that was called wrongly draws a box around what it says, over several lines.
        _, box, boxed = own.rpartition("╭")
        if box:
            own = " ".join(each.strip(" │") for each in boxed.splitlines()[1:-1])
        lines = [each.strip() for each in own.splitlines() if each.strip()]
        return in_words(lines[-1]) if lines else "it said nothing"

    def end(self) -> str:
        """Return how it ended, and the last that it said."""
        code = self._process.wait()
        by = f" ({signal.Signals(-code).name})" if code < 0 else ""
        return f"{self.name} ended by itself with exit code {code}{by}: {self.said()}"

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()
        self._close()

    def stop(self) -> None:
        """End it in order; by force when it does not end."""
        if self.running:
            self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._close()

    def _close(self) -> None:
        if self._drain is not None:
            self._drain.join(STOPS_WITHIN)
        if self._process.stdout is not None:
            self._process.stdout.close()


def in_words(line: str) -> str:
    """Return what an entry of a log says happened, and why; any other line as it is."""
    try:
        entry: dict[str, Any] = json.loads(line)
        why = entry.get("reason") or entry.get("error")
        return f"{entry['event']}: {why}" if why else str(entry["event"])
    except (ValueError, TypeError, AttributeError, KeyError):
        return line


class Children:
    """All processes of a demonstration; leaving the block stops them, the last one first."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._children: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        # A second Ctrl-C must not leave half of them running.
        previous = {each: signal.signal(each, signal.SIG_IGN) for each in STOPPING}
        for child in reversed(self._children):
            child.stop()
        for each, handler in previous.items():
            signal.signal(each, handler)

    def start(
        self, name: str, command: list[str], environment: Mapping[str, str] | None = None
    ) -> Child:
        """Start a process."""
        child = Child(name, command, self.folder / f"{name}.log", environment or {})
        self._children.append(child)
        return child

    def ended(self, within: float = 0.0) -> str | None:
        """Return which process ended by itself and how, None while all run; wait so many seconds for one to end."""
        deadline = time.monotonic() + within
        while True:
            gone = next((each.end() for each in self._children if not each.running), None)
            if gone is not None or time.monotonic() >= deadline:
                return gone
            time.sleep(0.05)

    def forget(self, child: Child) -> None:
        """Stop watching a process that was ended on purpose."""
        self._children.remove(child)


def command(*arguments: str, environment: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Run a `releve` command that prints one JSON object, and return it; raises ChildError."""
    done = subprocess.run(
        releve(*arguments),
        check=False,
        capture_output=True,
        text=True,
        stdin=subprocess.DEVNULL,
        timeout=READY_WITHIN,
        env={**os.environ, **(environment or {})},
    )
    if done.returncode:
        raise ChildError(f"releve {' '.join(arguments)}: {done.stderr.strip()}")
    document: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return document
