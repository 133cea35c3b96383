"""Which instrument spoke, and whether its calibration held."""

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from contract.words import Words, literal

ANY_VENDOR = "any"
"""Vendor of an instrument that only follows a convention and does not say who made it."""

_UNFIT = re.compile(r"[^a-z0-9._-]")
"""What an instrument may say of itself, and a topic level or a URL cannot hold."""


class Grade(StrEnum):
    """How sure we are of a protocol, best first."""

    RECORDING = "recording"
    """Bytes of a real instrument, and what its screen showed."""
    MANUAL = "manual"
    """The vendor's own description."""
    PUBLISHED_CODE = "published-code"
    """Read in public code that talks to the instrument."""
    SYNTHETIC = "synthetic"
    """Made by us: proves nothing about the instrument."""


class InstrumentClass(StrEnum):
    """What an instrument is made for; a form may want one of them."""

    COMBUSTION_ANALYSER = "combustion_analyser"
    LEAK_DETECTOR = "leak_detector"
    """Looks for gas in the air."""
    LEAK_TESTER = "leak_tester"
    """Watches the pressure in what must be tight."""
    PROBE = "probe"
    SCANNER = "scanner"


class CalibrationState(StrEnum):
    """State of an instrument's calibration on one day."""

    VALID = "valid"
    EXPIRED = "expired"
    UNKNOWN = "unknown"
    """Nobody stated a date: it fails a field that requires calibration."""


def called(vendor: str, model: str) -> Words:
    """Return what people call an instrument: vendor and model, or the model alone where no vendor is known."""
    return literal(model if vendor == ANY_VENDOR else f"{vendor} {model}")


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentIdentity:
    """One physical instrument. Without ``serial`` the address stands in, and the identity is weak."""

    slug: str
    vendor: str
    model: str
    serial: str | None = None
    address: str | None = None
    firmware: str | None = None

    @property
    def weak(self) -> bool:
        return self.serial is None

    @property
    def id(self) -> str:
        """Stable identifier, fit for a topic level and a URL."""
        own = self.serial if self.serial is not None else f"at-{self.address}"
        return _UNFIT.sub("-", f"{self.slug}.{own}".lower())


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """What a person stated about an instrument's last calibration."""

    on: date | None = None
    due: date | None = None
    certificate: str | None = None
    stated_by: str | None = None

    def state(self, day: date) -> CalibrationState:
        """Return the state on ``day``; the due date itself still counts."""
        if self.on is None or self.due is None or day < self.on:
            return CalibrationState.UNKNOWN
        return CalibrationState.VALID if day <= self.due else CalibrationState.EXPIRED
