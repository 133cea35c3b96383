"""Pressure, temperature and air probes."""

from drivers.probe.testo_smart_probe import TESTO_SMART_PROBE

INSTRUMENTS = (TESTO_SMART_PROBE,)

__all__ = ["INSTRUMENTS"]
