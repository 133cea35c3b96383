"""The block ``x-compute`` of a form field: the formula that fills it from other fields where nobody states it."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from contract.calculations.formula import Formula
from contract.calculations.formulas import FORMULAS
from contract.calculations.fuels import FUEL_SETS, FuelSet
from contract.forms.measure import Edit
from contract.forms.part import FormPart
from contract.wire.base import FieldName, Name, ShortText


class Constant(FormPart):
    """An input that the form itself says."""

    value: ShortText


Input = FieldName | Constant
"""The field that an input is read from, or what it always is."""


class Compute(FormPart):
    """How a field is calculated. What an instrument stated, or a person typed, always wins over it."""

    formula: Annotated[str, Field(max_length=64)]
    constants: Name | None = None
    """The published set of constants, for a formula that takes one."""
    inputs: dict[str, Input]
    round: Annotated[int, Field(ge=0, le=9)] | None = None
    """Decimals kept, for a field without ``x-measure``, whose own counts otherwise."""
    edit: Edit = Edit.LOCKED
    """Whether a person may type another value, for a field without ``x-measure``."""

    @model_validator(mode="after")
    def _known(self) -> "Compute":
        formula = FORMULAS.get(self.formula)
        if formula is None:
            raise ValueError(
                f"there is no formula {self.formula}: known are {', '.join(FORMULAS)}"
            )
        if self.constants is not None and self.constants not in FUEL_SETS:
            raise ValueError(
                f"there are no constants {self.constants}: known are {', '.join(FUEL_SETS)}"
            )
        if formula.constants != (self.constants is not None):
            wanted = f"one of {', '.join(FUEL_SETS)}" if formula.constants else "none"
            raise ValueError(f"{formula.name} takes constants: {wanted}")
        _check_inputs(formula, self.inputs)
        return self

    @property
    def of(self) -> Formula:
        """The formula."""
        return FORMULAS[self.formula]

    @property
    def fuels(self) -> FuelSet | None:
        """The set of constants, None for a formula that takes none."""
        return None if self.constants is None else FUEL_SETS[self.constants]

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that it is calculated from."""
        return tuple(each for each in self.inputs.values() if isinstance(each, str))


def _check_inputs(formula: Formula, inputs: Mapping[str, Input]) -> None:
    unknown = sorted(inputs.keys() - formula.inputs.keys())
    if unknown:
        known = ", ".join(formula.inputs)
        raise ValueError(f"{formula.name} has no input {unknown[0]}: it takes {known}")
    missing = sorted(formula.inputs.keys() - formula.optional - inputs.keys())
    if missing:
        raise ValueError(f"{formula.name} needs the input {', '.join(missing)}: name its field")
