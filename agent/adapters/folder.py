"""A folder in which other programs leave files of measurements."""

import asyncio
import os
import stat
from collections.abc import Awaitable, Callable, Iterator, Mapping
from pathlib import Path

import structlog

from agent.adapters.places import LOOK_EVERY
from drivers.files import file

log = structlog.get_logger()

ENDINGS = (*file.TJF, *file.XML, *file.CSV, *file.MAPPING)
MOST_FILES = 1000
# Nothing is followed to another place, and nothing that is no file after all is waited for. Windows has none of these.
_OPENING = os.O_RDONLY | sum(
    getattr(os, flag, 0) for flag in ("O_NOFOLLOW", "O_NONBLOCK", "O_CLOEXEC", "O_BINARY")
)

Look = tuple[int, int]
"""Size, and time of the last change in nanoseconds."""


class Folder:
    """What lies in a folder; a file is given once, and again when it changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[Path, Look] = {}
        self._given: dict[Path, Look] = {}
        self._unreadable: set[Path] = set()
        self._too_many = False

    def settled(self) -> Iterator[tuple[str, bytes]]:
        """Look; give, one by one, the files that are as they were at the last look and were not given yet.

        Mappings come first, then the older files. One that is still being written, or cannot be read now, is left for
        a later look.
        """
        now = self._newest(self._look())
        still = [
            each
            for each, look in now.items()
            if self._seen.get(each) == look and self._given.get(each) != look
        ]
        if any(_is_mapping(each) for each in still):
            # What was read with another mapping, or with none, is read again.
            again = [each for each in self._given if each.name.lower().endswith(file.CSV)]
            still += [each for each in again if self._seen.get(each) == now.get(each) is not None]
        self._seen = now
        self._given = {each: look for each, look in self._given.items() if each in now}
        due = sorted(set(still), key=lambda each: (not _is_mapping(each), now[each][1], each))
        return self._read({each: now[each] for each in due})

    def _read(self, due: Mapping[Path, Look]) -> Iterator[tuple[str, bytes]]:
        for path, look in due.items():
            try:
                body = _body(path, look)
            except OSError as error:
                self._leave_out(path, error)
                continue
            if body is not None:
                self._given[path] = look
                yield path.name, body

    def _look(self) -> dict[Path, Look]:
        looks: dict[Path, Look] = {}
        entries = self._entries()
        self._unreadable.intersection_update(entries)
        for path in entries:
            try:
                found = path.lstat()
            except FileNotFoundError:
                continue  # it went meanwhile
            except OSError as error:
                self._leave_out(path, error)
                continue
            if stat.S_ISREG(found.st_mode):
                looks[path] = _look_of(found)
        return looks

    def _leave_out(self, path: Path, error: OSError) -> None:
        """Leave an entry for a later look; that is told once, not at every look."""
        if path not in self._unreadable:
            self._unreadable.add(path)
            log.warning(
                "entry of the import folder left out", file=repr(path.name), error=error.strerror
            )

    def _entries(self) -> list[Path]:
        try:
            return [each for each in self._path.iterdir() if each.name.lower().endswith(ENDINGS)]
        except OSError as error:  # gone, or not ours to read: it may come back
            log.debug("import folder not read", error=error.strerror)
            return []

    def _newest(self, looks: dict[Path, Look]) -> dict[Path, Look]:
        """Return the mappings and the newest files, not more than are looked after."""
        too_many = len(looks) > MOST_FILES
        if too_many and not self._too_many:
            log.warning(
                "too many files in the import folder: only the newest are read",
                files=len(looks),
                read=MOST_FILES,
            )
        self._too_many = too_many
        newest = sorted(looks, key=lambda each: (not _is_mapping(each), -looks[each][1], each))
        return {each: looks[each] for each in newest[:MOST_FILES]}


def _is_mapping(path: Path) -> bool:
    return path.name.lower().endswith(file.MAPPING)


def _look_of(found: os.stat_result) -> Look:
    return found.st_size, found.st_mtime_ns


def _body(path: Path, look: Look) -> bytes | None:
    """Return the bytes of a file; None when it is none, or no longer as it was at the look. Raises OSError."""
    descriptor = os.open(path, _OPENING)
    with os.fdopen(descriptor, "rb") as opened:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            return None
        # One byte more tells that it is too large; the rest of it is not wanted.
        body = opened.read(file.MAX_BYTES + 1)
        return body if _look_of(os.fstat(descriptor)) == look else None


async def watch(path: Path | None, found: Callable[[str, bytes], Awaitable[None]]) -> None:
    """Hand over what settles in a folder, until cancelled; without a folder there is nothing to do."""
    if path is None:
        return
    if not await asyncio.to_thread(path.is_dir):
        log.warning("the import folder is not there yet", folder=str(path))
    folder = Folder(path)
    while True:
        settled = await asyncio.to_thread(folder.settled)
        # One at a time: together they could be more than there is memory.
        while (given := await asyncio.to_thread(next, settled, None)) is not None:
            name, body = given
            try:
                await found(name, body)
            except Exception:
                # Whatever one file does, the others are read.
                log.exception("a file of the import folder could not be taken", file=repr(name))
        await asyncio.sleep(LOOK_EVERY)
