"""What stands in the fields of an official PDF: the values of a report, as that sheet writes them."""

from collections.abc import Mapping
from datetime import date

from contract.forms.acroform import DatePart, PdfField, SignedPart
from contract.forms.condition import hold
from contract.forms.signed import Signed
from contract.forms.value import EMPTY, FieldState, FieldValue

Entry = str | bool
"""A text, the state of a choice, or whether a box is ticked."""


def entries(
    fields: Mapping[str, PdfField],
    values: Mapping[str, FieldValue],
    signatures: Mapping[str, Signed],
) -> Mapping[str, Entry]:
    """Return what stands in the fields of the PDF, by their names there; what is empty is left out."""
    found: dict[str, Entry] = {}
    for name, field in fields.items():
        entry = _entry(field, values, signatures)
        if entry is not None:
            found[name] = entry
    return found


def _entry(
    field: PdfField, values: Mapping[str, FieldValue], signatures: Mapping[str, Signed]
) -> Entry | None:
    if field.tick is not None:
        return hold(field.tick, values)
    if field.choose is not None:
        return next((state for state, each in field.choose.items() if hold(each, values)), None)
    if field.signature is not None:
        return _signed(signatures.get(field.signature), field.of)
    return _text(values.get(field.text or "", EMPTY), field.part)


def _signed(stands: Signed | None, of: SignedPart | None) -> str | None:
    hand = stands.signature if stands is not None else None
    if hand is None:
        return None
    match of:
        case SignedPart.NAME:
            return hand.name
        case SignedPart.CAPACITY:
            return hand.capacity
        case _:
            return hand.at.strftime("%d/%m/%Y")


def _text(value: FieldValue, part: DatePart | None) -> str | None:
    if value.state is not FieldState.FILLED or not isinstance(value.value, str):
        return None
    if part is None:
        # A number of the form is written as the official sheet has it, with a decimal comma.
        return value.value.replace(".", ",") if value.exact is not None else value.value
    try:
        day = date.fromisoformat(value.value)
    except ValueError:
        return None
    return f"{getattr(day, part):02}"
