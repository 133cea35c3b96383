"""What faults are made with: a recorder of writes, and a disk that is soon full."""

import os
import subprocess

import pytest

from tests.system_parts import require, require_that


@pytest.fixture(scope="session")
def strace():
    return require("strace", because="it records what is written and synced, and when")


@pytest.fixture
def small_disk(tmp_path):
    mount = require("mount", because="a small disk of its own is filled")
    require_that(os.geteuid() == 0, "root, to mount a small disk")
    folder = tmp_path / "disk"
    folder.mkdir()
    made = subprocess.run([mount, "-t", "tmpfs", "-o", "size=2m", "tmpfs", folder], check=False)
    require_that(made.returncode == 0, "a kernel that mounts a tmpfs")
    yield folder
    subprocess.run(["umount", folder], check=True)
