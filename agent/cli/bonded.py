"""The devices that the operating system has bonded with, and which instruments may be among them."""

import asyncio

from agent.adapters.bonding import BondingError, bonded_devices
from drivers.catalog import Catalogue
from drivers.kit.description import RfcommLink


def bonded(catalogue: Catalogue) -> list[dict[str, object]]:
    """Return the bonded devices that no driver knows by name; none where the system cannot be asked."""
    links = {
        each.slug: link
        for each in catalogue.values()
        for link in each.links
        if isinstance(link, RfcommLink)
    }
    try:
        devices = asyncio.run(bonded_devices())
    except BondingError:
        return []
    return [
        {
            "path": each.address,
            "medium": "rfcomm",
            "what": each.name,
            "may_be": ", ".join(sorted(links)) or "none that is known",
            "why": "it is bonded; if it is one of these, name its address where a serial line is named",
        }
        for each in devices
        if not any(link.identify(each.name) for link in links.values())
    ]
