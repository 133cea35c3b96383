"""Sensors that advertise in the BTHome format, version 2.

Facts and their sources: docs/protocols/bthome.md
"""

from drivers.probe.bthome.description import BTHOME

__all__ = ["BTHOME"]
