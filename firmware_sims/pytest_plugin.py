"""The pytest plugin: one fixture, ``releve``. Nothing is imported before a test asks for it."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from firmware_sims.testing import Releve


@pytest.fixture
def releve(tmp_path: Path) -> "Iterator[Releve]":
    """Start simulated instruments and, if wanted, the product around them; all ends with the test."""
    from firmware_sims.testing import bench  # noqa: PLC0415 - it needs releve[sims], this module does not

    with bench(tmp_path) as made:
        yield made
