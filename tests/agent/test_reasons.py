"""Every reason that the agent gives a technician can be said in French too."""

import ast
import string
from decimal import Decimal
from pathlib import Path

import pytest

from agent.adapters.store import database
from agent.api.reasons import FRENCH, language, said
from agent.usecases.work import WorkError
from contract.instrument import CalibrationState
from contract.wire.complaint import OF_PATTERNS, SENTENCES
from contract.wire.intervention import Stage
from contract.words import Words

ROOT = Path(__file__).parents[2]
FOLDERS = (
    "agent/usecases",
    "agent/adapters",
    "agent/api",
    "contract/calculations",
    "contract/forms",
    "contract/payment",
    "drivers",
)


def templates() -> set[str]:
    found: set[str] = set()
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(path.read_text())):
                match node:
                    case ast.Call(func=ast.Name(id="Words"), args=[ast.Constant(value=str(text))]):
                        found.add(text)
                    case _:
                        pass
    return found


def fields(template: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name)


def test_every_sentence_of_the_agent_has_a_french_one():
    assert len(templates()) > 40
    assert set() == templates() - set(FRENCH)


def test_what_is_wrong_with_a_request_is_said_in_french_too():
    assert set() == {*SENTENCES.values(), *OF_PATTERNS.values()} - set(FRENCH)


@pytest.mark.parametrize(("english", "french"), FRENCH.items())
def test_a_translation_has_the_same_parts(english, french):
    assert fields(english) == fields(french)


def test_what_a_part_can_be_is_translated_too():
    reached = {Stage.ASSIGNED, Stage.STARTED, Stage.SUSPENDED, Stage.CLOSING}
    states = {CalibrationState.UNKNOWN, CalibrationState.EXPIRED}

    assert {*reached, *states} <= set(FRENCH)
    assert {database.FULL, database.ENDED} <= set(FRENCH)


def test_codes_and_decimals_are_said_for_people_in_both_languages():
    refused = Words(
        "{value} {unit} is outside what the form accepts", value=Decimal("61.5"), unit=Words("Cel")
    )
    nobody = Words(
        "no paired instrument states {quantity}: pair one that does", quantity=Words("draught")
    )

    assert "61,5 °C : hors de ce que le formulaire accepte" == said(refused, "fr")
    assert "61.5 °C is outside what the form accepts" == said(refused, "en")
    assert "aucun appareil appairé ne donne « Tirage » : appairez-en un qui la donne" == said(
        nobody, "fr"
    )
    assert "no paired instrument states Draught: pair one that does" == said(nobody, "en")


def test_a_refusal_is_said_in_the_language_that_is_asked_for():
    error = WorkError("suction", Words("{model} is not connected", model="T549i"))

    assert "suction: T549i is not connected" == said(error.words, "en") == str(error)
    assert "suction : T549i n’est pas connecté" == said(error.words, "fr")


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("fr", "fr"),
        ("fr-FR,fr;q=0.9,en;q=0.8", "fr"),
        ("en-GB,fr;q=0.5", "en"),
        ("de,fr;q=0.5", "fr"),
        ("", "en"),
        ("*", "en"),
    ],
)
def test_the_language_is_the_first_one_asked_for(header, expected):
    assert expected == language(header)


def test_what_a_library_said_stays_as_it_is():
    assert "org.bluez.Error.Failed" == said("org.bluez.Error.Failed", "fr")
    assert said(None, "fr") is None
