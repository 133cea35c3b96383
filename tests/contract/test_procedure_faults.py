"""A procedure that could lead nobody to its end is found, with its place, its line and the remedy."""

import json
from pathlib import Path

import pytest

from contract.forms.faults import faults
from contract.forms.form import Form
from contract.forms.text import faults_in

LABEL = {"fr": "Étape", "en": "Step"}
MEASURE = {"quantity": "carbon_monoxide_ambient", "unit": "[ppm]"}
PROPERTIES = {
    "co": {"type": "number", "x-label": LABEL, "x-measure": MEASURE},
    "class": {
        "type": "string",
        "x-label": LABEL,
        "x-compute": {
            "formula": "ambient_carbon_monoxide_class",
            "inputs": {"carbon_monoxide_ambient": "co"},
        },
    },
    "aware": {"type": "boolean", "x-label": LABEL},
    "rule": {"type": "string", "x-label": LABEL, "enum": ["fr", "uk"]},
    "text": {"type": "string", "x-label": LABEL},
}
DO = {"id": "first", "kind": "do", "says": LABEL}


def step(kind, **said):
    return {"id": "second", "kind": kind, "says": LABEL, **said}


def document(*steps, **said):
    procedure = {
        "id": "p",
        "title": LABEL,
        "basis": {"origin": "proposed"},
        "steps": [DO, *steps],
        **said,
    }
    schema = {"type": "object", "x-procedures": [procedure], "properties": PROPERTIES}
    return {"id": "f", "version": 1, "title": LABEL, "schema": schema}


def found(*steps, **said):
    made = Form.model_validate_json(json.dumps(document(*steps, **said)))
    return [
        (each.field.removeprefix("schema.x-procedures.0."), each.remedy) for each in faults(made)
    ]


CHOICES = {"fr": LABEL, "uk": LABEL}
GOOD = [
    step("do"),
    step("do", source="annexe 1, 5"),
    step("do", when=[{"field": "co", "at_least": "10"}]),
    step("wait", seconds=1),
    step("measure", fields=["co"]),
    step("measure", fields=["co", "rule"], seconds=30),
    step("decide", choices=CHOICES),
    step("decide", choices=CHOICES, field="rule"),
    step("decide", choices={"anything": LABEL}, field="text"),
    step("acknowledge"),
    step("acknowledge", field="aware"),
]


@pytest.mark.parametrize("good", GOOD, ids=json.dumps)
def test_a_step_that_can_be_done_has_no_fault(good):
    assert [] == found(good)


@pytest.mark.parametrize(
    ("bad", "place", "remedy"),
    [
        (step("wait"), "steps.1.seconds", "is required: say how many seconds"),
        (step("measure"), "steps.1.fields", "is required: name the fields"),
        (step("decide"), "steps.1.choices", "is required: say what there is"),
        (step("decide", choices={}), "steps.1.choices", "is required"),
        (step("do", seconds=3), "steps.1.seconds", "says nothing in a step of the kind do"),
        (step("wait", seconds=3, fields=["co"]), "steps.1.fields", "says nothing"),
        (step("measure", fields=["co"], choices=CHOICES), "steps.1.choices", "says nothing"),
        (step("measure", fields=["co"], field="aware"), "steps.1.field", "says nothing"),
        (step("measure", fields=["co", "c0"]), "steps.1.fields.1", "c0 is not among"),
        (step("measure", fields=["class"]), "steps.1.fields.0", "class is calculated"),
        (step("decide", choices=CHOICES, field="nn"), "steps.1.field", "nn is not among"),
        (step("decide", choices=CHOICES, field="co"), "steps.1.field", "co is filled otherwise"),
        (step("decide", choices=CHOICES, field="class"), "steps.1.field", "filled otherwise"),
        (step("decide", choices=CHOICES, field="aware"), "steps.1.field", "aware is no text"),
        (step("decide", choices={"de": LABEL}, field="rule"), "steps.1.field", "does not take de"),
        (step("acknowledge", field="rule"), "steps.1.field", "not answered yes or no"),
        (step("do", id="first"), "steps.1.id", "first is there already"),
        (step("do", when=[{"field": "nn", "filled": True}]), "steps.1.when.0.field", "nn is not"),
        (step("do", when=[{"field": "rule", "in": ["de"]}]), "steps.1.when.0.in.0", "never be"),
        (step("do", second=3), "steps.1.second", "did you mean seconds?"),
    ],
)
def test_a_step_that_cannot_be_done_is_named(bad, place, remedy):
    [(where, said)] = found(bad)

    assert place == where
    assert remedy in said


@pytest.mark.parametrize(
    ("said", "place", "remedy"),
    [
        ({"when": [{"field": "nn", "filled": True}]}, "when.0.field", "nn is not among"),
        ({"require": True}, "require", "did you mean required?"),
        (
            {"steps": [{**DO, "when": [{"field": "co", "filled": True}]}]},
            "steps.0.when",
            "the first step is always there",
        ),
    ],
)
def test_a_procedure_that_cannot_work_is_named(said, place, remedy):
    [(where, told)] = found(**said)

    assert place == where
    assert remedy in told


def test_two_procedures_of_one_id_are_named():
    made = document()
    made["schema"]["x-procedures"] *= 2
    [only] = faults(Form.model_validate_json(json.dumps(made)))

    assert "schema.x-procedures.1.id" == only.field


@pytest.mark.parametrize(
    ("bad", "key"),
    [
        (step("wait"), '"second"'),
        (step("measure", fields=["nn"]), '"nn"'),
        (step("teleport"), '"teleport"'),
        (step("wait", seconds=0), '"seconds"'),
    ],
)
def test_a_fault_has_its_line(bad, key):
    text = json.dumps(document(bad), indent=1)
    _, [only] = faults_in(text)
    lines = text.splitlines()
    line = next(number for number, each in enumerate(lines, 1) if key in each)

    # What is missing has no line of its own: the step's counts.
    assert line - 1 <= only.line <= line


def test_a_form_without_procedures_is_written_as_before():
    made = document()
    del made["schema"]["x-procedures"]
    text = Form.model_validate_json(json.dumps(made)).to_json()

    assert "procedures" not in text


def test_the_example_of_the_guide_has_no_fault():
    guide = (Path(__file__).parents[2] / "docs/how-to/lead-a-procedure.md").read_text("utf-8")
    example = guide[guide.index('    "x-procedures"') : guide.index("\n\n| kind |")]
    [procedure] = json.loads(f"{{{example}}}")["x-procedures"]
    made = document()
    fields = made["schema"]["properties"]
    made["schema"]["x-procedures"] = [procedure]
    made["schema"]["properties"] = {
        "ambient_co_ppm": fields["co"],
        "danger_acknowledged": fields["aware"],
    }

    assert () == faults(Form.model_validate_json(json.dumps(made)))
