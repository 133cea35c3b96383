"""The TJF document of a testo 300, by hand; docs/protocols/testo-300.md §4, schema 1.0.5."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Final, TypeAlias

from firmware_sims.kit import float32
from firmware_sims.kit.quantities import Quantity

NO_VALUE: Final = 4294967295
NO_RESULTS: Final = 2
DASHES: Final = "----"
MG_PER_PPM_OF_CO: Final = Decimal("1.25")

Json: TypeAlias = "str | int | float | list[Json] | dict[str, Json] | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One channel: names in English and German, and the key of rule 2."""

    name: str
    german: str
    xmlid: str
    unit: str
    unit_xmlid: str
    decimals: int
    quantity: Quantity | None = None
    """None: the instrument's own affair, or a quantity this bench does not know."""


def _channel(
    names: str, xmlid: str, unit: tuple[str, str], decimals: int, quantity: Quantity | None
) -> Channel:
    name, german = names.split("|")
    return Channel(
        name=name,
        german=german,
        xmlid=xmlid,
        unit=unit[0],
        unit_xmlid=unit[1],
        decimals=decimals,
        quantity=quantity,
    )


_PERCENT = ("%", "UNIT_PERCENT")
_PPM = ("ppm", "UNIT_PPM")
_CELSIUS = ("°C", "UNIT_DEG_C")
_PASCAL = ("Pa", "UNIT_PA")
_NONE = ("", "UNIT_NONE")
_MG_M3 = ("mg/m³", "UNIT_MG_M3")

# Rule 2: AT is ambient in an English name, flue gas (Abgas) in a German description.
CHANNELS: Final = (
    _channel("O2|O2", "O2", _PERCENT, 1, Quantity.OXYGEN),
    _channel("CO2|CO2", "CO2", _PERCENT, 2, Quantity.CARBON_DIOXIDE),
    _channel("CO|CO", "CO_Dil", _PPM, 0, Quantity.CARBON_MONOXIDE),
    _channel("CO|CO", "CO_Dil", _MG_M3, 0, None),
    _channel("uCO|COunv", "CO_Norm", _PPM, 0, Quantity.CARBON_MONOXIDE_UNDILUTED),
    _channel("NO|NO", "NO_Dil", _PPM, 0, Quantity.NITRIC_OXIDE),
    _channel("FT|AT", "T_Flue", _CELSIUS, 1, Quantity.FLUE_GAS_TEMPERATURE),
    _channel("AT|VT", "T_Air", _CELSIUS, 1, Quantity.COMBUSTION_AIR_TEMPERATURE),
    _channel("DewP|TP", "T_Dew", _CELSIUS, 1, Quantity.DEW_POINT),
    _channel("Draft|Zug", "P_Draft", _PASCAL, 1, Quantity.DRAUGHT),
    _channel("λ|λ", "Lambda", _NONE, 2, Quantity.EXCESS_AIR_RATIO),
    _channel("qAnet|qA", "QAnet", _PERCENT, 1, Quantity.FLUE_GAS_LOSS_NET),
    _channel("Effn|Eta", "Efficiency", _PERCENT, 1, Quantity.EFFICIENCY_NET),
    _channel("InstrT|GT", "GT", _CELSIUS, 1, None),
)

DECIMALS: Final = {row.quantity: row.decimals for row in CHANNELS if row.quantity}
"""How many decimals the display shows."""


def displayed(quantity: Quantity, sensed: float) -> Decimal:
    """Return what the display shows of a sensed value."""
    step = Decimal(1).scaleb(-DECIMALS[quantity])
    shown = Decimal(repr(sensed)).quantize(step, ROUND_HALF_EVEN)
    return abs(shown) if shown.is_zero() else shown


def wire_value(shown: Decimal, decimals: int) -> float:
    """Rule 4: whole display steps times the float32 of one step, in float32.

    That reproduces every value of the page: 20.8 becomes 20.80000114440918.
    """
    steps = int(shown.scaleb(decimals))
    return float32.nearest(steps * float32.nearest(10.0**-decimals))


def german_number(shown: Decimal) -> str:
    """Rule 5: a decimal comma."""
    return f"{shown:f}".replace(".", ",")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fuel:
    """What burns, and the two numbers that belong to it."""

    number: int
    """Of the vendor's list: docs/protocols/testo-330.md §6."""
    german: str
    oxygen_reference: Decimal
    carbon_dioxide_max: Decimal


NATURAL_GAS: Final = Fuel(
    number=104,
    german="Erdgas",
    oxygen_reference=Decimal("3.0"),
    carbon_dioxide_max=Decimal("11.9"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """Who measured, what and when. The instrument knows no time zone."""

    serial: str
    firmware: str
    at: datetime
    """Local time."""
    fuel: Fuel = NATURAL_GAS


def measurement(head: Head, shown: Mapping[Quantity, Decimal | None], own: Decimal) -> bytes:
    """Return the document of a measurement; `own` is the instrument's own temperature."""
    stamp = _stamp(head.at)
    document = _start(head)
    document["properties"] = [_fuel(head.fuel)]
    document["channels"] = [
        {
            "type": {"name": row.name, "description": row.german, "xmlid": row.xmlid},
            "unit": {"name": row.unit, "xmlid": row.unit_xmlid},
            "values": [_value(_shown(row, shown, own), row.decimals, stamp)],
        }
        for row in CHANNELS
    ]
    document["additionalMeasurementInformation"] = []
    document["errors"] = []
    return _encode(document)


def no_results(head: Head) -> bytes:
    """Rule 8: the document of an instrument that does not measure."""
    document = _start(head)
    document["errors"] = [
        {
            "errorcode": NO_RESULTS,
            "name": "NoResults",
            "description": "Keine Messergebnisse verfügbar",
        }
    ]
    return _encode(document)


def _shown(row: Channel, shown: Mapping[Quantity, Decimal | None], own: Decimal) -> Decimal | None:
    if row.quantity is not None:
        return shown.get(row.quantity)
    if row.xmlid == "GT":
        return own
    ppm = shown.get(Quantity.CARBON_MONOXIDE)
    return None if ppm is None else (ppm * MG_PER_PPM_OF_CO).quantize(Decimal(1))


def _value(shown: Decimal | None, decimals: int, stamp: str) -> Json:
    return {
        "value": NO_VALUE if shown is None else wire_value(shown, decimals),
        "exponent": decimals,
        "description": DASHES if shown is None else german_number(shown),
        "timeStamp": stamp,
        "additionalData": [],
    }


def _start(head: Head) -> dict[str, Json]:
    return {
        "schemaVersion": "1.0.5",
        "timeStamp": _stamp(head.at),
        "type": {"id": "combustion", "name": "Abgas"},
        "device": {
            "name": "testo 300",
            "serial": int(head.serial) if head.serial.isdecimal() else head.serial,
            "deviceIdentifier": "300",
            "firmwareVersion": head.firmware,
            "lastServiceDate": "",
        },
    }


def _fuel(fuel: Fuel) -> Json:
    numbers = (("O2Ref", fuel.oxygen_reference), ("CO2Max", fuel.carbon_dioxide_max))
    values: list[Json] = [
        {
            "id": name,
            "name": name,
            "value": wire_value(number, 1),
            "description": german_number(number),
        }
        for name, number in numbers
    ]
    # Rule 5: the trailing NUL is the instrument's.
    name = f"{fuel.german}\0"
    return {"id": fuel.number, "name": "Fuel", "description": name, "values": values}


def _stamp(at: datetime) -> str:
    return at.replace(tzinfo=None).isoformat(timespec="seconds")


def _encode(document: Json) -> bytes:
    return json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode("utf-8")
