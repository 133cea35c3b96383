"""Every word of the technician's pages is there in both languages, and every code that is shown has words."""

import json
import re

import pytest

from agent.api import pages_writing, texts
from agent.api.app import STATIC
from agent.usecases.payments.attempt import State as Paying
from contract.forms.value import FieldState, Verdict
from contract.instrument import CalibrationState, Grade
from contract.payment.stated import Doubt, Entry, Operation, Unsent, Why
from contract.quantity import Quantity
from contract.reading import Status
from contract.unit import Unit
from contract.wire.down import Outcome
from contract.wire.intervention import Stage
from contract.wire.payment import SettledBy
from contract.wire.request import RequestState as State
from contract.wire.statement import Action
from drivers.kit.dialogue import Act
from drivers.payment.dialogue import Showing


def enums_shown() -> list[str]:
    shown = (
        ("stage", Stage), ("action", Action), ("status", Status), ("verdict", Verdict),
        ("state", FieldState), ("calibration", CalibrationState), ("grade", Grade), ("act", Act),
        ("act_says", Act), ("capture", State), ("outcome", Outcome), ("quantity", Quantity),
        ("paying", Paying), ("paying_do", Paying), ("operation", Operation), ("why", Why),
        ("doubt", Doubt), ("unsent", Unsent), ("settled", SettledBy), ("entry", Entry),
        ("shown", Showing),
    )  # fmt: skip
    return [f"{kind}.{each.value}" for kind, values in shown for each in values]


@pytest.mark.parametrize("key", enums_shown())
def test_every_code_that_is_shown_has_words(key):
    assert key in texts.TEXTS


def test_a_driver_without_a_recording_is_called_untried():
    for grade in set(Grade) - {Grade.RECORDING}:
        assert texts.text(f"grade.{grade}", "fr").startswith("non essayé sur matériel")


def test_every_text_is_there_in_both_languages():
    for key, pair in texts.TEXTS.items():
        assert len(texts.LANGUAGES) == len(pair), key
        assert all(pair), key
        french, english = (set(re.findall(r"{\w+}", each)) for each in pair)
        assert french == english, key


def used_in(folder, pattern: str, suffix: str) -> set[str]:
    return {
        key
        for file in folder.glob(f"*{suffix}")
        for key in re.findall(pattern, file.read_text("utf-8"))
    }


def test_every_text_that_a_template_or_a_script_uses_exists():
    templates = STATIC.parent / "templates"
    in_templates = used_in(templates, r"""\bt\(["']([a-z_.]+[a-z])["']\)""", ".html")
    in_scripts = used_in(STATIC, r'\btext\("([a-z_.]+)"', ".js")

    assert set() == in_templates - texts.TEXTS.keys()
    assert set() == in_scripts - set(texts.IN_THE_BROWSER)
    assert set() == set(texts.IN_THE_BROWSER) - texts.TEXTS.keys()


def test_every_unit_is_written_for_people():
    for unit in Unit:
        for language in texts.LANGUAGES:
            assert not re.search(r"[\[\]']|\d$(?<!m3)", texts.unit(unit, language)), unit


def test_the_browser_gets_its_words_as_json():
    words = json.loads(pages_writing._browser_words("en"))

    assert "Saved" == words["texts"]["saved"]
    assert "°C" == words["units"]["Cel"]
