"""`releve instruments`: what is supported, and how sure we are of it."""

from agent.cli import output
from drivers.catalog import INSTRUMENTS
from drivers.kit.description import BleLink, LanLink, LinkDescription, SerialLink


def instruments(*, as_json: output.AsJson = False) -> None:
    """List the supported instruments, the evidence behind each driver, and how it is reached.

    Example: releve instruments --json
    """
    for each in INSTRUMENTS:
        document: dict[str, object] = {
            "slug": each.slug,
            "vendor": each.vendor,
            "model": each.model,
            "grade": each.grade,
            "links": [_medium(link) for link in each.links],
            "quantities": sorted(each.quantities),
        }
        output.document(document, _sentence, as_json=as_json)


def _medium(link: LinkDescription) -> str:
    match link:
        case BleLink():
            return "ble"
        case LanLink():
            return "lan"
        case SerialLink():
            return "serial"


def _sentence(document: dict[str, object]) -> str:
    return "{slug:<20} {vendor} {model}  [{grade}]".format(**document)
