"""testo 300 combustion analyser, over Bluetooth Low Energy and the local network.

Facts and their sources: docs/protocols/testo-300.md
"""

from drivers.combustion.testo_300.description import TESTO_300

__all__ = ["TESTO_300"]
