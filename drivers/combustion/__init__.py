"""Combustion (flue-gas) analysers."""

from drivers.combustion.testo_300 import TESTO_300

INSTRUMENTS = (TESTO_300,)

__all__ = ["INSTRUMENTS"]
