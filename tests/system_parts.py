"""Parts of the system that a test needs and a laptop may lack: a broker, a browser, a database."""

import os
import shutil
from pathlib import Path
from typing import NoReturn

import pytest

MARK = "missing system part: "
"""What the reason of such a skip starts with, so that the summary can count them."""

# Debian puts daemons and PostgreSQL's programs beside everybody's path.
BESIDE_THE_PATH = ("/usr/sbin", "/sbin", "/usr/lib/postgresql/*/bin")


def find(executable: str) -> Path | None:
    """Return where an executable lies, the newest version first, or None."""
    if found := shutil.which(executable):
        return Path(found)
    for pattern in BESIDE_THE_PATH:
        for folder in sorted(Path("/").glob(pattern.lstrip("/")), key=_version, reverse=True):
            if found := shutil.which(executable, path=str(folder)):
                return Path(found)
    return None


def require(executable: str, *, because: str = "") -> Path:
    """Return where an executable lies; without it skip the test, or fail it when CI=true."""
    found = find(executable)
    if found is None:
        absent(f"{executable} ({because})" if because else executable)
    return found


def require_that(present: object, part: str) -> None:
    """Go on if a part that is no executable is there; else skip the test, or fail it when CI=true.

    `part` names it: "a kernel that knows vhci".
    """
    if not present:
        absent(part)


def absent(part: str) -> NoReturn:
    """Skip the test because a part is missing, or fail it when CI=true."""
    reason = MARK + part
    if os.environ.get("CI") == "true":
        pytest.fail(f"{reason}; in CI nothing may be missing", pytrace=False)
    pytest.skip(reason, allow_module_level=True)


def _version(folder: Path) -> tuple[int, ...]:
    return tuple(int(part) for part in folder.parts if part.isdecimal())
