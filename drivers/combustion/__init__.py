"""Combustion (flue-gas) analysers."""

from drivers.combustion.testo_300 import TESTO_300
from drivers.combustion.testo_330 import TESTO_330_1, TESTO_330_2, TESTO_350

INSTRUMENTS = (TESTO_300, TESTO_330_1, TESTO_330_2, TESTO_350)

__all__ = ["INSTRUMENTS"]
