"""XML in the vocabulary of the German chimney sweeps, as a Wöhler A 450 exports it: several measurements a file.

Facts and their sources: docs/protocols/files.md, §3
"""

from collections.abc import Iterator, Mapping
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from contract import number
from contract.quantity import Quantity
from contract.reading import Reading
from contract.unit import Unit
from contract.words import Words
from drivers.files.measured import (
    FileRefusedError,
    Measured,
    MeasuredFile,
    StatedInstrument,
    counted,
    named,
    plain,
    quoted,
    short,
    unambiguous,
)

FORMAT = "ziv-xml"

MEASUREMENTS = frozenset(
    {"CombustionMeasurement", "Uni10389_1Measurement", "Uni10389_2Measurement"}
)
BESIDE = frozenset(
    {"Instrument", "Customer", "Address", "Fireplace", "Fuel", "Boiler", *MEASUREMENTS}
)
"""Elements around the values. They say whose they are; nothing in them is a measured value."""
MOMENT = frozenset({"Date", "Time"})
DEEPEST = 100
"""Elements in each other; a measurement needs five."""

VALUES: Mapping[tuple[str, str | None], tuple[Quantity, Unit]] = {
    ("O2", "UNIT_VOL_PERCENT"): (Quantity.OXYGEN, Unit.PERCENT),
    ("CO2", "UNIT_VOL_PERCENT"): (Quantity.CARBON_DIOXIDE, Unit.PERCENT),
    ("T_Flue", "UNIT_DEG_C"): (Quantity.FLUE_GAS_TEMPERATURE, Unit.CELSIUS),
    ("T_Air", "UNIT_DEG_C"): (Quantity.COMBUSTION_AIR_TEMPERATURE, Unit.CELSIUS),
    ("SootAvg", None): (Quantity.SMOKE_NUMBER, Unit.ONE),
    ("SootNumber", None): (Quantity.SMOKE_NUMBER, Unit.ONE),
}
"""Element and its attribute ``Unit``. CO_Norm, NOx_Norm, Q_Flue and T_Boiler are left out: the page says why."""


def read(body: bytes) -> MeasuredFile:
    """Return what a document says; raises FileRefusedError for one that is hostile, broken or without a measurement."""
    root = _root(body)
    if _deeper(root, DEEPEST):
        raise FileRefusedError(
            Words(
                "more than {most} elements stand in each other, which no measurement needs: "
                "export it again",
                most=DEEPEST,
            )
        )
    instrument = _instrument(root)
    measurements = counted(_measurements(root, instrument))
    if not measurements:
        raise FileRefusedError(
            Words(
                "no Customer/Fireplace holds one of {elements}: export the measurements too",
                elements=", ".join(sorted(MEASUREMENTS)),
            )
        )
    return MeasuredFile(
        format=FORMAT, measurements=measurements, unmapped=named(_beside(root, _name(root)))
    )


def _root(body: bytes) -> Element:
    try:
        return fromstring(body, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except ParseError as error:
        line, column = error.position
        raise FileRefusedError(
            Words(
                "line {line}, column {column}: this is not XML; export it again",
                line=line,
                column=column + 1,
            )
        ) from error
    except DefusedXmlException as error:
        raise FileRefusedError(
            Words("it declares a document type or entities, which no measurement needs: not read")
        ) from error
    except (ValueError, LookupError) as error:
        raise FileRefusedError(
            Words("its encoding is not known: export it again in UTF-8")
        ) from error


def _deeper(root: Element, most: int) -> bool:
    """Tell whether more elements than that stand in each other."""
    level = [root]
    for _ in range(most):
        level = [child for each in level for child in each]
    return bool(level)


def _name(element: Element) -> str:
    """Return the name of an element without its namespace."""
    return element.tag.rpartition("}")[2]


def _all(element: Element, name: str) -> list[Element]:
    return [each for each in element if _name(each) == name]


def _said(element: Element | None, name: str) -> str | None:
    found = [] if element is None else _all(element, name)
    return plain(found[0].text) if len(found) == 1 else None


def _instrument(root: Element) -> StatedInstrument:
    # Of several instruments none is the one that measured.
    found = _all(root, "Instrument")
    only = found[0] if len(found) == 1 else None
    return StatedInstrument(
        vendor=_said(only, "Manufacturer"),
        model=_said(only, "Type"),
        serial=_said(only, "SerialNumber"),
    )


def _measurements(root: Element, instrument: StatedInstrument) -> Iterator[Measured]:
    for customer in _all(root, "Customer"):
        for fireplace in _all(customer, "Fireplace"):
            for each in fireplace:
                if _name(each) in MEASUREMENTS:
                    yield _measured(each, _place(customer, fireplace, each), instrument)


def _place(customer: Element, fireplace: Element, measurement: Element) -> str:
    parts = (
        ("Customer", customer.get("CustomerId")),
        ("Fireplace", fireplace.get("FireplaceNumber")),
    )
    said = [f"{name} {plain(own) or '?'}" for name, own in parts]
    return plain(" / ".join((*said, _name(measurement)))) or ""


def _measured(element: Element, place: str, instrument: StatedInstrument) -> Measured:
    stated: list[tuple[str, Reading]] = []
    unmapped: list[str] = []
    for each in element:
        if _name(each) in MOMENT:
            continue
        reading = _reading(each)
        if isinstance(reading, Reading):
            stated.append((_label(each), reading))
        else:
            unmapped.append(reading)
    readings, twice = unambiguous(stated)
    moment = [said for each in ("Date", "Time") if (said := _said(element, each))]
    return Measured(
        readings=readings,
        instrument=instrument,
        at=plain(" ".join(moment)),
        place=place,
        unmapped=named((*unmapped, *twice)),
    )


def _label(element: Element) -> str:
    return f"{_name(element)} {element.get('Unit') or ''}".strip()


def _reading(element: Element) -> Reading | str:
    """Return the reading of an element; its name when no source explains it, or its text is no number."""
    known = VALUES.get((_name(element), element.get("Unit")))
    if known is None or len(element):
        return _label(element)
    try:
        return Reading(known[0], number.parse((element.text or "").strip()), known[1])
    except number.NumberError:
        return Words(
            "{name}: {text} is no number", name=short(_label(element)), text=quoted(element.text)
        )


def _beside(element: Element, path: str) -> Iterator[str]:
    """Yield the elements around the measurements that are not known, each with its path."""
    for each in element:
        name = _name(each)
        if name not in BESIDE:
            yield f"{path}/{name}"
        elif name in {"Customer", "Fireplace"}:
            yield from _beside(each, f"{path}/{name}")
