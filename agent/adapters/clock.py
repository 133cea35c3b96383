"""The machine's clocks."""

import ctypes
import time
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from contract.wire.captured import ClockQuality, ClockReading

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_TIME_ERROR = 5
"""What adjtimex(2) returns while the kernel's clock is not synchronised."""


class SystemClock:
    """A Clock on Linux: wall clock, CLOCK_BOOTTIME, and what the kernel says of its synchronisation."""

    def __init__(self) -> None:
        self._boot = _BOOT_ID.read_text().strip() if _BOOT_ID.exists() else "unknown"
        self._was_synced = False

    def now(self) -> datetime:
        return datetime.now(UTC)

    def elapsed(self) -> float:
        return time.clock_gettime(time.CLOCK_BOOTTIME)

    def reading(self) -> ClockReading:
        uptime = Decimal(time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000).scaleb(-3)
        return ClockReading(boot=self._boot, uptime=uptime, quality=self._quality())

    def _quality(self) -> ClockQuality:
        if _synchronised():
            self._was_synced = True
            return ClockQuality.SYNCED
        return ClockQuality.HELD if self._was_synced else ClockQuality.NEVER_SYNCED


def _synchronised() -> bool:
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        # struct timex, zeroed: modes 0 only reads. It takes 208 bytes on 64-bit Linux.
        state: int = libc.adjtimex(ctypes.create_string_buffer(512))
    except (OSError, AttributeError):
        return False
    return 0 <= state < _TIME_ERROR
