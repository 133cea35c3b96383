"""No file names the host of a package registry: where to fetch from is the user's own setting."""

import re
import subprocess
from pathlib import Path

import pytest

from tests.system_parts import require, require_that

ROOT = Path(__file__).parents[2]

# In pieces, so that this file does not name what it forbids.
DOT = r"\."
HOSTS = re.compile(
    "|".join(
        DOT.join(pieces)
        for pieces in (
            ("pypi", "org"),
            ("python" + "hosted", "org"),
            ("registry", "npmjs"),
            ("registry", "yarnpkg"),
            (r"\b(?:deb|security|ftp|archive|snapshot)(?:\.[a-z]{2})?", "debian", "org"),
            ("proxy", "golang", "org"),
            ("crates", "io"),
        )
    ).encode(),
    re.IGNORECASE,
)


def tracked_files() -> list[Path]:
    """Return what git has or would take in: tracked, or new and not ignored."""
    git = require("git")
    require_that((ROOT / ".git").exists(), "the git checkout itself")
    listed = subprocess.run(
        [git, "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    ).stdout
    paths = (ROOT / name.decode() for name in listed.split(b"\0") if name)
    return [path for path in paths if path.is_file() and not path.is_symlink()]


def test_no_tracked_file_names_a_registry() -> None:
    found = {
        str(path.relative_to(ROOT)): match.group().decode()
        for path in tracked_files()
        if (match := HOSTS.search(path.read_bytes()))
    }

    assert found == {}


@pytest.mark.parametrize(
    "pieces",
    [
        ("https://py", "pi.org/simple"),
        ("https://files.python", "hosted.org/packages"),
        ("https://registry.", "npmjs.org/htmx.org"),
        ("http://deb.", "debian.org/debian"),
        ("http://ftp.fr.", "debian.org/debian"),
    ],
)
def test_a_registry_would_be_found(pieces: tuple[str, str]) -> None:
    assert HOSTS.search("".join(pieces).encode())
