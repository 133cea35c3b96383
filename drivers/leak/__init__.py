"""Leak detectors and tightness testers."""

from drivers.kit.description import Instrument

INSTRUMENTS: tuple[Instrument, ...] = ()

__all__ = ["INSTRUMENTS"]
