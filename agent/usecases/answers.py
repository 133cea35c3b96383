"""Whether a typed answer is one that its field can hold. Once saved, it would stand in the chain for ever."""

from collections.abc import Sequence
from typing import cast

from contract.forms.fold import Answer, at_field
from contract.forms.form import FormField
from contract.number import NumberError, parse
from contract.unit import Unit, UnitError
from contract.words import Words


def fault(field: FormField, answer: Answer, unit: Unit | None) -> Words | None:
    """Return what is wrong with an answer, and the remedy; None when the field can hold it."""
    if isinstance(answer, bool):
        return None if field.type == "boolean" else Words("give a text")
    if field.type == "boolean":
        return Words("answer yes or no")
    if field.measure is not None or field.type in {"number", "integer"}:
        return _number_fault(field, answer, unit)
    choices = cast("Sequence[object]", (field.model_extra or {}).get("enum", (answer,)))
    if answer not in choices:
        return Words("choose one of {choices}", choices=", ".join(str(each) for each in choices))
    return None


def _number_fault(field: FormField, answer: str, unit: Unit | None) -> Words | None:
    try:
        value = parse(answer)
        if field.measure is not None:
            at_field(field.measure, value, unit or field.measure.unit)
    except NumberError:
        return Words(
            "{answer} is not a number: write it in digits, as in 20.8", answer=answer[:40]
        )
    except UnitError as error:
        return Words("{reason}", reason=str(error))
    if field.type == "integer" and value != value.to_integral_value():
        return Words("{value} is not a whole number", value=value)
    return None
