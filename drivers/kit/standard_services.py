"""Services that instruments of many makers have in common: Device Information and Battery.

Sources: Bluetooth Assigned Numbers; `bluetooth-sig` 0.6.0 (RonanB96/bluetooth-sig-python) for the encodings.
"""

from collections.abc import Iterator

from contract.quantity import Quantity
from contract.unit import Unit
from drivers.kit.dialogue import IdentityStated, InstrumentEvent, ReadingsReceived
from drivers.kit.errors import FrameError
from drivers.kit.layout import Field
from drivers.kit.uuid import whole

SERIAL = whole("2a25")
FIRMWARE = whole("2a26")
BATTERY = whole("2a19")

BATTERY_FIELD = Field(format="B", quantity=Quantity.BATTERY_LEVEL, unit=Unit.PERCENT)


def read(uuid: str, data: bytes) -> Iterator[InstrumentEvent]:
    """Yield what one of these characteristics says, nothing for any other; raises FrameError."""
    if uuid == SERIAL:
        yield IdentityStated(serial=_text(data))
    elif uuid == FIRMWARE:
        yield IdentityStated(firmware=_text(data))
    elif uuid == BATTERY:
        yield ReadingsReceived((BATTERY_FIELD.read_alone(data),))


def _text(data: bytes) -> str | None:
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        raise FrameError("a text that is not UTF-8", data) from error
    if not text.isprintable():
        raise FrameError("a text with control characters", data)
    return text.strip() or None
