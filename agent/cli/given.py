"""Files that are named on the command line."""

from pathlib import Path

from agent.cli import output
from drivers.files.file import MAX_BYTES


def bytes_of(file: Path) -> bytes:
    """Return the bytes of a file, of one that is too large just enough to be refused; leaves with 1 if it cannot."""
    try:
        with file.open("rb") as opened:
            return opened.read(MAX_BYTES + 1)
    except OSError as error:
        output.fail(f"{file}: {error.strerror}")
