"""What is particular to terminals of the operating system."""

import os
import sys
from dataclasses import replace

from drivers.kit.description import LineSettings

if sys.platform == "win32":
    TERMINAL_ERRORS: tuple[type[Exception], ...] = ()
else:
    import termios

    TERMINAL_ERRORS: tuple[type[Exception], ...] = (termios.error,)


def possible(path: str, line: LineSettings) -> LineSettings:
    """Return the settings as a device can hold them: a pseudo-terminal carries bytes, and refuses a parity."""
    if os.path.realpath(path).startswith("/dev/pts/"):
        return replace(line, parity="none", data_bits=8)
    return line
