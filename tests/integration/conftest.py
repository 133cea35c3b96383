"""Tests in this folder start processes and talk over the loopback."""

import pytest


@pytest.fixture(autouse=True)
def loopback(socket_enabled: None) -> None:
    """Open the sockets that are closed to every other test."""
