"""Leak detectors and tightness testers."""

from drivers.leak.senseair import SENSEAIR
from drivers.leak.winsen_mhz19 import WINSEN_MHZ19

INSTRUMENTS = (SENSEAIR, WINSEN_MHZ19)

__all__ = ["INSTRUMENTS"]
