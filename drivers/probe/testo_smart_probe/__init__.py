"""testo Smart Probes (T115i, T405i, T549i, T805i) over Bluetooth Low Energy.

Facts and their sources: docs/protocols/testo-smart-probe.md
"""

from drivers.probe.testo_smart_probe.description import TESTO_SMART_PROBE

__all__ = ["TESTO_SMART_PROBE"]
