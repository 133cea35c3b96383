"""The serial lines of this machine, and which instruments may hang on them."""

import os
from collections.abc import Iterator
from pathlib import Path

from serial.tools import list_ports

from drivers.catalog import Catalogue
from drivers.kit.description import ModbusLink, SerialLink

BY_ID = Path("/dev/serial/by-id")


def names() -> dict[str, str]:
    """Return the lasting name of each device file that has one."""
    if not BY_ID.is_dir():
        return {}
    return {os.path.realpath(each): str(each) for each in sorted(BY_ID.iterdir())}


def serial_lines(catalogue: Catalogue) -> Iterator[dict[str, object]]:
    """Yield the lines. A line does not say what hangs on it: that is for a person to know, or for a try."""
    lasting = names()
    wired = sorted(
        each.slug
        for each in catalogue.values()
        if any(isinstance(link, SerialLink | ModbusLink) for link in each.links)
    )
    for port in list_ports.comports():
        if port.hwid == "n/a":
            continue  # a name that the kernel keeps ready, with no hardware behind it
        yield {
            "path": lasting.get(port.device, port.device),
            "medium": "serial",
            "what": port.description,
            "may_be": ", ".join(wired) or "none that is known",
            "why": "a line is there; try `releve doctor serial SLUG --port PATH`",
        }
