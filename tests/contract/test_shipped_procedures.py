"""The procedures that the shipped forms lead through, walked to their ends as their rules want it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from importlib import resources

import pytest

from contract.forms import shipped
from contract.forms.asked import missing
from contract.forms.fold import fold
from contract.forms.form import Form
from contract.forms.procedure import ProcedureStep, StepKind
from contract.forms.standing import Standing, StepState, standing
from contract.forms.value import FieldValue, Placed
from contract.wire.captured import ClockQuality, ClockReading
from contract.wire.statement import Decision, Step, StepEvent
from tests.contract.making import AT, BY, entry, placed

Answers = Mapping[str, str | bool]


@dataclass
class Walk:
    """A technician who answers as told, and does what each step says."""

    form: Form
    procedure: str
    answers: Answers
    uptime: Decimal = Decimal(100)
    captures: list[Placed] = field(default_factory=list)
    went: list[str] = field(default_factory=list)
    waited: dict[str, int] = field(default_factory=dict)

    def keep(self, statement) -> None:
        clock = ClockReading(boot="b0", uptime=self.uptime, quality=ClockQuality.SYNCED)
        said = statement.model_copy(update={"clock": clock})
        self.captures.append(placed(len(self.captures) + 1, said))

    def answer(self, name: str) -> None:
        before = [
            each.id.seq for each in self.captures if getattr(each.statement, "field", "") == name
        ]
        self.keep(entry(field=name, value=self.answers[name], replaces=before))

    @property
    def values(self) -> Mapping[str, FieldValue]:
        return fold(self.form, "r-1", self.captures)

    def standing(self) -> Standing:
        found = {each.id: each for each in self.form.form.procedures or ()}
        return standing(self.form, found[self.procedure], self.captures, self.values)

    def to_the_end(self) -> "Walk":
        while (now := self.standing().current) is not None:
            assert len(self.went) < 40, self.went
            if now.state is StepState.CURRENT:
                self.went.append(now.step.id)
            self._do(now.step)
        return self

    def _do(self, step: ProcedureStep) -> None:
        match step.kind:
            case StepKind.DECIDE:
                choice = self.answers.get(step.id) or next(iter(step.choices or {}))
                self.keep(
                    Decision(**COMMON, procedure=self.procedure, step=step.id, choice=choice)
                )
                if step.field:
                    self.keep(entry(field=step.field, value=choice))
            case StepKind.ACKNOWLEDGE:
                self._say(step, StepEvent.ACKNOWLEDGED)
                if step.field:
                    self.keep(entry(field=step.field, value=True))
            case StepKind.WAIT | StepKind.MEASURE:
                self._say(step, StepEvent.BEGUN)
                self.uptime += step.seconds or 0
                self.waited[step.id] = step.seconds or 0
                for name in step.fields or ():
                    self.answer(name)
                self._say(step, StepEvent.DONE)
            case StepKind.DO:
                self._say(step, StepEvent.DONE)

    def _say(self, step: ProcedureStep, event: StepEvent) -> None:
        self.keep(Step(**COMMON, procedure=self.procedure, step=step.id, event=event))


COMMON = {
    "salt": "0" * 32,
    "intervention": "i-1",
    "by": BY,
    "at": AT,
    "clock": ClockReading(boot="b0", uptime=Decimal(0), quality=ClockQuality.SYNCED),
    "report": "r-1",
}


def shipped_form(name: str) -> Form:
    return Form.model_validate_json((resources.files(shipped) / f"{name}.json").read_text("utf-8"))


def walked(name: str, procedure: str, answers: Answers, first: tuple[str, ...] = ()) -> Walk:
    walk = Walk(shipped_form(name), procedure, answers)
    for each in first:
        walk.answer(each)
    assert walk.standing().asked
    return walk.to_the_end()


# --- ambient CO -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ppm", "class_", "last"),
    [
        ("0", "normal", "probe"),
        ("9", "normal", "probe"),
        ("9.9", "normal", "probe"),
        ("10", "anomaly", "anomaly"),
        ("49.9", "anomaly", "anomaly"),
        ("50", "danger", "danger"),
    ],
)
def test_ambient_co_ends_with_what_the_law_says_of_its_value(ppm, class_, last):
    walk = walked("ambient-co", "ambient-co", {"ambient_co_ppm": ppm})

    assert ["serviced", "aired", "shut", "others-off", "nominal-power"] == walk.went[:5]
    assert (last, class_) == (walk.went[-1], walk.values["ambient_co_class"].value)
    assert {"nominal-power": 180, "probe": 30} == walk.waited
    assert () == missing(walk.form, walk.values)


def test_the_value_is_shown_with_the_digits_that_were_read():
    walk = walked("ambient-co", "ambient-co", {"ambient_co_ppm": "49.9"})

    assert "49.9" == walk.values["ambient_co_ppm"].value
    assert "Il y a anomalie de fonctionnement" in str(walk.values["ambient_co_sentence"].value)


def test_danger_is_acknowledged_in_the_report_too():
    walk = walked("ambient-co", "ambient-co", {"ambient_co_ppm": "50"})

    assert walk.values["danger_acknowledged"].value is True


# --- gas ------------------------------------------------------------------------------------------

FRENCH = {
    "rule": "fr_no_drop",
    "medium": "air",
    "instrument_resolution_mbar": "0.01",
    "on_gas": False,
    "start_mbar": "50.00",
    "end_mbar": "50.00",
    "valve_start_mbar": "10.00",
    "valve_end_mbar": "10.00",
}


@pytest.mark.parametrize(
    ("end", "movement", "last"),
    [("50.00", "steady", "end"), ("49.99", "drop", "leaks"), ("50.02", "rise", "end")],
)
def test_in_france_the_smallest_drop_in_ten_minutes_is_a_leak(end, movement, last):
    walk = walked("gas-tightness", "fr-no-drop", {**FRENCH, "end_mbar": end}, ("rule",))

    assert (movement, last) == (walk.values["movement"].value, walk.went[-1])
    assert 600 == walk.waited["hold"]
    assert "valve-hold" not in walk.waited
    assert () == missing(walk.form, walk.values)


@pytest.mark.parametrize(
    ("end", "valve", "last"),
    [("10.00", "steady", "valve-end"), ("10.01", "rise", "valve-passes")],
)
def test_on_gas_the_upstream_valve_is_watched_for_five_minutes(end, valve, last):
    answers = {**FRENCH, "on_gas": True, "valve_end_mbar": end}
    walk = walked("gas-tightness", "fr-no-drop", answers, ("rule",))

    assert (valve, last) == (walk.values["valve"].value, walk.went[-1])
    assert 300 == walk.waited["valve-hold"]


GERMAN = {
    "rule": "dvgw_trgi",
    "medium": "air",
    "start_mbar": "50",
    "end_mbar": "49.8",
    "duration_min": "1",
    "volume_l": "20",
    "barometric_hpa": "1013",
    "operating_mbar": "23",
    "medium_is_service": True,
}


@pytest.mark.parametrize(
    ("end", "leak", "usability", "last"),
    [
        ("49.8", "0.10", "unrestricted", "data"),
        ("48", "1.04", "reduced", "reduced"),
        ("40", "5.24", "none", "not-usable"),
    ],
)
def test_the_dvgw_classes_a_leak_whose_duration_the_technician_gives(end, leak, usability, last):
    walk = walked("gas-tightness", "dvgw-trgi", {**GERMAN, "end_mbar": end}, ("rule", "medium"))

    assert (leak, usability) == (walk.values["leak_lh"].value, walk.values["usability"].value)
    assert last == walk.went[-1]
    assert {0} == set(walk.waited.values())
    assert () == missing(walk.form, walk.values)


def test_with_another_medium_nothing_is_calculated_before_its_factor_is_given():
    answers = {**GERMAN, "medium_is_service": False, "gas_factor": "2", "gas_factor_source": "X"}
    walk = walked("gas-tightness", "dvgw-trgi", answers, ("rule", "medium"))
    without = [
        each for each in walk.captures if getattr(each.statement, "field", "") != "gas_factor"
    ]
    before = fold(walk.form, "r-1", without)

    assert (None, None) == (before["leak_lh"].value, before["leak_with_factor_lh"].value)
    assert "0.21" == walk.values["leak_with_factor_lh"].value
    assert "unrestricted" == walk.values["usability_with_factor"].value


BRITISH = {
    "rule": "uk_igem_up_1b_ed4",
    "medium": "distributed_gas",
    "uk_gas": "natural_gas",
    "volume_m3": "0.009386",
    "let_by_start_mbar": "8.0",
    "let_by_end_mbar": "8.0",
    "start_mbar": "20.5",
    "end_mbar": "16.5",
    "zero": "recorded",
    "offset_mbar": "0.1",
}


@pytest.mark.parametrize(
    ("end", "result", "last"),
    [("16.5", "permitted", "end"), ("16.4", "exceeded", "too-large")],
)
def test_the_british_drop_is_permitted_by_volume(end, result, last):
    walk = walked(
        "gas-tightness", "uk-igem-up-1b", {**BRITISH, "end_mbar": end}, ("rule", "medium")
    )

    assert ("4.0", result) == (
        walk.values["permitted_drop_mbar"].value,
        walk.values["uk_result"].value,
    )
    assert last == walk.went[-1]
    assert (60, 60, 120) == tuple(walk.waited[each] for each in ("let-by-hold", "settle", "hold"))
    assert "offset" in walk.went
    assert () == missing(walk.form, walk.values)


def test_a_valve_that_lets_by_is_acknowledged():
    answers = {**BRITISH, "let_by_end_mbar": "8.3"}
    walk = walked("gas-tightness", "uk-igem-up-1b", answers, ("rule", "medium"))

    assert "lets-by" in walk.went


def test_without_a_rule_no_procedure_is_there():
    made = shipped_form("gas-tightness")
    nothing = fold(made, "r-1", [])

    assert {False} == {
        standing(made, each, [], nothing).asked for each in made.form.procedures or ()
    }


# --- leaks of refrigerant -------------------------------------------------------------------------

PLANT = {
    "equipment": "Chambre froide 3",
    "refrigerant": "R404A",
    "charge_kg": "4.20",
    "fixed_detection": False,
    "detector": "D-12",
    "detector_checked_on": "2026-02-01",
    "detector_threshold_gpa": "3",
    "leak_found": False,
    "valid_until": "2027-11-24",
    "leak_1_place": "circuit 1, raccord du détendeur",
    "leak_1_repair": "to_repair",
}


KNOWN_BEFORE = ("equipment", "refrigerant", "charge_kg", "fixed_detection")


def test_without_a_leak_the_search_ends_with_the_date_and_the_disc():
    walk = walked("leak-search", "leak-search", PLANT, KNOWN_BEFORE)

    assert ["found", "valid", "disc"] == walk.went[-3:]
    assert ("16.47", "12") == (
        walk.values["charge_tco2e"].value,
        walk.values["months_between_checks"].value,
    )
    assert () == missing(walk.form, walk.values)


@pytest.mark.parametrize(
    ("repair", "last"), [("to_repair", ["mark", "repair-1"]), ("repaired", ["places", "mark"])]
)
def test_a_leak_is_noted_marked_and_has_its_delay(repair, last):
    answers = {**PLANT, "leak_found": True, "leak_1_repair": repair}
    walk = walked("leak-search", "leak-search", answers, KNOWN_BEFORE)

    assert last == walk.went[-2:]
    assert () == missing(walk.form, walk.values)


# --- all of them ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["ambient-co", "gas-tightness", "leak-search"])
def test_every_procedure_and_every_time_says_where_it_is_published(name):
    procedures = shipped_form(name).form.procedures or ()

    assert all(each.basis.source for each in procedures)
    assert all(each.required for each in procedures)
