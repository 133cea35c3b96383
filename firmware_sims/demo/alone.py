"""One demonstration a folder: a second one would write into the first one's database, logs and settings."""

import fcntl
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path


class FolderError(Exception):
    """The folder cannot be used; the message says why and what to do."""


@contextmanager
def alone(folder: Path) -> Generator[None]:
    """Hold the folder for the length of the block; raises FolderError. The system lets go when we die."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = (folder / "demo.lock").open("a")
    except (FileExistsError, NotADirectoryError) as error:
        raise FolderError(f"{folder} is not a folder: name one with --data") from error
    except OSError as error:
        raise FolderError(f"{folder}: {error.strerror}: name another with --data") from error
    with lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise FolderError(
                f"{folder}: a demonstration runs in this folder already; stop it, or name another with --data"
            ) from error
        yield
