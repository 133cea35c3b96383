"""Where an instrument that speaks as a stream of bytes hangs, from the one text in which a person says it."""

import re

from agent.adapters.places import Place
from agent.adapters.rfcomm import BondedPlace
from agent.adapters.serial_line import SerialPort
from drivers.kit.description import Instrument, RfcommLink, SerialLink

BLUETOOTH_ADDRESS = re.compile(r"(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}", re.ASCII)


def stream_at(instrument: Instrument, where: str) -> Place | None:
    """Return the place: a device file, ``host:port``, or the address of a bonded Bluetooth device.

    None when the instrument does not speak there.
    """
    for link in instrument.links:
        match link:
            case RfcommLink() if BLUETOOTH_ADDRESS.fullmatch(where):
                return BondedPlace(instrument, link, where.upper())
            case SerialLink() if not BLUETOOTH_ADDRESS.fullmatch(where):
                return SerialPort(instrument, link, where)
            case _:
                pass
    return None
