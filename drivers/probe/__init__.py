"""Pressure, temperature and air probes."""

from drivers.probe.ble_environmental_sensing import BLE_ENVIRONMENTAL_SENSING
from drivers.probe.bthome import BTHOME
from drivers.probe.eti_bluetherm import ETI_BLUETHERM
from drivers.probe.keller import KELLER_ABSOLUTE, KELLER_GAUGE
from drivers.probe.leica_disto import LEICA_DISTO
from drivers.probe.owon_ow18e import OWON_OW18E
from drivers.probe.testo_smart_probe import TESTO_SMART_PROBE

INSTRUMENTS = (
    BLE_ENVIRONMENTAL_SENSING,
    BTHOME,
    ETI_BLUETHERM,
    KELLER_ABSOLUTE,
    KELLER_GAUGE,
    LEICA_DISTO,
    OWON_OW18E,
    TESTO_SMART_PROBE,
)

__all__ = ["INSTRUMENTS"]
