"""Whether a typed answer is one that its field can hold. Once saved, it would stand in the chain for ever."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from contract.forms.form import FormField
from contract.forms.pattern import Pattern, PatternError
from contract.forms.value import Answer, Verdict, at_field, judge
from contract.number import NumberError, parse
from contract.unit import Unit, UnitError
from contract.words import Words

Keywords = Mapping[str, object]
"""What JSON Schema says of a field besides its type; the gateway kept it only when it can be honoured."""


def fault(field: FormField, answer: Answer, unit: Unit | None) -> Words | None:
    """Return what is wrong with an answer, and the remedy; None when the field can hold it."""
    if unit is not None and field.measure is None:
        return Words("this field has no unit: leave it out")
    if isinstance(answer, bool):
        return None if field.type == "boolean" else Words("give a text")
    if field.type == "boolean":
        return Words("answer yes or no")
    if field.measure is not None or field.type in {"number", "integer"}:
        return _number_fault(field, answer, unit)
    return _text_fault(field.model_extra or {}, answer)


def _text_fault(said: Keywords, answer: str) -> Words | None:
    choices = _choices(said)
    if choices and answer not in choices:
        return Words("choose one of {choices}", choices=_listed(choices))
    least, most = said.get("minLength"), said.get("maxLength")
    if isinstance(least, int) and len(answer) < least:
        return Words("give at least {count} characters", count=least)
    if isinstance(most, int) and len(answer) > most:
        return Words("give at most {count} characters", count=most)
    if said.get("format") == "date" and not _is_day(answer):
        return Words("{answer} is no day: write it as in 2026-11-24", answer=answer[:40])
    pattern = said.get("pattern")
    if isinstance(pattern, str) and not _fits(pattern, answer):
        return Words("the form wants another pattern: {pattern}", pattern=pattern)
    return None


def reason(error: UnitError) -> Words:
    """Return what is wrong with a unit, in words that can be translated."""
    said = error.args[0]
    return said if isinstance(said, Words) else Words("{reason}", reason=str(error))


def _is_day(answer: str) -> bool:
    try:
        return len(answer) == len("2026-11-24") and bool(date.fromisoformat(answer))
    except ValueError:
        return False


def _choices(said: Keywords) -> list[object]:
    return cast("list[object]", said.get("enum", []))


def _listed(choices: list[object]) -> str:
    return ", ".join(str(each) for each in choices)


def _fits(pattern: str, answer: str) -> bool:
    try:
        return Pattern(pattern).fits(answer)
    except PatternError:  # kept by a gateway that did not look: no answer could be right
        return True


def _number_fault(field: FormField, answer: str, unit: Unit | None) -> Words | None:
    try:
        value = parse(answer)
        if field.measure is not None:
            there = at_field(field.measure, value, unit or field.measure.unit)
            if judge(field.measure, there) is Verdict.REJECT:
                return Words(
                    "{value} {unit} is outside what the form accepts",
                    value=there,
                    unit=Words(field.measure.unit),
                )
    except NumberError:
        return Words(
            "{answer} is not a number: write it in digits, as in 20.8", answer=answer[:40]
        )
    except UnitError as error:
        return reason(error)
    if field.type == "integer" and value != value.to_integral_value():
        return Words("{value} is not a whole number", value=value)
    # What an instrument can state too is judged by the limits of x-measure.
    return None if field.measure is not None else _range_fault(field.model_extra or {}, value)


def _range_fault(said: Keywords, value: Decimal) -> Words | None:
    choices = _choices(said)
    if choices and value not in {_decimal(each) for each in choices}:
        return Words("choose one of {choices}", choices=_listed(choices))
    least, most = _decimal(said.get("minimum")), _decimal(said.get("maximum"))
    if least is not None and value < least:
        return Words("{value} is less than {minimum}", value=value, minimum=least)
    if most is not None and value > most:
        return Words("{value} is more than {maximum}", value=value, maximum=most)
    return None


def _decimal(said: object) -> Decimal | None:
    """Return a number as the form writes it."""
    return Decimal(str(said)) if isinstance(said, int | float) else None
