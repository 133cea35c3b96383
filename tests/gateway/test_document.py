"""What a printed report says, before anybody sets it in type: pure, from captures to words."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from contract import chain
from contract.forms.form import Form
from contract.forms.value import CaptureId, Placed
from contract.wire.event import SignedCapture
from contract.wire.intervention import Intervention
from contract.wire.statement import parse
from gateway.api.report_pdf import moment, speech
from gateway.ports.typesetting import Document, Evidence, Row, Tone
from gateway.usecases.document import Paper, document
from gateway.usecases.reports import filled
from tests.gateway import papers
from tests.gateway.edge import INSTRUMENT, Edge
from tests.gateway.papers import reading

PARIS = ZoneInfo("Europe/Paris")
CREATED = datetime(2026, 11, 20, 8, tzinfo=UTC)


def held(captures: Sequence[SignedCapture]) -> list[Placed]:
    found: list[Placed] = []
    for each in captures:
        link = chain.parse(each.link)
        place = CaptureId(link.agent, link.epoch, link.seq, link.hash)
        found.append(Placed(place, parse(each.statement or "")))
    return found


def said(
    captures: Sequence[SignedCapture], language: str = "fr", form: Any = papers.FORM, **job: Any
) -> Document:
    placed = held(captures)
    intervention = Intervention.model_validate_json(json.dumps({**papers.JOB, **job}))
    described = Form.model_validate_json(json.dumps(form))
    report = intervention.reports[0]
    paper = Paper(
        intervention=intervention,
        report=filled(intervention, report, described, placed),
        captures=(),
        held=placed,
        url="http://127.0.0.1:7400/verify/job-1.r1",
        created_at=CREATED,
    )
    return document(paper, speech(language, PARIS))


def row(document: Document, label: str) -> Row:
    [found] = [each for one in document.sections for each in one.rows if each.label == label]
    return found


def proof(document: Document, number: int) -> Evidence:
    return document.evidence[number - 1]


def facts(evidence: Evidence) -> dict[str, str]:
    return {each.label: each.text for each in evidence.facts}


def test_a_value_is_written_as_people_do_and_refers_to_its_capture() -> None:
    agent = Edge()
    found = said([agent.measurement("1.25"), agent.entry("gas", "fuel")])

    oxygen, fuel = row(found, "Oxygène"), row(found, "Combustible")
    assert ("1,3\u202f%", (2,), ("Testo testo 300",)) == (
        oxygen.value,
        oxygen.sources,
        oxygen.notes,
    )
    assert ("gaz naturel", (1,), ("saisi à la main",)) == (fuel.value, fuel.sources, fuel.notes)
    assert [1, 2] == [each.number for each in found.evidence]


def test_one_capture_has_one_number_however_many_values_it_states() -> None:
    readings = [
        reading("o2", "oxygen", "5", "%"),
        reading("pressure", "absolute_pressure", "1013", "hPa"),
    ]
    found = said([Edge().measurement(readings=readings)])

    assert (1,) == row(found, "Oxygène").sources == row(found, "Pression atmosphérique").sources
    assert 1 == len(found.evidence)


@pytest.mark.parametrize(
    ("value", "word", "tone"),
    [("5", "dans les limites", Tone.GOOD), ("6.5", "à surveiller", Tone.WARN)],
)
def test_limits_are_marked(value: str, word: str, tone: Tone) -> None:
    [mark] = row(said([Edge().measurement(value)]), "Oxygène").marks

    assert (word, tone) == (mark.text, mark.tone)


def test_a_value_out_of_limits_is_marked_as_such() -> None:
    readings = [reading("pressure", "absolute_pressure", "1200", "hPa")]
    [mark] = row(said([Edge().measurement(readings=readings)]), "Pression atmosphérique").marks

    assert ("hors limites", Tone.BAD) == (mark.text, mark.tone)


def test_a_channel_without_a_value_shows_its_status_and_never_a_zero() -> None:
    silent = {**reading("o2", "oxygen", "", "%"), "value": None, "status": "not_measured"}
    found = row(said([Edge().measurement(readings=[silent])]), "Oxygène")

    assert ("", ["non mesuré"]) == (found.value, [each.text for each in found.marks])


def test_evidence_names_the_instrument_its_calibration_and_how_sure_we_are() -> None:
    calibration = {"state": "expired", "on": "2024-03-01", "due": "2025-03-01"}
    instrument = {
        **INSTRUMENT,
        "calibration": calibration,
        "role": "départ",
        "zeroed": True,
        "firmware": "1.2",
    }
    found = proof(said([Edge().measurement(instrument=instrument)]), 1)

    assert "Testo testo 300" == found.what
    assert {
        "N° de série": "12345678",
        "rôle": "départ",
        "micrologiciel": "1.2",
        "Étalonnage": "étalonnage échu, fait le 01/03/2024, échéance 01/03/2025",
        "mis à zéro": "oui",
        "Preuve du pilote": "non essayé sur matériel (code publié)",
    } == facts(found)
    assert ("24/11/2026 11:00:00 (UTC+01:00)", "Léa") == (found.at, found.by)
    assert f"van-7 / {'a' * 32} / 1" == found.place


def test_an_instrument_without_a_serial_says_so() -> None:
    weak = {**INSTRUMENT, "serial": None, "calibration": {"state": "unknown"}}
    found = facts(proof(said([Edge().measurement(instrument=weak)]), 1))

    assert ("non indiqué", "étalonnage inconnu") == (found["N° de série"], found["Étalonnage"])


def test_a_clock_that_was_not_synchronised_is_said_so() -> None:
    clock = {"boot": "b1", "uptime": "1", "quality": "never_synced"}
    found = facts(proof(said([Edge().measurement(clock=clock)]), 1))

    assert "jamais synchronisée" == found["horloge"]


def test_what_a_file_states_is_said_to_be_the_files() -> None:
    agent = Edge()
    taken = agent.capture(
        agent.statement(
            "import",
            report="r1",
            file={"name": "boiler.tjf", "sha256": "0" * 64, "format": "tjf"},
            stated_vendor="testo",
            stated_serial="99",
            readings=[reading("o2", "oxygen", "5", "%")],
        )
    )
    found = said([taken])

    assert ("repris d’un fichier boiler.tjf",) == row(found, "Oxygène").notes
    assert "testo 99" == facts(proof(found, 1))["instrument selon le fichier"]
    assert "non indiqué" == facts(proof(found, 1))["moment selon le fichier"]


def test_a_calculated_value_names_its_constants_and_its_inputs() -> None:
    found = row(said([Edge().measurement("5.2")]), "Facteur d’air")

    assert "1,33" == found.value
    assert (
        "calculé à partir de Oxygène",
        "constantes : testo-330",
    ) == found.notes
    assert () == found.sources


def test_what_could_not_be_calculated_says_why() -> None:
    found = row(said([Edge().measurement("21")]), "Facteur d’air")

    assert "non renseigné" == found.value
    assert "pas calculé : 21 % d’O₂ n’est pas une fumée" in found.notes[0]


def test_two_captures_for_one_field_are_a_conflict_that_names_both() -> None:
    agent = Edge()
    found = said([agent.entry("a"), agent.entry("b")])

    remark = row(found, "Remarque")
    assert ("", (1, 2)) == (remark.value, remark.sources)
    assert ["conflit"] == [each.text for each in remark.marks]
    assert found.notice is not None
    assert "Remarque : conflit" in found.notice.lines


def test_a_report_that_lacks_nothing_has_no_bar() -> None:
    agent = Edge()

    assert said([agent.measurement(), agent.entry("gas", "fuel")]).notice is None


def test_a_report_that_lacks_something_names_it() -> None:
    found = said([Edge().measurement()], "en").notice

    assert found is not None
    assert ("Incomplete", ("Fuel : required, empty",)) == (found.title, found.lines)


def test_a_required_signature_that_is_missing_makes_it_incomplete() -> None:
    schema = {
        **papers.FORM["schema"],
        "x-signatures": {
            "customer": {"x-label": papers.label("Client", "Customer"), "required": True}
        },
    }
    agent = Edge()
    captures = [agent.measurement(), agent.entry("gas", "fuel")]

    found = said(captures, form={**papers.FORM, "schema": schema})

    assert found.notice is not None
    assert ("Signatures : Client",) == found.notice.lines
    assert [("Client", "pas encore signé", "")] == [
        (each.label, each.mark.text, each.name) for each in found.signatures
    ]


def test_its_date_is_that_of_the_newest_capture_of_the_report() -> None:
    agent = Edge()
    first = agent.measurement()
    other = agent.entry("x", report="r2")
    last = agent.note("of no report")

    found = said([first, other, last])

    assert datetime(2026, 11, 24, 10, tzinfo=UTC) == found.at
    assert CREATED == said([]).at


def test_the_order_in_which_captures_arrived_says_nothing() -> None:
    agent = Edge()
    captures = [agent.measurement(), agent.entry("gas", "fuel"), agent.entry("fin")]

    assert said(captures) == said(captures[::-1])


@pytest.mark.parametrize(
    ("at", "fr", "en"),
    [
        (
            "2026-11-24T10:02:03+00:00",
            "24/11/2026 11:02:03 (UTC+01:00)",
            "2026-11-24 11:02:03 (UTC+01:00)",
        ),
        (
            "2026-07-24T23:30:00+00:00",
            "25/07/2026 01:30:00 (UTC+02:00)",
            "2026-07-25 01:30:00 (UTC+02:00)",
        ),
    ],
)
def test_times_are_those_of_the_place_with_their_offset(at: str, fr: str, en: str) -> None:
    moments = [moment(language, PARIS)(datetime.fromisoformat(at)) for language in ("fr", "en")]

    assert [fr, en] == moments
