"""What all engines are told of a field alike."""

from decimal import Decimal
from typing import Any, cast

from contract.forms.form import Form, FormField
from contract.forms.measure import Bounds, Edit

Json = dict[str, Any]


def block(field: FormField) -> Json | None:
    """Return the neutral block of a field that an instrument fills; None for any other."""
    if field.measure is None or field.measure.manual:
        return None
    return field.measure.model_dump(mode="json", exclude_none=True, exclude_defaults=True) | {
        "quantity": field.measure.quantity.value,
        "unit": field.measure.unit.value,
    }


def choices(field: FormField) -> list[str] | None:
    """Return the codes that a field may hold, as text; None for one without."""
    said = (field.model_extra or {}).get("enum")
    return [str(each) for each in cast("list[object]", said)] if isinstance(said, list) else None


def bounds(field: FormField) -> Bounds:
    """Return the inclusive limits of a number, beyond which it is refused."""
    if field.measure is not None:
        return field.measure.limits.reject
    said = field.model_extra or {}
    return Bounds(minimum=_decimal(said.get("minimum")), maximum=_decimal(said.get("maximum")))


def _decimal(said: object) -> Decimal | None:
    return Decimal(str(said)) if isinstance(said, int | float) else None


def closed(field: FormField) -> bool:
    """Tell whether a person cannot type the value: a formula gives it, or an instrument alone."""
    return field.edit is Edit.LOCKED


def plain(number: Decimal) -> int | float:
    """Return a bound as JSON numbers go, for engines that know no other."""
    return int(number) if number == number.to_integral_value() else float(number)


def groups(form: Form) -> list[str]:
    """Return the names of the groups, in the order of their first fields."""
    named = (
        each.measure.group
        for each in form.form.properties.values()
        if each.measure is not None and each.measure.group is not None
    )
    return list(dict.fromkeys(named))
