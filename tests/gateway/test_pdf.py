"""The report on paper: what other readers find in it, the same bytes for the same report, and no text breaks it."""

import asyncio
import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict, replace
from importlib import resources

import pytest
from sqlalchemy import text

from contract.forms import shipped
from contract.forms.form import Form
from gateway.adapters.typesetting import characters
from gateway.adapters.typesetting.typesetter import typeset
from gateway.api import report_pdf, texts
from gateway.ports.typesetting import Document, Drawn, Fact, Mark, Tone
from gateway.ports.typesetting import Signature as PrintedSignature
from gateway.usecases.document import document
from tests.gateway import reading_pdf
from tests.gateway.edge import Edge
from tests.gateway.papers import PDF, captures, got, visited
from tests.gateway.world import World


@pytest.fixture
async def paper(small_world: World) -> World:
    agent = Edge()
    await visited(small_world, agent)
    await small_world.send(agent, captures(agent))
    return small_world


async def described(world: World, language: str = "fr") -> Document:
    held = await report_pdf.paper(world.services(), "job-1", "r1")
    return document(held, report_pdf.speech(language, world.services().papers.zone))


VALUES = (
    "Rapport de combustion", "service, version 3", "Mme Martin", "12 rue des Tilleuls, 69003 Lyon",
    "Chaudière du sous-sol", "Oxygène 6,3 %", "à surveiller", "Pression atmosphérique 101 325 Pa",
    "Température des fumées * 54,2 °C", "Combustible * gaz naturel", "Local aéré oui", "Remarque Filtre changé",
    "Facteur d’air 1,42", "calculé à partir de Oxygène", "constantes : testo-330",
    "Observation non renseigné", "saisi à la main · Motif : sonde en panne", "Testo testo 300", "12345678",
    "étalonnage valide, fait le 01/03/2026, échéance 01/03/2027, certificat K-77",
    "24/11/2026 11:00:01 (UTC+01:00)", "code publié", "Léa", f"van-7 / {'a' * 32} / 2",
)  # fmt: skip


@pytest.mark.parametrize("read", [reading_pdf.texts, reading_pdf.texts_by_pypdf])
async def test_readers_that_did_not_write_it_find_every_value(
    paper: World, read: Callable[[bytes], str]
) -> None:
    answer = await got(paper, PDF)

    found = read(answer.content)
    assert [] == [
        each for each in VALUES if each.replace(" * ", " ") not in found.replace(" * ", " ")
    ]
    assert "Incomplet" not in found


async def test_the_answer_says_what_it_is(paper: World) -> None:
    answer = await got(paper, PDF)

    assert (200, "application/pdf") == (answer.status_code, answer.headers["content-type"])
    assert 'inline; filename="job-1.r1.pdf"' == answer.headers["content-disposition"]
    assert f'"{hashlib.sha256(answer.content).hexdigest()}"' == answer.headers["etag"]
    assert "no-store" == answer.headers["cache-control"]


async def test_it_speaks_english_when_asked(paper: World) -> None:
    found = reading_pdf.texts((await got(paper, f"{PDF}?language=en")).content)

    for each in (
        "Combustion report",
        "Oxygen * 6.3 %",
        "101 325 Pa",
        "natural gas",
        "2026-11-24 11:00:01",
    ):
        assert each in found
    assert 422 == (await got(paper, f"{PDF}?language=de")).status_code


async def test_every_font_is_embedded(paper: World) -> None:
    fonts = reading_pdf.fonts((await got(paper, PDF)).content)

    assert len(fonts) >= 2
    assert [] == [name for name, embedded in fonts.items() if not embedded]


async def test_it_is_an_archive_for_everybody_and_says_so(paper: World) -> None:
    packet = reading_pdf.metadata((await got(paper, PDF)).content)

    assert "<pdfaid:part>2</pdfaid:part>" in packet
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in packet
    assert "<pdfuaid:part>1</pdfuaid:part>" in packet


async def test_the_code_on_it_opens_the_page_that_verifies_it(paper: World) -> None:
    [url] = reading_pdf.codes((await got(paper, PDF)).content)

    page = await got(paper, url)

    assert url.startswith("http://127.0.0.1:7400/verify/job-1.r1?paper=")
    assert 200 == page.status_code
    assert "Ce rapport tient." in page.text
    assert "101\u202f325" in page.text


AGAIN = """
import sys
from pydantic import TypeAdapter
from gateway.adapters.typesetting.typesetter import typeset
from gateway.ports.typesetting import Document
sys.stdout.buffer.write(typeset(TypeAdapter(Document).validate_json(sys.stdin.read())))
"""


def printed_elsewhere(document: str) -> bytes:
    command = [sys.executable, "-c", AGAIN]
    return subprocess.run(command, input=document.encode(), capture_output=True, check=True).stdout


async def test_two_processes_print_the_same_bytes(paper: World) -> None:
    whole = await described(paper)
    written = json.dumps(asdict(whole), default=str)

    runs = [await asyncio.to_thread(printed_elsewhere, written) for _ in range(2)]

    assert runs[0] == runs[1] == typeset(whole) == (await got(paper, PDF)).content


async def test_another_value_gives_other_bytes_and_another_fingerprint(paper: World) -> None:
    before, old = (await got(paper, PDF)).content, await described(paper)
    later = Edge(epoch="b" * 32)
    await paper.send(later, [later.entry("Joint changé", "empty")])

    new = await described(paper)

    assert before != (await got(paper, PDF)).content
    assert old.fingerprint != new.fingerprint


HOSTILE = {
    "markup": '#strong[x] *y* _z_ $1+1$ `c` = t // c /* d */ <l> @r \\ #{panic()} "q" #import "x"',
    "right to left": "مرحبا بكم \u202eevil\u202c שלום",
    "emoji": "👍🏽 ok 👨‍👩‍👧 🇫🇷",
    "controls": "a\x00b\x01c\x7fd\x85e\u2028f\ufeffg\u00adh",
    "unheard of": "\U0010ffff \ue000 \u0e01 漢字 한글 z\u0337\u031b",
    "one long word": "x" * 5000,
    "long": "mot " * 1250,
    "lines": "a\nb\r\n\n\nc\t d",
}


@pytest.mark.parametrize("said", HOSTILE.values(), ids=HOSTILE.keys())
async def test_no_text_breaks_it_or_is_read_as_markup(small_world: World, said: str) -> None:
    agent = Edge()
    short = said[:190]
    await visited(small_world, agent, customer=short, title=short)
    await small_world.send(agent, captures(agent, remark=said))

    answer = await got(small_world, PDF)

    assert 200 == answer.status_code
    found = reading_pdf.texts_by_pypdf(answer.content).replace(" ", "")
    if said == HOSTILE["markup"]:
        assert said.replace(" ", "") in found
    for each in ("x", "mot"):
        assert found.count(each) >= said.count(each)
    assert "101325Pa" in found
    assert 200 == (await got(small_world, "/verify/job-1.r1?lang=en")).status_code


def test_what_no_font_shows_is_replaced_and_marks_of_direction_go() -> None:
    assert "\ufffdé�b c".replace("�", "\ufffd") == characters.showable(
        "漢e\u0301\U0001f44d\u202eb\x00c"
    )


async def test_every_character_that_is_said_to_be_shown_is(paper: World) -> None:
    shown = sorted(characters.SHOWN)
    lines = tuple(Fact("", " ".join(shown[at : at + 60])) for at in range(0, len(shown), 60))

    assert typeset(replace(await described(paper), facts=lines))


async def test_a_report_that_lacks_something_says_what(small_world: World) -> None:
    agent = Edge()
    await visited(small_world, agent)
    await small_world.send(agent, [agent.entry("a"), agent.entry("b")])

    found = reading_pdf.texts((await got(small_world, PDF)).content)

    assert "Incomplet" in found
    for each in (
        "Combustible : obligatoire, non renseigné",
        "Oxygène : obligatoire",
        "Remarque : conflit",
    ):
        assert each in found


async def test_a_report_without_captures_is_a_paper_too(small_world: World) -> None:
    await visited(small_world)

    found = reading_pdf.texts((await got(small_world, PDF)).content)

    assert "Incomplet" in found
    assert "aucune capture" in found


SHIPPED = sorted(
    each.name for each in resources.files(shipped).iterdir() if each.name.endswith(".json")
)


@pytest.mark.parametrize("name", SHIPPED)
async def test_every_form_that_comes_along_can_be_printed(small_world: World, name: str) -> None:
    form = Form.model_validate_json((resources.files(shipped) / name).read_text("utf-8"))
    await small_world.shelf.keep(form)
    report = {
        "id": "r1",
        "appliance": "boiler-1",
        "form": {"id": form.id, "version": form.version},
    }
    await visited(small_world, reports=[report])

    found = reading_pdf.texts((await got(small_world, PDF)).content)

    # A title may be broken where a line ends.
    assert unspaced(form.title.fr) in unspaced(found)
    assert characters.REPLACEMENT not in found
    for each in form.form.properties.values():
        if each.when is None:
            assert unspaced(each.label.fr) in unspaced(found)


def unspaced(text: str) -> str:
    """Without its spaces: readers give an ordinary one for one that never breaks."""
    return "".join(text.split())


@pytest.mark.parametrize(
    ("path", "named"),
    [("job-9/reports/r1", "job-9"), ("job-1/reports/r9", "no report r9")],
)
async def test_what_is_not_there_is_a_problem(paper: World, path: str, named: str) -> None:
    answer = await got(paper, f"/v1/interventions/{path}.pdf")

    assert 404 == answer.status_code
    assert "application/problem+json" == answer.headers["content-type"]
    assert named in answer.json()["detail"]


async def test_erased_and_quarantined_captures_are_counted_and_fill_nothing(paper: World) -> None:
    async with paper.database.engine.begin() as connection:
        await connection.execute(text("UPDATE capture SET statement = NULL WHERE seq = 6"))
        await connection.execute(text("UPDATE capture SET outcome = 'quarantined' WHERE seq = 5"))

    found = reading_pdf.texts((await got(paper, PDF)).content)

    assert "Captures dont la déclaration a été effacée : 1" in found
    assert "Captures en quarantaine, qui ne remplissent rien : 1" in found
    assert "Filtre" not in found
    assert "Local aéré non renseigné" in found


async def test_a_signature_is_drawn(paper: World) -> None:
    drawn = Drawn(width=300, height=100, path="M10 10 L200 80")
    signature = PrintedSignature(
        label="Client", mark=Mark("signé", Tone.GOOD), name="M. Martin", drawn=drawn
    )
    whole = await described(paper)

    plain, signed = typeset(whole), typeset(replace(whole, signatures=(signature,)))

    assert "M. Martin" in reading_pdf.texts(signed)
    assert len(plain) < len(signed)


async def test_the_office_finds_it_on_the_page_of_the_intervention(paper: World) -> None:
    page = (await got(paper, "/interventions/job-1")).text

    assert f'href="{PDF}?language=fr"' in page


@pytest.mark.parametrize(
    ("value", "fr", "en"),
    [
        ("1013.25", "1\u202f013,25", "1\u202f013.25"),
        ("-1234567.0500", "-1\u202f234\u202f567,0500", "-1\u202f234\u202f567.0500"),
        ("0.50", "0,50", "0.50"),
        ("999", "999", "999"),
    ],
)
def test_numbers_are_written_as_people_do_with_all_their_digits(
    value: str, fr: str, en: str
) -> None:
    assert (fr, en) == (texts.figure(value, "fr"), texts.figure(value, "en"))
