"""The page of the formulas that a form may name."""

from collections.abc import Iterator

from contract.calculations.formula import Choice, Formula, Kind, Number
from contract.calculations.formulas import FORMULAS
from contract.calculations.fuels import FUEL_SETS, FuelSet
from contract.calculations.refrigerant import REFRIGERANTS

HEAD = """\
# Formulas

{generated}A field of a form with `x-compute` is calculated from other fields where nobody states it: what an instrument
stated, or a person typed, always wins, and each says which it is. Nothing is rounded on the way. How to write it:
[Fill a form from instruments](../how-to/fill-a-form.md). Sources stand in the modules of `contract/calculations`, and
their vectors in `tests/calculations`.

| formula | what it gives | from | in |
|---|---|---|---|
"""


def page(generated: str) -> str:
    """Return the page."""
    return "".join((HEAD.format(generated=generated), *_formulas(), *_fuels(), *_refrigerants()))


def _formulas() -> Iterator[str]:
    for each in FORMULAS.values():
        inputs = ", ".join(_input(each, name, kind) for name, kind in each.inputs.items())
        if each.constants:
            inputs = f"constants, {inputs}"
        yield f"| `{each.name}` | {each.title} | {inputs} | {_kind(each.output)} |\n"


def _input(formula: Formula, name: str, kind: Kind) -> str:
    optional = ", if known" if name in formula.optional else ""
    return f"`{name}` ({_kind(kind)}{optional})"


def _kind(kind: Kind) -> str:
    match kind:
        case Number(unit=unit, of=of, said=said):
            stated = "" if not of else f" of {' or '.join(f'`{each}`' for each in of)}"
            return f"{unit or said}{stated}"
        case Choice(codes=codes):
            return ", ".join(f"`{each}`" for each in codes) or "text"
        case _:
            return "yes or no"


def _fuels() -> Iterator[str]:
    yield (
        "\n## Constants of fuels\n\nPublished sets, each used whole: `constants` names one, and two are never mixed.\n"
    )
    for each in FUEL_SETS.values():
        yield from _set(each)


def _set(fuels: FuelSet) -> Iterator[str]:
    yield f"\n### `{fuels.name}`\n\n{fuels.source}. Oxygen in air: {fuels.oxygen_in_air} %.\n\n"
    yield "| fuel | A2 | B | CO2 max % | O2 reference % | condensing below °C | adds % |\n"
    yield "|---|---|---|---|---|---|---|\n"
    for fuel, said in fuels.fuels.items():
        step = said.condensing
        cells = (
            f"`{fuel}`",
            said.a2,
            said.b,
            said.carbon_dioxide_max,
            said.reference_oxygen or "–",
            step.below if step else "–",
            step.gain if step else "–",
        )
        yield f"| {' | '.join(map(str, cells))} |\n"


def _refrigerants() -> Iterator[str]:
    yield "\n## Refrigerants\n\nWhat has no source here is refused, and typed by a person with where it comes from.\n\n"
    yield "| name | warming potential | parts by mass |\n|---|---|---|\n"
    for each in REFRIGERANTS.values():
        parts = ", ".join(f"{name} {share}" for name, share in each.parts.items()) or "–"
        yield f"| {each.name} | {each.potential} | {parts} |\n"
