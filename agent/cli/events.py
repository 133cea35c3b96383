"""How the commands print what an instrument says."""

from collections.abc import Iterator
from typing import cast

from contract import number
from contract.reading import Reading
from drivers.kit.dialogue import (
    CodeScanned,
    FaultStated,
    FrameRejected,
    FuelStated,
    IdentityStated,
    InstrumentEvent,
    ReadingsReceived,
    Unmapped,
)

Document = dict[str, object]


def documents(event: InstrumentEvent) -> Iterator[Document]:
    """Yield one document a reading, and one for what could not become a reading."""
    match event:
        case ReadingsReceived(readings=readings):
            for reading in readings:
                yield _reading(reading)
        case FrameRejected(reason=reason):
            yield {"rejected": reason}
        case Unmapped(name=name):
            yield {"unmapped": name}
        case IdentityStated(serial=serial, firmware=firmware):
            stated = {"serial": serial, "firmware": firmware}
            yield {"instrument": {key: value for key, value in stated.items() if value}}
        case FuelStated(name=name):
            yield {"fuel": name}
        case FaultStated(reason=reason):
            yield {"fault": reason}
        case CodeScanned(text=text, aim=aim):
            yield {"scanned": text} if aim is None else {"scanned": text, "symbology": aim}
        case _:
            pass


def _reading(reading: Reading) -> Document:
    document: Document = {
        "quantity": reading.quantity,
        "value": None if reading.value is None else number.write(reading.value),
        "unit": reading.unit,
        "status": reading.status,
    }
    if reading.substance is not None:
        document["substance"] = reading.substance
    if reading.detail is not None:
        document["detail"] = reading.detail
    return document


def sentence(document: Document) -> str:
    """Return a document as a line for people."""
    if "quantity" in document:
        value = document["value"] if document["value"] is not None else "–"
        status = "" if document["status"] == "ok" else f"  ({document['status']})"
        return f"{document['quantity']:<32} {value:>12} {document['unit']}{status}"
    (kind, what), *others = document.items()
    if others:
        what = f"{what} ({', '.join(str(each) for _, each in others)})"
    if isinstance(what, dict):
        stated = cast("dict[str, str]", what)
        what = ", ".join(f"{key} {value}" for key, value in stated.items())
    return f"{kind}: {what}"
