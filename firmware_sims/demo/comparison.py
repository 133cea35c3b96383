"""Compare what the gateway holds with what the instrument displayed."""

from decimal import Decimal
from typing import Any


def readings_in(captures: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """Return the readings in the captures, by report and field."""
    return {
        (each["report"], reading["field"]): reading
        for each in captures
        if each["kind"] == "measurement"
        for reading in each["capture"]["readings"]
    }


def compared(
    value: dict[str, Any],
    reading: dict[str, Any] | None,
    displayed: dict[str, dict[str, str]],
    scanned: str,
) -> dict[str, Any]:
    """Return a field with what its instrument displayed, and whether the two are equal.

    Compared is the instrument's own value and unit, as captured; the field shows them converted and rounded.
    A field without a reading holds the code that was ``scanned``.
    """
    instrument: dict[str, Any] = value["instrument"] or {}
    calibration: dict[str, Any] = instrument.get("calibration") or {}
    shown = displayed.get(reading["quantity"]) if reading else {"value": scanned, "unit": None}
    read = reading or {"value": value["value"], "unit": None}
    return {
        "value": value["value"],
        "unit": value["unit"],
        "status": value["status"],
        "instrument": instrument.get("model"),
        "serial": instrument.get("serial"),
        "calibration": calibration.get("state"),
        "at": value["at"],
        "read": read["value"],
        "read_unit": read["unit"],
        "displayed": shown["value"] if shown else None,
        "equal": shown is not None
        and shown["unit"] == read["unit"]
        and _same(str(shown["value"]), str(read["value"])),
    }


def _same(displayed: str, read: str) -> bool:
    """Compare as numbers: a mean of equal values has one digit more."""
    return displayed == read or Decimal(displayed) == Decimal(read)
