"""One agent a data folder: two on one store would write one chain twice and throw each other off the broker."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class AlreadyRunningError(Exception):
    """Another agent runs on this folder."""


@contextmanager
def alone(folder: Path) -> Generator[None]:
    """Hold the folder for the length of the block; raises AlreadyRunningError. The system lets go when we die."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    with (folder / "agent.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise AlreadyRunningError(
                f"{folder}: an agent runs on this folder already; stop it, or name another folder"
            ) from error
        yield
