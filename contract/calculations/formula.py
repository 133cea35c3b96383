"""What a formula is to a form: what it takes, in which units, and what it gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import TypeVar

from contract.calculations.errors import CalculationError
from contract.calculations.fuels import FUEL_SETS, FuelSet
from contract.quantity import Quantity
from contract.unit import Unit
from contract.words import Words

Value = Decimal | str | bool
Code = TypeVar("Code", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Number:
    """A number: of one of these quantities, converted to ``unit``, or typed and then counted as stated in ``said``."""

    unit: Unit | None = None
    of: tuple[Quantity, ...] = ()
    """Empty for what no instrument states."""
    said: str = ""
    """The unit of what is only typed, where no reading has it."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One of these codes; without codes, any text."""

    codes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Flag:
    """Yes or no."""


Kind = Number | Choice | Flag


@dataclass(frozen=True, slots=True)
class Given:
    """What a formula is calculated from, each input of its kind."""

    values: Mapping[str, Value]
    fuels: FuelSet | None = None

    def number(self, name: str) -> Decimal:
        """Return a number."""
        value = self.values[name]
        if not isinstance(value, Decimal):
            raise CalculationError(Words("{name} is no number: correct it", name=name))
        return value

    def whole(self, name: str) -> int:
        """Return a whole number."""
        value = self.number(name)
        if value != value.to_integral_value():
            raise CalculationError(Words("{name} is no whole number: correct it", name=name))
        return int(value)

    def text(self, name: str) -> str:
        """Return a text."""
        return str(self.values[name])

    def choice(self, name: str, of: type[Code]) -> Code:
        """Return one of the codes of an enum."""
        try:
            return of(self.text(name))
        except ValueError as error:
            raise CalculationError(
                Words(
                    "{said} is not known here: choose one of {known}",
                    said=self.text(name)[:40],
                    known=", ".join(of),
                )
            ) from error

    def constants(self) -> FuelSet:
        """Return the set of constants that the form names."""
        if self.fuels is None:
            raise CalculationError(
                Words(
                    "the form names no constants: choose one of {known}",
                    known=", ".join(FUEL_SETS),
                )
            )
        return self.fuels


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One formula of the trade."""

    name: str
    title: str
    """For the list of formulas, in English."""
    inputs: Mapping[str, Kind] = field(hash=False)
    output: Kind
    calculate: Callable[[Given], Value]
    """Raises CalculationError where the inputs allow no result."""
    constants: bool = False
    """Whether a form must name a set of constants."""
    optional: frozenset[str] = frozenset()
    """Inputs that it does without."""


def codes(of: type[StrEnum]) -> Choice:
    """Return the choice among the codes of an enum."""
    return Choice(tuple(of))
