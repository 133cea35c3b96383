"""Readings from files, on the technician's pages."""

import json
import re
from html import unescape

import pytest

from agent.usecases.importing import Use
from tests.agent.making import INTERVENTION
from tests.agent.test_importing import FORM, MAPPING, TABLE, TJF
from tests.agent.test_pages import HOSTILE, Elements, assigned, signed_in
from tests.contract.making import BY
from tests.fakes.van import van

PAGE = "/pages/interventions/i-1"
REPORT = INTERVENTION.reports[0].id


@pytest.fixture
async def here(store, clock):
    async with van(store, clock) as running:
        await store.records.keep_technician(BY, "1234")
        yield running


async def page_of(van, language="fr"):
    async with signed_in(van) as client:
        return (await client.get(f"{PAGE}?lang={language}")).text


def boxes(page):
    """Return the checkboxes of the first report's first measurement: field, ticked, offered."""
    form = re.search(r'<form [^>]*class="use".*?</form>', page, re.DOTALL)[0]
    found = re.findall(
        r'<input type="checkbox" name="field" value="(\w+)"( checked)?( disabled)?>', form
    )
    return {name: (bool(ticked), not refused) for name, ticked, refused in found}


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", ("Valeurs d’un fichier", "26,6&nbsp;°C")),
        ("en", ("Readings from a file", "26.6&nbsp;°C")),
    ],
)
async def test_a_file_is_shown_beside_each_report_with_what_it_states(here, language, words):
    await assigned(here, FORM)
    here.files.take("boiler.tjf", TJF)

    page = await page_of(here, language)
    for each in (*words, "boiler.tjf", "t300 107", "2020-06-18T13:56:14"):
        assert each in page
    assert 2 == page.count('class="only-open files"')


async def test_fields_that_take_it_are_ticked_and_the_others_say_why(here):
    await assigned(here, FORM)
    here.files.take("boiler.tjf", TJF)

    page = await page_of(here)
    offered = boxes(page)
    assert {"air": (True, True), "draught": (True, True)}.items() <= offered.items()
    assert (False, False) == offered["o2_calibrated"] == offered["o2_locked"]
    # Several fields ask for oxygen: which one it is for, a person says.
    assert (False, True) == offered["o2"]
    assert "un fichier ne prouve aucun étalonnage" in page


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "fr",
            (
                "repris d’un fichier boiler.tjf",
                "instrument selon le fichier : t300 107",
                "moment selon le fichier",
            ),
        ),
        (
            "en",
            (
                "imported from a file boiler.tjf",
                "instrument as the file says: t300 107",
                "moment as the file says",
            ),
        ),
    ],
)
async def test_a_value_from_a_file_is_said_to_be_one(here, language, words):
    await assigned(here, FORM)
    kept = here.files.take("boiler.tjf", TJF)
    wanted = Use(file=kept.id, intervention="i-1", report=REPORT, fields=("air",))
    await here.importing.use(wanted, BY)

    page = await page_of(here, language)
    told = page[page.index(f'id="report-{REPORT}-air-value"') :].split("</p>")[0]
    for each in (*words, kept.sha256[:12], BY.name):
        assert each in told
    for each in ("étalonnage", "calibration", "saisi", "typed"):
        assert each not in told


async def test_a_field_that_has_a_value_is_not_ticked_to_be_replaced(here):
    await assigned(here, FORM)
    here.files.take("boiler.tjf", TJF)
    await here.work.enter("i-1", REPORT, "air", "300", unit=None, reason="x", by=BY)

    assert (False, True) == boxes(await page_of(here))["air"]


@pytest.mark.parametrize(
    ("language", "words"),
    [("fr", "déjà repris dans i-2 (r-1)"), ("en", "already used in i-2 (r-1)")],
)
async def test_a_measurement_used_in_another_intervention_is_not_ticked_and_says_so(
    here, language, words
):
    await assigned(here, FORM)
    await assigned(here, FORM, id="i-2")
    kept = here.files.take("boiler.tjf", TJF)
    await here.importing.use(
        Use(file=kept.id, intervention="i-2", report=REPORT, fields=("air",)), BY
    )

    page = await page_of(here, language)
    assert words in page
    assert {(False, True)} == {boxes(page)[each] for each in ("air", "draught")}


async def test_so_is_one_that_was_used_in_another_report_here(here):
    await assigned(here, FORM)
    other = INTERVENTION.reports[1].id
    kept = here.files.take("boiler.tjf", TJF)
    await here.importing.use(
        Use(file=kept.id, intervention="i-1", report=other, fields=("air",)), BY
    )

    page = await page_of(here)
    assert 1 == page.count(f"déjà repris dans i-1 ({other})")
    assert (False, True) == boxes(page)["draught"]


async def test_control_used_in_this_report_it_is_offered_for_what_is_still_empty(here):
    await assigned(here, FORM)
    kept = here.files.take("boiler.tjf", TJF)
    await here.importing.use(
        Use(file=kept.id, intervention="i-1", report=REPORT, fields=("air",)), BY
    )

    offered = boxes(await page_of(here))
    assert ((False, True), (True, True)) == (offered["air"], offered["draught"])


async def test_a_table_says_which_mapping_it_was_read_with(here):
    await assigned(here, FORM)
    here.files.take("analyser.toml", MAPPING)
    kept = here.files.take("analyser.csv", TABLE)

    page = await page_of(here)
    assert "lu avec analyser.toml" in page
    assert f'title="{kept.sha256}"' in page
    assert f"/v1/files/{kept.id}/use" in page


async def test_of_a_long_file_the_last_measurements_are_shown(here):
    await assigned(here, FORM)
    here.files.take("analyser.toml", MAPPING)
    line = TABLE.split(b"\r\n")[2] + b"\r\n"
    here.files.take("analyser.csv", TABLE + line * 50)

    page = await page_of(here)
    assert "32 mesures plus anciennes" in page
    assert 2 * 20 == page.count('class="use"')


async def test_a_file_that_could_not_be_read_says_why(here):
    await assigned(here, FORM)
    await here.files.found("broken.tjf", b"{")

    assert "Non lu" in (page := await page_of(here))
    assert "pas un document JSON" in page


async def test_why_a_value_is_not_taken_over_is_said_in_french(here):
    await assigned(here, FORM)
    here.files.take(
        "analyser.toml",
        MAPPING.replace(b'"flue_gas_temperature"\nunit = "Cel"', b'"oxygen"\nunit = "%"'),
    )
    here.files.take("analyser.csv", TABLE)

    page = unescape(await page_of(here))
    assert "O2 (%) : O₂ est donné deux fois, T fumées : O₂ est donné deux fois" in page


async def test_what_a_file_says_is_hostile_and_escaped(here):
    await assigned(here, FORM)
    document = json.loads(TJF)
    document["device"] = {"name": HOSTILE, "serial": HOSTILE}
    document["timeStamp"] = HOSTILE
    document["channels"].append({"type": {"name": HOSTILE}, "unit": {}, "values": []})
    kept = here.files.take(f"{HOSTILE.replace('/', '')}.tjf", json.dumps(document).encode())
    wanted = Use(file=kept.id, intervention="i-1", report=REPORT, fields=("air",))
    await here.importing.use(wanted, BY)

    page = await page_of(here)
    (elements := Elements()).feed(page)
    assert {"img", "script"}.isdisjoint(elements.names)
    assert not [each for each in elements.attributes if each.startswith("on")]
    assert "onerror=alert(1)" in unescape(page)
