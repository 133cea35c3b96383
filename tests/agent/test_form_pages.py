"""Pages of form engines: those named in the settings may have fields filled, with a token, and nothing else."""

import itertools

import pytest

from agent.api.app import application
from agent.settings import SettingsError, load
from contract.wire.down import Assignment
from tests.agent.asking import HOST, TOKEN, Desk
from tests.agent.making import INTERVENTION
from tests.agent.test_capturing import FORM
from tests.fakes.van import van

PAGE = "https://forms.example.net"
OPEN = (
    ("GET", "/v1/health"),
    ("GET", "/v1/session"),
    ("GET", "/v1/instruments"),
    ("GET", "/v1/interventions"),
    ("GET", "/v1/interventions/i-1"),
    ("GET", "/v1/forms/combustion/1"),
    ("POST", "/v1/captures"),
    ("GET", "/v1/captures/x"),
)
CLOSED = (
    ("PUT", "/v1/interventions/i-1/reports/r-1/fields/free"),
    ("POST", "/v1/interventions/i-1/close"),
    ("POST", "/v1/interventions/i-1/notes"),
    ("POST", "/v1/instruments/x/pair"),
    ("DELETE", "/v1/instruments/x"),
    ("POST", "/v1/signatures"),
    ("GET", "/v1/outbox"),
    ("GET", "/v1/events"),
    ("GET", "/"),
    ("GET", "/static/app.js"),
    ("DELETE", "/v1/captures/x"),
    ("GET", "/v1/captures/x/../../outbox"),
)


@pytest.fixture
async def desk(store, clock):
    await store.records.keep_form(FORM)
    await store.records.keep_assignment(
        Assignment(agent="van-7", revision=1, intervention=INTERVENTION)
    )
    async with van(store, clock) as running:
        desk = Desk(running)
        desk.app = application(desk.services, (HOST,), form_origins=(PAGE,))
        await desk.sign()
        yield desk


async def ask(desk, method, path, origin=PAGE, token=TOKEN, *more):
    headers = [("host", HOST), *([("origin", origin)] if origin else []), *more]
    headers += [("authorization", f"Bearer {token}")] if token else []
    return await desk.ask(method, path, headers)


def allowed(answer):
    return answer.headers.get("access-control-allow-origin")


@pytest.mark.parametrize("route", OPEN, ids=" ".join)
async def test_a_page_that_is_named_may_have_fields_filled_and_read_the_answer(desk, route):
    answer = await ask(desk, *route)

    assert 403 != answer.status
    assert PAGE == allowed(answer)


@pytest.mark.parametrize("route", OPEN[1:], ids=" ".join)
async def test_it_needs_a_token_like_anybody(desk, route):
    answer = await ask(desk, *route, token=None)

    assert (401, PAGE) == (answer.status, allowed(answer))


@pytest.mark.parametrize("route", CLOSED, ids=" ".join)
async def test_nothing_else_is_open_to_it(desk, route):
    answer = await ask(desk, *route)

    assert (403, None) == (answer.status, allowed(answer))


@pytest.mark.parametrize(
    "origin",
    [
        *("http://forms.example.net", "https://forms.example.net:8443", "https://evil.example"),
        *("https://forms.example.net.evil.example", "null", "https://forms.example.net/"),
    ],
)
async def test_a_page_that_is_not_named_gets_nothing(desk, origin):
    for route in OPEN:
        answer = await ask(desk, *route, origin=origin)
        assert (403, None) == (answer.status, allowed(answer))


async def test_browsers_are_told_beforehand_what_the_page_may_do(desk):
    for method, path in (*OPEN, *CLOSED):
        wanted = ("access-control-request-method", method)
        answer = await ask(desk, "OPTIONS", path, PAGE, None, wanted)
        expected = 204 if (method, path) in OPEN else 403
        assert expected == answer.status, path
        assert (PAGE if expected == 204 else None) == allowed(answer), path


async def test_only_the_named_page_with_its_token_on_its_routes_is_answered(desk):
    """The whole matrix: host, origin, token, method, path."""
    hosts = [HOST, "rebind.example", "127.0.0.1:1"]
    origins = [None, f"http://{HOST}", PAGE, "https://evil.example", "null"]
    methods = ["GET", "POST", "PUT", "DELETE", "PATCH"]
    paths = ["/v1/session", "/v1/interventions", "/v1/outbox", "/v1/instruments", "/v1/captures"]
    wrong = []
    cases = list(itertools.product(hosts, origins, (TOKEN, "guess", None), methods, paths))
    for host, origin, token, method, path in cases:
        if (method, path) == ("DELETE", "/v1/session") and token == TOKEN:
            continue
        headers = [("host", host), *([("origin", origin)] if origin else [])]
        headers += [("authorization", f"Bearer {token}")] if token else []
        answer = await desk.ask(method, path, headers)
        own = origin in {None, f"http://{HOST}"}
        open_ = origin == PAGE and (
            (method, path) in OPEN
            or (path, method) in {("/v1/session", "POST"), ("/v1/session", "DELETE")}
        )
        if (answer.status == 403) is not (host != HOST or not (own or open_)):
            wrong.append((host, origin, token, method, path, answer.status))
        if answer.status in {200, 201, 204} and token != TOKEN:
            wrong.append((host, origin, token, method, path, answer.status))

    assert len(cases) >= 1000
    assert [] == wrong


@pytest.mark.parametrize("origin", ["*", "forms.example.net", "https://forms.example.net/"])
def test_a_setting_that_is_no_origin_is_named(origin):
    with pytest.raises(SettingsError, match=r"form_origins.*no origin"):
        load(None, {"name": "van-7", "form_origins": (origin,)})
