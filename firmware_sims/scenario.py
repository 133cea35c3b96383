"""A scenario: instruments and what happens to them, checked before anything starts."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from pathlib import Path

from firmware_sims.catalogue import UnknownInstrumentError, build, entry
from firmware_sims.kit.decimals import DECIMAL
from firmware_sims.kit.entry import begun
from firmware_sims.kit.faults import Act, Fault
from firmware_sims.kit.instrument import ControlError, Instrument
from firmware_sims.kit.quantities import Quantity
from firmware_sims.scenario_file import (
    InstrumentTable,
    ScenarioError,
    ScenarioFile,
    StepTable,
    read,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """A step that can be played."""

    said: StepTable
    instrument: Instrument | None
    """Whom it concerns; None: it says something, and does nothing."""

    @property
    def values(self) -> dict[Quantity, Decimal]:
        return {Quantity(code): Decimal(text) for code, text in self.said.set.items()}

    @property
    def faults(self) -> dict[Fault, bool]:
        return {Fault(name): on for name, on in self.said.fault.items()}

    @property
    def act(self) -> Act | None:
        return None if self.said.act is None else Act(self.said.act)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Instruments in their first situation, and the steps in their order."""

    instruments: tuple[Instrument, ...]
    links: dict[str, str]
    """By serial."""
    steps: tuple[Step, ...]


class _WrongError(ValueError):
    """Something in a table is wrong; the message says what, and what would do."""


def scenario(path: Path, seed: int) -> Scenario:
    """Return what a file says; raise `ScenarioError`, with a line for each thing that is wrong."""
    said = read(path)
    instruments: dict[str, Instrument] = {}
    links: dict[str, str] = {}
    wrong: list[str] = []
    for number, table in enumerate(said.instrument, 1):
        try:
            built = _built(table, seed)
            _refuse_twice(built.serial, instruments)
        except (_WrongError, UnknownInstrumentError) as error:
            wrong.append(f"instrument {number}: {error}")
        else:
            instruments[built.serial] = built
            links[built.serial] = _link(table)
    wrong += _wrong_order(said.step)
    if len(instruments) == len(said.instrument):
        # Of an instrument that could not be built nothing can be said.
        wrong += _wrong_steps(said, instruments, seed)
    if wrong:
        raise ScenarioError("\n".join(f"{path}: {each}" for each in wrong))
    steps = (
        Step(said=each, instrument=instruments[each.instrument] if each.instrument else None)
        for each in said.step
    )
    return Scenario(instruments=tuple(instruments.values()), links=links, steps=tuple(steps))


def _built(table: InstrumentTable, seed: int) -> Instrument:
    each = entry(table.slug)
    if table.serial is not None and not table.serial.isalnum():
        raise _WrongError(f"the serial {table.serial!r} is not of letters and digits")
    words = (table.slug, table.serial or "", table.model or "")
    instrument = build(":".join(words), seed)
    _one_of("link", _link(table), each.links)
    for fault in table.faults:
        _one_of("fault", fault, instrument.known_faults)
    if table.setup is not None:
        begun(instrument, each.setups[_one_of("setup", table.setup, each.setups)])
    for fault in table.faults:
        instrument.set_fault(Fault(fault), on=True)
    return instrument


def _link(table: InstrumentTable) -> str:
    return table.link or entry(table.slug).links[0]


def _refuse_twice(serial: str, taken: Collection[str]) -> None:
    if serial in taken:
        raise _WrongError(f"the serial {serial!r} is used twice; give it one of its own")


def _one_of(what: str, asked: str, known: Iterable[str]) -> str:
    names = sorted(known)
    if asked not in names:
        remedy = f"known are {', '.join(names)}" if names else "leave it out: it has none"
        raise _WrongError(f"it has no {what} {asked!r}; {remedy}")
    return asked


def _wrong_order(steps: Sequence[StepTable]) -> Iterator[str]:
    for number, (before, step) in enumerate(pairwise(steps), 2):
        if step.at < before.at:
            yield (
                f"step {number}: its time {step.at:g} goes back behind {before.at:g}; "
                "put the steps in the order of at"
            )


def _wrong_steps(
    said: ScenarioFile, instruments: Mapping[str, Instrument], seed: int
) -> Iterator[str]:
    tables = dict(zip(instruments, said.instrument, strict=True))
    for number, step in enumerate(said.step, 1):
        try:
            if (instrument := _whom(step, instruments)) is not None:
                _check_step(step, instrument)
                if step.act == Act.SCAN:
                    _try_to_scan(_built(tables[instrument.serial], seed), step.text)
        except _WrongError as error:
            yield f"step {number}: {error}"


def _whom(step: StepTable, instruments: Mapping[str, Instrument]) -> Instrument | None:
    if not step.does and not step.say:
        raise _WrongError("it says and does nothing; give it say, set, hold, fault or act")
    known = ", ".join(sorted(instruments))
    if step.instrument is None:
        if step.does or step.text:
            raise _WrongError(f"it names no instrument; write instrument with one of {known}")
        return None
    if step.instrument not in instruments:
        raise _WrongError(f"no instrument has the serial {step.instrument!r}; known are {known}")
    return instruments[step.instrument]


def _check_step(step: StepTable, instrument: Instrument) -> None:
    for code, text in step.set.items():
        _one_of("quantity to set", code, instrument.sensors)
        if not DECIMAL.fullmatch(text):
            raise _WrongError(f"{text!r} is no {code}; write a decimal, as -12.5")
    for name in step.fault:
        _one_of("fault", name, instrument.known_faults)
    if step.act is not None:
        _one_of("act", step.act, instrument.known_acts)
    if step.text and step.act != Act.SCAN:
        raise _WrongError("text is what is scanned; write act = 'scan' with it, or leave it out")


def _try_to_scan(another: Instrument, text: str) -> None:
    """Have an instrument of the same kind scan it, one that is never used."""
    try:
        another.do(Act.SCAN, text)
    except ControlError as error:
        raise _WrongError(f"it cannot scan {text!r}; write {', '.join(error.allowed)}") from error
