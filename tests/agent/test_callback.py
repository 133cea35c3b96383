"""Led here by another app, and back with values: to places that the settings name, and nowhere else."""

from urllib.parse import parse_qs, urlsplit

import pytest

from agent.api.callback import ReturnError, Returning, led_back
from agent.settings import SettingsError, load
from contract.forms.fold import fold
from contract.quantity import Quantity
from contract.unit import Unit
from contract.wire.down import Assignment
from tests.agent.asking import Desk
from tests.agent.making import INTERVENTION
from tests.agent.test_capturing import CALIBRATED, FORM, paired, taken
from tests.contract.making import BY, entry, measurement, placed, reading
from tests.contract.making import FORM as SMALL
from tests.fakes.link import FakeProbe
from tests.fakes.van import van

HOME = Returning(frozenset({"https://forms.example.net"}), frozenset({"truecontext"}))
O2 = placed(1, measurement(reading("o2", Quantity.OXYGEN, "5.24", Unit.PERCENT)))


@pytest.mark.parametrize(
    "address",
    [
        *("https://forms.example.net/back?a=1#x", "truecontext://x-callback-url/open?name=a"),
        "https://forms.example.net",
    ],
)
def test_a_place_that_is_named_is_followed(address):
    assert address == HOME.checked("x-success", address)
    assert HOME.checked("x-success", None) is None


@pytest.mark.parametrize(
    "address",
    [
        *("", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "//evil.example"),
        *(
            "https://evil.example",
            "https://forms.example.net.evil.example",
            "http://forms.example.net",
        ),
        *(
            "https://forms.example.net@evil.example",
            "https://forms.example.net:8443/",
            "other://x",
        ),
        *("\tjavascript:alert(1)", "truecontext://x y", "https://[", "truecontext://x\n"),
        "truecontext://" + "x" * 3000,
    ],
)
def test_any_other_place_is_refused(address):
    with pytest.raises(ReturnError, match="x-success leads to a place"):
        HOME.checked("x-success", address)


def test_the_way_back_carries_value_unit_and_status():
    values = fold(SMALL, "r-1", [O2, placed(2, entry(field="remarks", value="a&b=c #é"))])
    back = led_back("truecontext://open?name=a#top", ["o2", "remarks"], values)
    said = parse_qs(urlsplit(back).query)

    assert {
        "name": ["a"],
        "o2": ["5.2"],
        "o2_unit": ["%"],
        "o2_status": ["ok"],
        "remarks": ["a&b=c #é"],
        "remarks_status": ["ok"],
    } == said
    assert "top" == urlsplit(back).fragment


def test_there_is_no_way_back_while_a_field_is_empty():
    assert led_back("truecontext://open", ["o2", "pressure"], fold(SMALL, "r-1", [O2])) is None


@pytest.fixture
async def desk(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        desk = Desk(running)
        await desk.sign()
        yield desk


PATH = "/pages/fill/i-1/r-1?fields=free&x-success=truecontext%3A%2F%2Fback&x-cancel=truecontext%3A%2F%2Fno"


async def test_the_page_shows_the_fields_that_were_asked_for_and_both_ways_back(desk):
    probe = await paired(desk.van, FakeProbe(), CALIBRATED)
    async with desk.client() as client:
        before = (await client.get(PATH)).text
        await taken(desk.van, "free", states=[lambda: probe.state("00d0e945")])
        after = (await client.get(PATH)).text

    assert 'href="truecontext://no"' in before
    assert "back-with-values" not in before
    assert "report-r-1-free" in before
    assert "report-r-1-remarks" not in before
    assert "truecontext://back?free=" in after
    assert "free_unit=Pa" in after


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/pages/fill/i-1/r-1?fields=free&x-success=javascript%3Aalert(1)", "return_schemes"),
        ("/pages/fill/i-1/r-1?fields=nothing", "champ nothing"),
        ("/pages/fill/i-1/r-1?fields=", "au moins un champ"),
        ("/pages/fill/i-1/r-1", "au moins un champ"),
        ("/pages/fill/i-1/r-9?fields=free", "rapport r-9"),
        ("/pages/fill/i-9/r-1?fields=free", "pas affectée"),
    ],
)
async def test_what_cannot_be_shown_is_refused_on_the_page(desk, path, why):
    async with desk.client() as client:
        text = (await client.get(path, headers={"Accept-Language": "fr"})).text

    assert 'role="alert"' in text
    assert why in text


async def test_without_a_token_there_is_only_a_shell(desk):
    async with desk.client(token=None) as client:
        shell = await client.get(
            "/fill/i-1/r-1?fields=free&lang=en&x-success=truecontext%3A%2F%2Fb"
        )
        fragment = await client.get(PATH)

    assert (200, 401) == (shell.status_code, fragment.status_code)
    assert "/pages/fill/i-1/r-1?fields=free&amp;x-success=truecontext" in shell.text
    assert "&amp;lang=en" in shell.text


@pytest.mark.parametrize("scheme", ["javascript", "https", "Tel", "a b", "://", ""])
def test_a_setting_that_is_no_scheme_of_an_app_is_named(scheme):
    with pytest.raises(SettingsError, match=r"return_schemes.*no scheme"):
        load(None, {"name": "van-7", "return_schemes": (scheme,)})


async def test_a_form_of_kizeo_is_opened_with_what_the_report_holds(desk):
    await desk.van.work.enter("i-1", "r-1", "remarks", "vu", unit=None, reason=None, by=BY)
    async with desk.client() as client:
        found = await client.get("/v1/interventions/i-1/reports/r-1/kizeo?form=1042")
        unknown = await client.get("/v1/interventions/i-1/reports/r-9/kizeo?form=1042")
        hostile = await client.get("/v1/interventions/i-1/reports/r-1/kizeo?form=1%2F2")

    assert found.json()["link"].startswith("kizeoforms://--/forms/1042?")
    assert "remarks=vu" in found.json()["link"]
    assert (404, 422) == (unknown.status_code, hostile.status_code)
