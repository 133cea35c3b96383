"""The technician's pages: nothing without a token, everything escaped, every page in both languages."""

import asyncio
import json
import re
from collections.abc import Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import httpx
import pytest

from agent.api import texts
from agent.api.app import application
from agent.api.callback import Returning
from agent.api.services import Services
from agent.usecases.roster import Told
from agent.usecases.signing_in import SignIn
from agent.usecases.work import WorkError
from contract.forms.form import Form
from contract.instrument import ANY_VENDOR, InstrumentIdentity
from contract.wire.down import Assignment
from contract.wire.statement import Action
from drivers.catalog import BUILT_IN
from drivers.scanner.scanner_line import SCANNER_LINE
from tests.agent.making import INTERVENTION
from tests.contract.making import AT, BY, FORM, entry, measurement, reading
from tests.fakes.link import FakeProbe
from tests.fakes.uplink import FakeUplink
from tests.fakes.van import Van, until, van

HOSTILE = "\"><img src=x onerror=alert(1)>'<script>alert(2)</script>"
FRAGMENTS = (
    "/pages/interventions",
    "/pages/interventions/i-1",
    "/pages/instruments",
    "/pages/status",
)
SHELLS = ("/", "/interventions/i-1", "/instruments")
PROBE = "testo-smart-probe.46512997"


@pytest.fixture
async def here(store, clock):
    async with van(store, clock) as running:
        await store.records.keep_technician(BY, "1234")
        yield running


def services_of(here: Van, absent: Sequence[InstrumentIdentity] = ()) -> Services:
    tokens = iter(f"token-{number}" for number in range(100))
    return Services(
        agent="van-7",
        version="0",
        clock=here.clock,
        sign_in=SignIn(
            here.store.records,
            here.clock,
            verify=lambda kept, pin: kept == pin,
            new_token=lambda: next(tokens),
        ),
        roster=here.roster,
        live=here.live,
        work=here.work,
        forms=here.store.records,
        captures=here.store.captures,
        capturing=here.capturing,
        chooser=here.chooser,
        catalogue=BUILT_IN,
        scans=here.scans,
        importing=here.importing,
        procedures=here.procedures,
        signing=here.signing,
        payments=here.payments,
        returning=Returning(frozenset({"https://forms.example.net"}), frozenset({"truecontext"})),
        changes=here.changes,
        uplink=FakeUplink(),
        rescan=lambda: None,
        absent=lambda: list(absent),
        saved=here.saved.append,
        spawn=here.spawn,
    )


def visiting(here: Van, absent: Sequence[InstrumentIdentity] = ()) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(application(services_of(here, absent), ["agent"]))
    return httpx.AsyncClient(transport=transport, base_url="http://agent")


@asynccontextmanager
async def signed_in(here: Van, absent: Sequence[InstrumentIdentity] = ()):
    async with visiting(here, absent) as client:
        answer = await client.post("/v1/session", json={"technician": BY.id, "pin": "1234"})
        client.headers["Authorization"] = f"Bearer {answer.json()['token']}"
        yield client


class Elements(HTMLParser):
    """The elements and attributes that a browser would make of a text."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag, attrs):
        self.names.add(tag)
        self.attributes.update(name for name, _ in attrs)


async def assigned(here: Van, form: Form = FORM, **changes) -> None:
    await here.store.records.keep_form(form)
    await here.store.records.keep_assignment(
        Assignment(
            agent="van-7",
            id="a-1",
            at=AT,
            revision=1,
            intervention=INTERVENTION.model_copy(update=changes),
        )
    )


async def paired(here: Van, role: str = HOSTILE, **identity) -> FakeProbe:
    probe = FakeProbe()
    sighting = probe.sighting(**identity)
    here.roster.seen(sighting)
    await here.roster.pair(sighting.identity.id, Told(role=role), BY)
    await until(lambda: here.live.of(sighting.identity.id).connected)
    return probe


@pytest.mark.parametrize("path", FRAGMENTS)
async def test_a_fragment_needs_the_token(here, path):
    await assigned(here)

    async with visiting(here) as client:
        without = await client.get(path)
        wrong = await client.get(path, headers={"Authorization": "Bearer guessed"})

    assert [401, 401] == [without.status_code, wrong.status_code]
    assert "Entretien" not in without.text + wrong.text


@pytest.mark.parametrize("path", ["/v1/instruments/none/live", "/v1/captures/none/events"])
async def test_a_stream_says_nothing_of_what_exists_without_the_token(here, path):
    async with visiting(here) as client:
        answer = await client.get(path)

    assert 401 == answer.status_code


@pytest.mark.parametrize("path", SHELLS)
async def test_a_shell_is_public_and_holds_no_data(here, path):
    await assigned(here)

    async with visiting(here) as client:
        answer = await client.get(path)

    assert 200 == answer.status_code
    assert "Entretien" not in answer.text
    assert "van-7" not in answer.text


@pytest.mark.parametrize("path", SHELLS)
async def test_a_shell_runs_no_script_or_style_but_its_own_files(here, path):
    async with visiting(here) as client:
        answer = await client.get(path)
        files = re.findall(r'(?:src|href)="(/static/[^"]+)"', answer.text)
        found = [(await client.get(each)).status_code for each in files]

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]* src=)|<style| style=| on\w+=", answer.text)
    assert not re.search(r'(?:src|href)="(?!/)(?!#)', answer.text)
    assert {200} == set(found)


async def test_the_path_of_a_shell_is_escaped(here):
    async with visiting(here) as client:
        answer = await client.get("/interventions/%22%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E")

    assert "<script>alert" not in answer.text


@pytest.mark.parametrize("language", texts.LANGUAGES)
@pytest.mark.parametrize("path", [*SHELLS, *FRAGMENTS])
async def test_every_page_shows_in_both_languages(here, path, language):
    await assigned(here)
    await paired(here)

    async with signed_in(here) as client:
        answer = await client.get(f"{path}?lang={language}")

    assert 200 == answer.status_code
    if path in SHELLS:
        assert f'<html lang="{language}">' in answer.text


@pytest.mark.parametrize(
    ("asked", "header", "language"),
    [("", "en-GB", "en"), ("", "de", "fr"), ("?lang=fr", "en", "fr"), ("", "fr-CH,en", "fr")],
)
async def test_a_page_is_in_the_language_asked_for_else_in_the_browsers(
    here, asked, header, language
):
    async with visiting(here) as client:
        page = (await client.get(f"/{asked}", headers={"Accept-Language": header})).text

    assert f'<html lang="{language}">' in page
    assert f'href="/instruments{asked}"' in page


async def test_the_role_that_a_form_asks_for_is_shown_at_the_field_and_at_pairing(here):
    form = FORM.model_dump(by_alias=True)
    form["schema"]["properties"]["pressure"]["x-measure"]["role"] = "suction"
    await assigned(here, Form.model_validate(form))
    here.roster.seen(FakeProbe().sighting())

    async with signed_in(here) as client:
        work = (await client.get("/pages/interventions/i-1")).text
        pairing = (await client.get("/pages/instruments")).text

    assert "Demande un instrument dans le rôle « suction »" in work
    assert '<option value="suction">' in pairing
    assert "<strong>suction</strong> (Pression)" in pairing


async def test_a_scanner_has_no_calibration_to_show(here):
    identity = InstrumentIdentity(
        slug=SCANNER_LINE.slug,
        vendor=SCANNER_LINE.vendor,
        model=SCANNER_LINE.model,
        address="/dev/pts/9",
    )
    probe = FakeProbe()
    sighting = replace(
        probe.sighting(),
        instrument=SCANNER_LINE,
        identity=identity,
        converse=lambda _: SCANNER_LINE.links[0].converse(),
    )
    here.roster.seen(sighting)
    await here.roster.pair(identity.id, Told(), BY)

    async with signed_in(here) as client:
        page = (await client.get("/pages/instruments")).text

    assert "<h2>lecteur de codes-barres, lignes simples</h2>" in page
    assert "étalonnage inconnu" not in page
    assert "Identité faible" not in page


async def test_what_hangs_on_a_line_is_at_its_address_and_not_near(here):
    identity = InstrumentIdentity(
        slug=SCANNER_LINE.slug,
        vendor=SCANNER_LINE.vendor,
        model=SCANNER_LINE.model,
        address="/dev/pts/9",
    )
    here.roster.seen(
        replace(
            FakeProbe().sighting(), instrument=SCANNER_LINE, identity=identity, medium="serial"
        )
    )
    async with signed_in(here) as client:
        page = (await client.get("/pages/instruments")).text

    assert "<dt>Adresse</dt><dd>/dev/pts/9</dd>" in page
    assert "à portée" not in page


async def test_the_key_of_what_encrypts_is_asked_for_at_pairing_and_never_shown(here):
    identity = InstrumentIdentity(
        slug="bthome", vendor=ANY_VENDOR, model="BTHome sensor", address="54:48:E6:8F:80:A5"
    )
    seen = replace(FakeProbe().sighting(), instrument=BUILT_IN["bthome"], identity=identity)
    here.roster.seen(replace(seen, converse=BUILT_IN["bthome"].links[0].converse))
    path = f"/v1/instruments/{identity.id}/pair"

    async with signed_in(here) as client:
        before = (await client.get("/pages/instruments")).text
        refused = [
            (await client.post(path, json={"bind_key": key})).json()["errors"][0]
            for key in ("00ff", "not hexadecimal")
        ]
        paired = await client.post(path, json={"bind_key": "231D39C1:d7cc1ab1 aee224cd096db932"})
        after = (await client.get("/pages/instruments")).text
        other = await client.post(f"/v1/instruments/{PROBE}/pair", json={"bind_key": "00"})

    assert 'name="bind_key" type="password"' in before
    assert "32 chiffres hexadécimaux" in before
    assert ["bind_key", "bind_key"] == [each["field"] for each in refused]
    assert ["must have 16 bytes", "is not hexadecimal"] == [each["remedy"] for each in refused]
    assert (201, True) == (paired.status_code, paired.json()["has_key"])
    assert "231d39c1d7cc1ab1aee224cd096db932" == here.roster.pairing(identity.id).bind_key
    assert "Une clé est gardée" in after
    assert "231d39c1" not in after + paired.text
    assert 409 == other.status_code


async def test_without_work_the_page_says_what_to_do(here):
    async with signed_in(here) as client:
        answer = await client.get("/pages/interventions")

    assert "Demandez au bureau" in answer.text
    assert "van-7" in answer.text


async def test_each_element_of_a_gs1_code_can_be_used_by_itself(here):
    await assigned(here)
    await paired(here)
    here.scans.scanned(here.roster.paired()[0], "0103453120000011" + "21AB77", "]C1")

    async with signed_in(here) as client:
        french = (await client.get("/pages/interventions/i-1")).text
        english = (await client.get("/pages/interventions/i-1?lang=en")).text
        report = INTERVENTION.reports[0].id
        used = await client.post(
            "/v1/scans/1/attach",
            json={
                "intervention": "i-1",
                "report": report,
                "field": "remarks",
                "element": "21",
            },
        )

    assert "N° de série (21)</span> <code>AB77</code>" in french
    assert "Serial number (21)</span> <code>AB77</code>" in english
    assert (201, "scan") == (used.status_code, used.json()["kind"])


async def test_the_calibration_of_one_instrument_is_not_filled_in_for_another_in_its_place(here):
    await paired(here)
    await here.roster.pair(PROBE, Told(certificate="OLD-70"), BY)
    async with signed_in(here) as client:
        before = (await client.get("/pages/instruments")).text
        here.live.of(PROBE).stranger = "480071"
        after = (await client.get("/pages/instruments")).text

    assert 'value="OLD-70"' in before
    assert 'value="OLD-70"' not in after
    assert "Vous appairez l’appareil 480071 à la place de 46512997" in after


async def test_names_and_codes_are_hostile_and_escaped(here):
    await assigned(here, title=HOSTILE[:100], customer=HOSTILE, instructions=HOSTILE)
    await paired(here, model=HOSTILE, vendor=HOSTILE)
    here.live.of(PROBE).unmapped.add(HOSTILE)
    here.scans.scanned(here.roster.paired()[0], HOSTILE)
    await here.store.captures.append("i-1", [lambda _: entry(value=HOSTILE)])

    async with signed_in(here) as client:
        shown = [(await client.get(each)).text for each in FRAGMENTS]

    for fragment in shown:
        (elements := Elements()).feed(fragment)
        assert {"img", "script"}.isdisjoint(elements.names)
        assert not [each for each in elements.attributes if each.startswith("on")]
    assert all("onerror=alert(1)" in unescape(each) for each in shown[:3])


async def test_each_report_is_headed_by_its_appliance(here):
    await assigned(here)

    async with signed_in(here) as client:
        page = (await client.get("/pages/interventions/i-1")).text

    headings = re.findall(r'<h2 [^>]*class="appliance"[^>]*>([^<]*)</h2>', page)
    assert ["Nord", "Sud"] == headings


async def test_a_value_shows_where_it_comes_from(here):
    await assigned(here)
    await here.store.captures.append("i-1", [lambda _: measurement()])

    async with signed_in(here) as client:
        page = (await client.get("/pages/interventions/i-1")).text

    for expected in (
        "5,2&nbsp;%",
        "dans les limites",
        "testo 300",
        "étalonnage valide",
        "05/01/2027",
        BY.name,
    ):
        assert expected in page


async def test_what_should_hang_somewhere_and_does_not_is_named_with_what_to_do(here):
    awaited = InstrumentIdentity(
        slug=SCANNER_LINE.slug,
        vendor=SCANNER_LINE.vendor,
        model=SCANNER_LINE.model,
        address=HOSTILE,
    )
    async with signed_in(here, [awaited]) as client:
        page = (await client.get("/pages/instruments")).text

    assert f"{HOSTILE} : rien ne s’y trouve. Branchez-le" in unescape(page).replace("\u00a0", " ")
    (elements := Elements()).feed(page)
    assert {"img", "script"}.isdisjoint(elements.names)
    assert "Aucun instrument à portée" not in page


def with_ratio() -> Form:
    """Return the form with an excess air ratio that is calculated from its oxygen."""
    said = FORM.model_dump(mode="json", exclude_none=True)
    said["schema"]["properties"]["ratio"] = {
        "type": "number",
        "x-label": {"fr": "Facteur d’air", "en": "Excess air ratio"},
        "x-measure": {"quantity": "excess_air_ratio", "unit": "1", "round": 2, "edit": "locked"},
        "x-compute": {
            "formula": "excess_air_ratio",
            "constants": "testo-330",
            "inputs": {"oxygen": "o2"},
        },
    }
    return Form.model_validate_json(json.dumps(said))


async def test_a_calculated_value_says_from_what_and_with_which_constants(here):
    await assigned(here, with_ratio())
    await here.store.captures.append("i-1", [lambda _: measurement()])

    async with signed_in(here) as client:
        page = (await client.get("/pages/interventions/i-1")).text

    assert "1,33" in page
    assert "calculé à partir de O₂ · constantes testo-330" in page


async def test_a_choice_is_said_to_people_and_saved_as_its_code(here):
    said = FORM.model_dump(mode="json", exclude_none=True)
    said["schema"]["properties"]["fuel"] = {
        "type": "string",
        "x-label": {"fr": "Combustible", "en": "Fuel"},
        "enum": ["natural_gas", "light_oil"],
        "x-choices": {
            "natural_gas": {"fr": "gaz naturel", "en": "natural gas"},
            "light_oil": {"fr": "fioul", "en": "oil"},
        },
    }
    await assigned(here, Form.model_validate_json(json.dumps(said)))
    await here.store.captures.append("i-1", [lambda _: entry(field="fuel", value="light_oil")])

    async with signed_in(here) as client:
        french = (await client.get("/pages/interventions/i-1?lang=fr")).text
        english = (await client.get("/pages/interventions/i-1?lang=en")).text

    assert '<option value="natural_gas">gaz naturel</option>' in french
    assert '<option value="light_oil" selected>fioul</option>' in french
    assert '<option value="light_oil" selected>oil</option>' in english
    assert "light_oil</span>" not in french


def with_a_rule() -> Form:
    """Return the form with a field that is asked for, and required, once there are remarks."""
    said = FORM.model_dump(mode="json", exclude_none=True)
    condition = {"field": "remarks", "filled": True}
    said["schema"]["properties"]["follow_up"] = {
        "type": "string",
        "x-label": {"fr": "Suite à donner", "en": "Follow-up"},
        "x-when": [condition],
    }
    says = {"fr": "Une observation demande une suite.", "en": "A remark needs a follow-up."}
    said["schema"]["x-rules"] = [{"when": [condition], "require": ["follow_up"], "says": says}]
    return Form.model_validate_json(json.dumps(said))


async def test_a_field_shows_once_its_condition_holds_and_says_why_it_is_required(here):
    await assigned(here, with_a_rule())
    async with signed_in(here) as client:
        before = (await client.get("/pages/interventions/i-1")).text
        await here.store.captures.append("i-1", [lambda _: entry(value="vu")])
        after = (await client.get("/pages/interventions/i-1")).text

    assert "Suite à donner" not in before
    assert "Suite à donner" in after
    assert "Une observation demande une suite." in after


async def test_closing_names_what_a_rule_requires(here):
    await assigned(here, with_a_rule())
    await here.store.captures.append("i-1", [lambda _: measurement(), lambda _: entry(value="vu")])

    with pytest.raises(WorkError, match="r-1/follow_up"):
        await here.work.step("i-1", Action.CLOSE, BY)


async def test_why_a_value_cannot_be_calculated_is_said_in_french(here):
    await assigned(here, with_ratio())
    await here.store.captures.append("i-1", [lambda _: measurement(reading(value="21"))])

    async with signed_in(here) as client:
        page = (await client.get("/pages/interventions/i-1")).text

    assert "pas calculé : 21 % d’O₂ n’est pas une fumée" in unescape(page)


async def test_two_claims_for_one_field_are_both_shown(here):
    await assigned(here)
    for answer in ("premier", "second"):
        await here.store.captures.append("i-1", [lambda _, said=answer: entry(value=said)])

    async with signed_in(here) as client:
        page = (await client.get("/pages/interventions/i-1")).text

    assert "conflit" in page
    assert "<strong>premier</strong>" in page
    assert "<strong>second</strong>" in page


async def test_closing_names_the_required_fields_still_empty(here):
    await assigned(here)

    async with signed_in(here) as client:
        page = (await client.get("/pages/interventions/i-1")).text

    closing = page[page.index('<dialog id="closing"') :]
    assert 2 == closing.count("<li>O₂</li>")
    assert "Terminer incomplète" in closing


async def test_instruments_that_could_serve_a_field_are_a_choice(here):
    await assigned(here)
    await paired(here)
    await paired(here, serial="2", address="AA:BB:CC:00:00:02")

    async with signed_in(here) as client:
        page = (await client.get("/pages/interventions/i-1")).text

    assert 2 == page.count('data-serves="pressure"')
    assert 0 == page.count('data-serves="o2"')


async def test_the_grade_and_a_weak_identity_are_said(here):
    await paired(here, serial=None)

    async with signed_in(here) as client:
        page = (await client.get("/pages/instruments")).text

    assert "Identité faible" in page
    assert texts.text("grade.recording", "fr") in unescape(page)


async def test_the_live_stream_starts_with_what_is_known_and_ends_with_the_pairing(here):
    probe = await paired(here)
    probe.state("00d0e945")
    await until(lambda: here.live.of(PROBE).latest)

    async def unpair() -> None:
        await asyncio.sleep(0.05)
        await here.roster.unpair(PROBE)

    async with signed_in(here) as client:
        here.spawn(unpair())
        answer = await client.get(f"/v1/instruments/{PROBE}/live")

    [first, *_] = answer.text.split("\n\n")
    assert "7482" == json.loads(first.removeprefix("data: "))["readings"][0]["value"]
