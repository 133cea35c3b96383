"""A folder in which other programs leave files of measurements."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import structlog

from agent.adapters.places import LOOK_EVERY
from drivers.files import file

log = structlog.get_logger()

ENDINGS = (*file.TJF, *file.XML, *file.CSV, *file.MAPPING)
MOST_FILES = 1000

Look = tuple[int, int]
"""Size, and time of the last change in nanoseconds."""


class Folder:
    """What lies in a folder; a file is given once, and again when it changed."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._seen: dict[Path, Look] = {}
        self._given: dict[Path, Look] = {}

    def settled(self) -> list[tuple[str, bytes]]:
        """Return the files that are as they were at the last look and were not given yet, mappings first.

        One that is still being written, or cannot be read now, is left for a later look.
        """
        now = dict(self._look())
        still = [
            each
            for each, look in now.items()
            if self._seen.get(each) == look and self._given.get(each) != look
        ]
        if any(each.name.lower().endswith(file.MAPPING) for each in still):
            # What was read with another mapping, or with none, is read again.
            again = [each for each in self._given if each.name.lower().endswith(file.CSV)]
            still += [each for each in again if self._seen.get(each) == now.get(each) is not None]
        self._seen = now
        self._given = {each: look for each, look in self._given.items() if each in now}
        found: list[tuple[str, bytes]] = []
        for path in sorted(set(still), key=_mappings_first):
            if (body := _body(path)) is not None:
                self._given[path] = now[path]
                found.append((path.name, body))
        return found

    def _look(self) -> list[tuple[Path, Look]]:
        looks: list[tuple[Path, Look]] = []
        try:
            for path in sorted(self._path.iterdir())[:MOST_FILES]:
                if path.name.lower().endswith(ENDINGS) and path.is_file():
                    stat = path.stat()
                    looks.append((path, (stat.st_size, stat.st_mtime_ns)))
        except OSError as error:  # gone, or not ours to read: it may come back
            log.debug("import folder not read", error=error.strerror)
        return looks


def _mappings_first(path: Path) -> tuple[bool, str]:
    return not path.name.lower().endswith(file.MAPPING), path.name


def _body(path: Path) -> bytes | None:
    try:
        with path.open("rb") as opened:
            # One byte more tells that it is too large; the rest of it is not wanted.
            return opened.read(file.MAX_BYTES + 1)
    except OSError as error:
        log.debug("file not read", file=path.name, error=error.strerror)
        return None


async def watch(path: Path | None, found: Callable[[str, bytes], None]) -> None:
    """Hand over what settles in a folder, until cancelled; without a folder there is nothing to do."""
    if path is None:
        return
    if not await asyncio.to_thread(path.is_dir):
        log.warning("the import folder is not there yet", folder=str(path))
    folder = Folder(path)
    while True:
        for name, body in await asyncio.to_thread(folder.settled):
            found(name, body)
        await asyncio.sleep(LOOK_EVERY)
