"""What a form asks for only under conditions: which fields are asked, and which are required then."""

from collections.abc import Iterable, Mapping
from typing import Annotated

from pydantic import Field, model_validator

from contract import number
from contract.forms.part import FormPart
from contract.forms.value import FieldState, FieldValue
from contract.wire.base import Bilingual, FieldName, Number, ShortText


class Condition(FormPart):
    """Something that holds of the value of one field; of an empty field only ``filled: false`` holds."""

    field: FieldName
    one_of: Annotated[tuple[ShortText | bool, ...] | None, Field(alias="in", min_length=1)] = None
    """The value is one of these."""
    filled: bool | None = None
    at_least: Number | None = None
    less_than: Number | None = None

    @model_validator(mode="after")
    def _says_something(self) -> "Condition":
        said = (self.one_of, self.filled, self.at_least, self.less_than)
        if all(each is None for each in said):
            raise ValueError("say what must hold: in, filled, at_least or less_than")
        return self

    def holds(self, values: Mapping[str, FieldValue]) -> bool:
        """Tell whether it holds of the values of a report."""
        value = values.get(self.field)
        filled = value is not None and value.state is FieldState.FILLED
        if self.filled is not None and self.filled is not filled:
            return False
        if value is None or not filled:
            return self.filled is False
        return self._is_one(value) and self._is_within(value)

    def _is_one(self, value: FieldValue) -> bool:
        return self.one_of is None or value.value in self.one_of

    def _is_within(self, value: FieldValue) -> bool:
        if self.at_least is None and self.less_than is None:
            return True
        exact = value.exact
        if exact is None and isinstance(value.value, str):
            try:
                exact = number.parse(value.value)
            except number.NumberError:
                return False
        if exact is None:
            return False
        least = self.at_least is None or exact >= self.at_least
        return least and (self.less_than is None or exact < self.less_than)


Conditions = tuple[Condition, ...]
"""All of them must hold."""


def hold(conditions: Iterable[Condition], values: Mapping[str, FieldValue]) -> bool:
    """Tell whether all conditions hold."""
    return all(each.holds(values) for each in conditions)


class Rule(FormPart):
    """What holds of other fields when all conditions hold, and how that is said to people."""

    when: Annotated[Conditions, Field(min_length=1)]
    require: tuple[FieldName, ...] = ()
    """These must be filled."""
    refuse: tuple[FieldName, ...] | None = None
    """These cannot be as they are: one of them, or what the conditions speak of, is wrong."""
    says: Bilingual

    @model_validator(mode="after")
    def _says_something(self) -> "Rule":
        if not self.require and not self.refuse:
            raise ValueError("say which fields it is about: require or refuse")
        return self
