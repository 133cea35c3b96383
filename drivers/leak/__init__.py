"""Leak detectors and tightness testers."""

from drivers.leak.ateq_f6 import ATEQ_F6
from drivers.leak.senseair import SENSEAIR
from drivers.leak.winsen_mhz19 import WINSEN_MHZ19

INSTRUMENTS = (ATEQ_F6, SENSEAIR, WINSEN_MHZ19)

__all__ = ["INSTRUMENTS"]
