"""testo 330-1 LL and 330-2 LL over Bluetooth Classic, testo 350 and 330-2010 over USB.

Facts and their sources: docs/protocols/testo-330.md
"""

from drivers.combustion.testo_330.description import TESTO_330_1, TESTO_330_2, TESTO_350

__all__ = ["TESTO_330_1", "TESTO_330_2", "TESTO_350"]
