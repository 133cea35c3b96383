"""A clock that goes only when told."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

from contract.wire.captured import ClockQuality, ClockReading


class FakeClock:
    def __init__(self) -> None:
        self.wall = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
        self.passed = 1000.0
        self.quality = ClockQuality.SYNCED

    def pass_by(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.passed += seconds

    def jump(self, **by: float) -> None:
        """Move the wall clock alone, as a wrong time server would."""
        self.wall += timedelta(**by)

    def now(self) -> datetime:
        return self.wall

    def elapsed(self) -> float:
        return self.passed

    def reading(self) -> ClockReading:
        return ClockReading(
            boot="boot", uptime=Decimal(str(round(self.passed, 3))), quality=self.quality
        )
