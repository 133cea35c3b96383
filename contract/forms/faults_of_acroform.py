"""What keeps a field of an official PDF from ever being filled."""

from collections.abc import Iterator

from contract.forms.acroform import PdfField
from contract.forms.faults_of_conditions import of_each
from contract.forms.form import FormSchema
from contract.wire.problem import Fault


def of_acroform(schema: FormSchema) -> Iterator[Fault]:
    """Yield what is wrong with how the values stand in the PDF."""
    for name, field in (schema.acroform or {}).items():
        yield from _of(f"schema.x-acroform.{name}", field, schema)


def _of(place: str, field: PdfField, schema: FormSchema) -> Iterator[Fault]:
    if field.text is not None and field.text not in schema.properties:
        remedy = f"{field.text} is not among the properties: name a field"
        yield Fault(field=f"{place}.text", remedy=remedy)
    if field.signature is not None and field.signature not in (schema.signatures or {}):
        remedy = f"{field.signature} is not among x-signatures: name one"
        yield Fault(field=f"{place}.signature", remedy=remedy)
    yield from of_each(f"{place}.tick", field.tick or (), schema)
    for state, conditions in (field.choose or {}).items():
        yield from of_each(f"{place}.choose.{state}", conditions, schema)
