"""Ports to listen on, and why one cannot be had."""

import contextlib
import errno
from collections.abc import Generator


@contextlib.contextmanager
def listening(port: int, option: str) -> Generator[None]:
    """Name the port and the remedy when it cannot be listened on in this context."""
    try:
        yield
    except OSError as error:
        reasons = {errno.EADDRINUSE: "is taken", errno.EACCES: "is reserved for the system"}
        if error.errno not in reasons:
            raise
        remedy = f"choose another with {option}, or 0 for one that is free"
        raise OSError(error.errno, f"port {port} {reasons[error.errno]}: {remedy}") from error


def failure(error: OSError | ExceptionGroup[OSError]) -> str:
    """Return in a line why a process could not run; of several reasons the first."""
    while not isinstance(error, OSError):
        error = error.exceptions[0]
    return f"cannot run: {error.strerror or error}"
