"""What a scanned code says, as far as GS1 has agreed on it; read by biip."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from biip.gs1_element_strings import GS1ElementString

OF_GS1 = frozenset({"]C1", "]d2", "]Q3", "]e0"})
"""Symbologies whose codes are GS1 messages: GS1-128, GS1 DataMatrix, GS1 QR code, GS1 DataBar (ISO/IEC 15424)."""


@dataclass(frozen=True, slots=True)
class Element:
    """One element of a GS1 message: application identifier, its short title, and its value.

    Of a weight the value has its decimal point, of a date it is the day, with the time if there is one;
    anything else stands as it was scanned.
    """

    identifier: str
    title: str
    value: str


def elements(text: str, aim: str | None) -> tuple[Element, ...]:
    """Return the elements of a code; none unless the scanner said that its symbology is one of GS1's.

    Without that, digits that only look like an identifier would be split: "2112345" is not serial number 12345. A
    number whose own check digit is wrong is left out.
    """
    if aim not in OF_GS1:
        return ()
    # Most agents never see such a code, and the tables of the library take 16 MB.
    from biip import ParseConfig, ParseError, parse  # noqa: PLC0415 - see above

    try:
        read = parse(aim + text, config=ParseConfig(gs1_element_strings_verify_date=False))
    except ParseError:
        return ()
    if read.gs1_message is None:
        return ()
    return tuple(
        Element(each.ai.ai, each.ai.data_title, _value(each))
        for each in read.gs1_message.element_strings
        if not (each.gtin_error or each.sscc_error or each.gln_error)
    )


def _value(element: "GS1ElementString") -> str:
    if element.datetime is not None:
        return element.datetime.isoformat(timespec="minutes")
    if element.date is not None:
        return element.date.isoformat()
    return element.value if element.decimal is None else f"{element.decimal:f}"
