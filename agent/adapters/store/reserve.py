"""Room on the disk that is kept for the end of a payment."""

import contextlib
import os
from pathlib import Path

SIZE = 1_000_000


class Reserve:
    """A file full of nothing: what is written when the disk is full takes its place."""

    def __init__(self, path: Path, size: int = SIZE) -> None:
        self._path = path
        self._size = size

    def hold(self) -> bool:
        """Take the room again if it was given; tell whether it is held."""
        if self._held():
            return True
        try:
            with self._path.open("wb") as file:
                # A disk that compresses would give no room for zeros.
                file.write(os.urandom(self._size))
                file.flush()
                os.fsync(file.fileno())
        except OSError:
            self.give()
        return self._held()

    def give(self) -> None:
        """Give the room back to the disk."""
        with contextlib.suppress(OSError):
            self._path.unlink()

    def _held(self) -> bool:
        try:
            return self._path.stat().st_size >= self._size
        except OSError:
            return False
