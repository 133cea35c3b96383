"""The local API: closed to every page but ours, clear about every refusal, unharmed by whatever is sent."""

import asyncio
import itertools
import json

import pytest
import structlog
from fastapi.routing import APIRoute

from agent.api import (
    guard,
    routes,
    routes_files,
    routes_links,
    routes_payments,
    routes_procedures,
    routes_signatures,
)
from agent.api.guard import MAX_BODY
from agent.usecases import capturing as capturing_module
from agent.usecases import signing_in
from agent.usecases.payments.attempt import State as PaymentState
from agent.usecases.roster import Told
from contract.wire.down import Assignment
from contract.wire.request import ENDED
from contract.wire.request import RequestState as State
from tests.agent.asking import HOST, PIN, TOKEN, Desk, asked_by
from tests.agent.conftest import AGENT_KEY
from tests.agent.making import INTERVENTION
from tests.agent.paying import attempt
from tests.agent.test_capturing import FORM
from tests.contract.making import BY
from tests.fakes.link import FakeProbe
from tests.fakes.van import until, van

PROBE = "testo-smart-probe.46512997"
SAMPLES = {
    "{id}": "i-1",
    "{report}": "r-1",
    "{name}": "free",
    "{action}": "start",
    "{version}": "1",
    "{procedure}": "p-1",
    "{step}": "s-1",
}


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


@pytest.fixture
async def probe(desk):
    probe = FakeProbe()
    desk.van.roster.seen(probe.sighting())
    await desk.van.roster.pair(PROBE, Told(), BY)
    await until(lambda: desk.van.live.of(PROBE).connected)
    return probe


def asking_routes():
    """Every method and path of the API, filled in, but for the two that need no token."""
    for route in [
        *routes.router.routes,
        *routes_files.router.routes,
        *routes_links.router.routes,
        *routes_payments.router.routes,
        *routes_procedures.router.routes,
        *routes_signatures.router.routes,
    ]:
        assert isinstance(route, APIRoute)
        path = route.path
        for gap, sample in SAMPLES.items():
            path = path.replace(gap, sample)
        for method in sorted(route.methods):
            yield method, path


ROUTES = sorted(asking_routes())


# --- who may ask ----------------------------------------------------------------------------------


def test_the_routes_without_a_token_are_two():
    assert [("/v1/health", {"GET"}), ("/v1/session", {"POST"})] == [
        (each.path, each.methods) for each in routes.public.routes
    ]
    assert len(ROUTES) >= 20


@pytest.mark.parametrize(("method", "path"), ROUTES)
@pytest.mark.parametrize("token", [None, "guess", "", TOKEN[:-1], f"{TOKEN} {TOKEN}"])
async def test_every_route_wants_a_token_before_it_tells_anything(desk, method, path, token):
    answer = await desk.ask(method, path, asked_by(token))

    assert 401 == answer.status
    assert ["Authorization"] == answer.fields


@pytest.mark.parametrize(("method", "path"), [("GET", "/openapi.json"), ("GET", "/docs")])
async def test_what_the_api_could_do_is_not_told_to_strangers(desk, method, path):
    assert 404 == (await desk.ask(method, path)).status


async def test_a_token_ends_with_its_time_of_rest(desk, clock):
    clock.pass_by(signing_in.LASTS + 1)

    assert 401 == (await desk.ask("GET", "/v1/session", asked_by())).status
    assert desk.sign_in.present() is None


HOSTS = [
    ((HOST,), True),
    (("localhost:7300",), True),
    (("127.0.0.1",), False),
    (("localhost",), False),
    (("127.0.0.1:7301",), False),
    (("[::1]:7300",), False),
    (("0.0.0.0:7300",), False),
    (("127.1:7300",), False),
    (("2130706433:7300",), False),
    (("LOCALHOST:7300",), False),
    (("rebind.example:7300",), False),
    (("127.0.0.1:7300.rebind.example",), False),
    (("127.0.0.1:7300@rebind.example",), False),
    ((f"{HOST}, {HOST}",), False),
    ((HOST, HOST), False),
    ((HOST, "rebind.example"), False),
    (("",), False),
    ((), False),
]
ORIGINS = [
    ((), True),
    ((f"http://{HOST}",), True),
    (("http://localhost:7300",), True),
    (("http://rebind.example",), False),
    ((f"https://{HOST}",), False),
    (("http://127.0.0.1",), False),
    (("null",), False),
    (("",), False),
    ((f"http://{HOST}", "null"), False),
]
METHODS = {"GET": 200, "DELETE": 204, "POST": 422, "PUT": 405, "PATCH": 405, "OPTIONS": 405}
"""What ``/v1/session`` answers to a page of ours."""


def expected(method, token, *, from_here):
    if not from_here:
        return 403
    return METHODS[method] if token or METHODS[method] in {405, 422} else 401


async def test_only_our_own_page_with_its_token_is_answered(desk):
    """The whole matrix: host, origin, token, method."""
    wrong = []
    cases = list(itertools.product(HOSTS, ORIGINS, (TOKEN, None), METHODS))
    for (hosts, good_host), (origins, good_origin), token, method in cases:
        headers = [("host", each) for each in hosts] + [("origin", each) for each in origins]
        headers += [("authorization", f"Bearer {token}")] if token else []
        answer = await desk.ask(method, "/v1/session", headers)
        if method == "DELETE" and answer.status == 204:
            await desk.sign_in.sign_in(BY.id, PIN)
        if answer.status != expected(method, token, from_here=good_host and good_origin):
            wrong.append((hosts, origins, token, method, answer.status))

    assert len(cases) > 1900
    assert [] == wrong


@pytest.mark.parametrize("headers", [[("host", "rebind.example:7300")], [("host", "127.0.0.1")]])
async def test_control_without_the_check_of_the_host_a_rebound_name_is_answered(
    desk, monkeypatch, headers
):
    monkeypatch.setattr(guard.LocalOnly, "_refusal", lambda *_: None)

    assert 200 == (await desk.ask("GET", "/v1/health", headers)).status


async def test_no_page_may_frame_cache_or_sniff_an_answer(desk):
    answer = await desk.ask("GET", "/v1/health")

    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert ("no-store", "nosniff") == (
        answer.headers["cache-control"],
        answer.headers["x-content-type-options"],
    )
    assert "access-control-allow-origin" not in answer.headers


# --- bodies ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("pieces", [[b"x" * (MAX_BODY + 1)], [b"x" * 100_000] * 11, [b"x"] * 3])
@pytest.mark.parametrize("announced", [None, "3", "99999999", "-1", "x"])
async def test_a_body_is_measured_by_what_comes_and_not_by_what_is_announced(
    desk, pieces, announced
):
    length = [("content-length", announced)] if announced else [("transfer-encoding", "chunked")]
    answer = await desk.ask("POST", "/v1/session", asked_by(None, *length), pieces)

    assert (413 if sum(map(len, pieces)) > MAX_BODY else 422) == answer.status
    assert ["body"] == answer.fields[:1] or answer.status == 422


async def test_control_without_the_measure_a_large_body_reaches_the_route(desk, monkeypatch):
    monkeypatch.setattr(guard, "MAX_BODY", 10**9)
    answer = await desk.ask("POST", "/v1/session", pieces=[b"x" * (MAX_BODY + 1)])

    assert 422 == answer.status


async def test_a_body_that_does_not_come_is_not_waited_for(desk, monkeypatch):
    monkeypatch.setattr(guard, "BODY_WITHIN", 0.05)
    reading = guard._whole_body

    async def never(receive):
        await reading(receive)
        await asyncio.Event().wait()

    monkeypatch.setattr(guard, "_whole_body", never)

    assert 408 == (await desk.ask("POST", "/v1/session")).status


async def test_who_hangs_up_half_way_has_asked_nothing(desk):
    async def receive():
        return {"type": "http.disconnect"}

    sent = []
    scope = {
        "type": "http",
        "method": "POST",
        "path": "/v1/instruments/rescan",
        "headers": [
            (b"host", HOST.encode()),
            (b"authorization", f"Bearer {TOKEN}".encode()),
        ],
    }
    await desk.app(scope, receive, sent.append)

    assert ([], 0) == (sent, desk.rescans)


BODIES = [
    ("POST", "/v1/session", {"technician": "amira", "pin": "1"}),
    ("POST", "/v1/instruments/x/pair", {"role": "suction"}),
    ("POST", "/v1/instruments/x/acts", {"act": "zero"}),
    ("POST", "/v1/captures", {"intervention": "i-1", "report": "r-1", "fields": ["free"]}),
    ("PUT", "/v1/interventions/i-1/reports/r-1/fields/remarks", {"value": "vu"}),
    ("POST", "/v1/interventions/i-1/close", {"incomplete": True}),
    ("POST", "/v1/interventions/i-1/notes", {"text": "vu"}),
    (
        "POST",
        "/v1/scans/1/attach",
        {"intervention": "i-1", "report": "r-1", "field": "remarks"},
    ),
    ("POST", f"/v1/files/{'0' * 64}/use", {"intervention": "i-1", "report": "r-1"}),
]


def test_every_route_that_takes_a_body_is_in_the_list():
    taking = {
        (method, route.path.split("{")[0].rstrip("/"))
        for route in [*routes.router.routes, *routes_files.router.routes, *routes.public.routes]
        for method in route.methods
        if route.body_field is not None
    }

    assert taking == {
        (
            method,
            next(start for _, start in sorted(taking, reverse=True) if path.startswith(start)),
        )
        for method, path, _ in BODIES
    }


@pytest.mark.parametrize(("method", "path", "body"), BODIES)
async def test_a_field_that_nobody_knows_is_refused_by_name(desk, store, method, path, body):
    before = await everything(store)
    async with desk.client() as client:
        answer = await client.request(method, path, json={**body, "reporte": "r-2"})

    assert 422 == answer.status_code
    assert ["reporte"] == [each["field"] for each in answer.json()["errors"]]
    assert before == await everything(store)


# --- what is refused, and how ---------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "body", "status", "field"),
    [
        ("POST /v1/session", {"technician": "amira", "pin": "no"}, 401, "Authorization"),
        ("GET /v1/nothing", None, 404, "path"),
        ("GET /v1/interventions/i-9", None, 404, "intervention"),
        ("GET /v1/captures/t9", None, 404, "capture"),
        ("GET /v1/captures/t9/events", None, 404, "capture"),
        ("GET /v1/forms/combustion/9", None, 404, "form"),
        ("GET /v1/instruments/x/live", None, 409, "instrument"),
        ("PATCH /v1/instruments", None, 405, "method"),
        ("POST /v1/instruments/x/pair", {}, 409, "instrument"),
        ("DELETE /v1/instruments/x", None, 409, "instrument"),
        ("POST /v1/instruments/x/acts", {"act": "zero"}, 409, "instrument"),
        ("POST /v1/interventions/i-1/resume", None, 409, "action"),
        ("POST /v1/interventions/i-1/close", None, 409, "incomplete"),
        ("POST /v1/interventions/i-1/explode", None, 422, "action"),
        ("POST /v1/scans/7/attach", BODIES[-2][2], 404, "scan"),
        ("PUT /v1/interventions/i-1/reports/r-1/fields/none", {"value": "x"}, 404, "field"),
        (
            "PUT /v1/interventions/i-1/reports/r-1/fields/suction",
            {"value": "1"},
            409,
            "suction",
        ),
        ("PUT /v1/interventions/i-1/reports/r-1/fields/free", {"value": "1"}, 409, "reason"),
        ("PUT /v1/interventions/i-1/reports/r-1/fields/free", {}, 422, "value"),
        ("GET /v1/forms/combustion/99999999999999999999", None, 422, "version"),
    ],
)
async def test_a_refusal_names_the_field_and_the_remedy(desk, asked, body, status, field):
    async with desk.client() as client:
        answer = await client.request(*asked.split(), json=body)

    problem = answer.json()
    assert (status, status) == (answer.status_code, problem["status"])
    assert "application/problem+json" == answer.headers["content-type"]
    assert field == problem["errors"][0]["field"]
    assert problem["errors"][0]["remedy"]
    assert problem["title"]
    assert problem["detail"]


async def test_a_method_that_is_not_possible_names_those_that_are(desk):
    answer = await desk.ask("PATCH", "/v1/session", asked_by())

    assert 405 == answer.status
    assert "allow" in answer.headers


async def test_an_act_that_the_instrument_does_not_know_is_refused_at_once(desk, probe):
    async with desk.client() as client:
        answer = await client.post(
            f"/v1/instruments/{PROBE}/acts", json={"act": "toggle_measurement"}
        )

    assert 409 == answer.status_code
    assert "does not know" in answer.json()["detail"]


@pytest.mark.parametrize(
    ("value", "unit"), [("1" * 28, None), ("1", "Cel"), ("1e5", None), ("NaN", None)]
)
async def test_a_typed_value_that_the_field_cannot_show_is_refused_before_it_is_saved(
    desk, store, value, unit
):
    """Once saved it would stand in the chain for ever, and no page could show the report."""
    store_free = FORM.form.properties["free"].measure
    rounded = FORM.model_copy(
        update={
            "version": 2,
            "form": FORM.form.model_copy(
                update={
                    "properties": {
                        "free": FORM.form.properties["free"].model_copy(
                            update={"measure": store_free.model_copy(update={"round": 3})}
                        )
                    },
                    "required": (),
                }
            ),
        }
    )
    await store.records.keep_form(rounded)
    report = INTERVENTION.reports[0].model_copy(
        update={"form": INTERVENTION.reports[0].form.model_copy(update={"version": 2})}
    )
    await store.records.keep_assignment(
        Assignment(
            agent="van-7",
            revision=2,
            intervention=INTERVENTION.model_copy(update={"reports": (report,)}),
        )
    )
    async with desk.client() as client:
        answer = await client.put(
            "/v1/interventions/i-1/reports/r-1/fields/free",
            json={"value": value, "unit": unit, "reason": "pas d’instrument"},
        )
        shown = await client.get("/v1/interventions/i-1")

    assert (409, 200) == (answer.status_code, shown.status_code)
    assert "free" == answer.json()["errors"][0]["field"]
    assert 0 == await store.captures.depth()


HOSTILE = [
    "x" * 10_000,
    "a%00b",
    "%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "%f0%9f%92%a9",
    "%ff%fe",
    "%22%3E%3Cscript%3E",
    "a%0d%0aset-cookie:%20x",
    "#+",
    "' OR 1=1 --",
    "-1",
    str(2**70),
]


@pytest.mark.parametrize("name", HOSTILE)
async def test_a_hostile_name_in_a_path_is_answered_and_never_an_error_of_ours(desk, name):
    async with desk.client() as client:
        for method, path in ROUTES:
            if path.endswith("/events") and "captures" not in path:
                continue
            for sample in ("i-1", "r-1", "free", "start", "/1"):
                asked = path.replace(sample, f"/{name}" if sample == "/1" else name)
                answer = await client.request(method, asked)
                assert answer.status_code < 500, (method, asked)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[" * 50_000,
        b"\xff\xfe",
        b'{"technician": "\\ud800", "pin": "1"}',
        b'{"\\ud800": 1}',
        b'{"technician": "amira", "pin": "' + b"9" * 500_000 + b'"}',
        b'{"technician": {"a": []}, "pin": 1e999}',
        b'{"' + b"x" * 500_000 + b'": 1}',
        json.dumps(["x"] * 10_000).encode(),
        b"NaN",
        b'{"technician": "' + "é\x00".encode() + b'", "pin": "1"}',
    ],
)
async def test_a_hostile_body_is_refused_and_never_an_error_of_ours(desk, body):
    for method, path, _ in BODIES:
        answer = await desk.ask(
            method, path, asked_by(TOKEN, ("content-type", "application/json")), [body]
        )
        assert 400 <= answer.status < 500, (path, answer.body)
        assert len(answer.body) < 2_000_000


async def test_an_error_of_ours_is_a_problem_document_without_its_inside(desk, monkeypatch):
    async def broken(*_):
        raise RuntimeError(f"secret inside: {TOKEN}")

    monkeypatch.setattr(desk.van.work, "views", broken)
    async with desk.client() as client:
        answer = await client.get("/v1/interventions")

    assert (500, "application/problem+json") == (
        answer.status_code,
        answer.headers["content-type"],
    )
    assert "secret" not in answer.text


# --- what is only looked at -----------------------------------------------------------------------


async def everything(store):
    tables = await store.database.read("SELECT name FROM sqlite_master WHERE type = 'table'")
    return {
        row["name"]: [tuple(each) for each in await store.database.read(f"SELECT * FROM {row[0]}")]  # noqa: S608 - the names of our own tables
        for row in tables
    }


async def test_looking_changes_nothing(desk, store, probe):
    async with desk.client() as client:
        ticket = (await client.post("/v1/captures", json=BODIES[3][2])).json()["id"]
        await store.payments.open(attempt(state=PaymentState.DECLINED))
        before = await everything(store)
        told = (len(desk.van.saved), desk.rescans, list(desk.uplink.published))
        requests = list(desk.van.capturing._tickets)
        looked = []
        for method, path in ROUTES:
            if method == "GET":
                for sample, real in (
                    ("captures/i-1", f"captures/{ticket}"),
                    ("instruments/i-1", f"instruments/{PROBE}"),
                    ("forms/i-1", "forms/combustion"),
                    ("payments/i-1", "payments/K7WQ2M9XHT"),
                    ("/kizeo", "/kizeo?form=1042"),
                ):
                    path = path.replace(sample, real)  # noqa: PLW2901 - filled in
                async with desk.stream(method, path, asked_by()) as (answer, _):
                    await until(lambda answer=answer: answer.body)
                looked.append(answer.status)

    assert {200} == set(looked)
    assert len(looked) >= 10
    assert before == await everything(store)
    assert told == (len(desk.van.saved), desk.rescans, list(desk.uplink.published))
    assert requests == list(desk.van.capturing._tickets)
    assert [PROBE] == [each.instrument for each in desk.van.roster.paired()]


# --- streams --------------------------------------------------------------------------------------


async def test_the_stream_of_a_capture_ends_with_it(desk, probe):
    async with desk.client() as client:
        ticket = (await client.post("/v1/captures", json=BODIES[3][2])).json()["id"]
    async with desk.stream("GET", f"/v1/captures/{ticket}/events", asked_by()) as (answer, ended):
        await until(lambda: b"event: waiting" in answer.body)
        probe.state("00d0e945")
        await ended.wait()

    assert answer.body.rstrip().rpartition(b"event: ")[2].startswith(b"accepted")


async def test_a_live_stream_shows_values_and_ends_with_the_pairing(desk, probe):
    path = f"/v1/instruments/{PROBE}/live"
    async with desk.stream("GET", path, asked_by()) as (answer, ended):
        probe.state("00d0e945")
        await until(lambda: b"7482" in answer.body)
        await desk.van.roster.unpair(PROBE)
        await ended.wait()

    assert b"7482" in answer.body
    assert set() == desk.van.live._listeners


async def test_a_watcher_that_hangs_up_leaves_nothing_behind(desk):
    async with desk.stream("GET", "/v1/events", asked_by()) as (answer, _):
        await until(lambda: b"ready" in answer.body)
        assert 1 == len(desk.van.changes._watchers)

    assert set() == desk.van.changes._watchers


async def test_a_watcher_that_does_not_read_holds_up_nobody(desk):
    with desk.van.changes.watching() as changes:
        for number in range(1000):
            desk.van.changes.tell("outbox", str(number))

    assert changes.qsize() <= 100


# --- a full disk ----------------------------------------------------------------------------------


async def limit(store, pages):
    await store.database._writer.execute(f"PRAGMA max_page_count={pages}")


async def fill(store, desk):
    [row] = await store.database.read("PRAGMA page_count")
    await limit(store, row[0])
    async with desk.client() as client:
        for _ in range(200):
            answer = await client.post("/v1/interventions/i-1/notes", json={"text": "x" * 3000})
            if answer.status_code != 201:
                return answer
    pytest.fail("the page limit was never reached")


async def test_a_full_store_refuses_says_so_and_recovers_without_a_restart(desk, store):
    refused = await fill(store, desk)
    held = await store.captures.depth()
    async with desk.client() as client:
        looked = await client.get("/v1/interventions/i-1")
        await limit(store, 1_000_000)
        after = await client.post("/v1/interventions/i-1/notes", json={"text": "x" * 3000})

    assert (507, "store") == (refused.status_code, refused.json()["errors"][0]["field"])
    assert "disk is full" in refused.json()["detail"]
    assert (200, 201) == (looked.status_code, after.status_code)
    assert held + 1 == await store.captures.depth()


async def test_a_capture_on_a_full_store_is_rejected_with_that_reason(desk, store, probe):
    await fill(store, desk)
    async with desk.client() as client:
        for _ in range(20):
            asked = await client.post("/v1/captures", json=BODIES[3][2])
            ticket = desk.van.capturing.ticket(asked.json()["id"])
            await until(lambda ticket=ticket: ticket.state is State.WAITING)
            probe.state("00d0e945")
            await until(lambda ticket=ticket: ticket.state in ENDED)
            if ticket.state is State.REJECTED:
                break

    assert "disk is full" in ticket.reason


# --- bounds ---------------------------------------------------------------------------------------


async def test_requests_that_ended_are_forgotten_in_the_end(desk, probe, monkeypatch):
    monkeypatch.setattr(capturing_module, "MOST_TICKETS", 3)
    monkeypatch.setattr(capturing_module, "EXPIRES_AFTER", 5)
    async with desk.client() as client:
        first = [await client.post("/v1/captures", json=BODIES[3][2]) for _ in range(3)]
        fourth = await client.post("/v1/captures", json=BODIES[3][2])
        probe.state("00d0e945")
        tickets = [desk.van.capturing.ticket(each.json()["id"]) for each in first]
        await until(lambda: all(each.state in ENDED for each in tickets))
        fifth = await client.post("/v1/captures", json=BODIES[3][2])

    assert [201, 201, 201, 409, 201] == [each.status_code for each in [*first, fourth, fifth]]
    assert 3 == len(desk.van.capturing._tickets)


async def test_invented_names_at_sign_in_are_forgotten(desk, clock):
    for number in range(300):
        async with desk.client() as client:
            await client.post("/v1/session", json={"technician": f"n{number}", "pin": "1"})
    clock.pass_by(signing_in.LOCKED_FOR + 1)
    async with desk.client() as client:
        await client.post("/v1/session", json={"technician": "n", "pin": "1"})

    assert 1 == len(desk.sign_in._failures)


async def test_two_right_pins_at_once_are_both_answered(desk):
    async with desk.client() as client:
        answers = await asyncio.gather(
            *(client.post("/v1/session", json={"technician": BY.id, "pin": PIN}) for _ in range(3))
        )

    assert {201} == {each.status_code for each in answers}


async def test_twenty_wrong_pins_at_once_count_one_by_one(desk):
    async with desk.client() as client:
        answers = await asyncio.gather(
            *(
                client.post("/v1/session", json={"technician": BY.id, "pin": f"00000{number}"})
                for number in range(20)
            )
        )
        right = await client.post("/v1/session", json={"technician": BY.id, "pin": PIN})

    assert 5 == sum("do not fit" in each.json()["detail"] for each in answers)
    assert 401 == right.status_code


async def test_one_field_answered_twice_at_the_same_moment_is_no_conflict(desk):
    path = "/v1/interventions/i-1/reports/r-1/fields/remarks"
    async with desk.client() as client:
        await asyncio.gather(
            *(client.put(path, json={"value": f"vu {number}"}) for number in range(8))
        )
        report = (await client.get("/v1/interventions/i-1")).json()["reports"][0]

    [remarks] = [each for each in report["fields"] if each["name"] == "remarks"]
    assert "filled" == remarks["state"]


async def test_an_intervention_is_closed_once_however_often_it_is_asked(desk, store):
    async with desk.client() as client:
        answers = await asyncio.gather(
            *(
                client.post("/v1/interventions/i-1/close", json={"incomplete": True})
                for _ in range(5)
            ),
            *(
                client.put(
                    "/v1/interventions/i-1/reports/r-1/fields/remarks", json={"value": str(number)}
                )
                for number in range(5)
            ),
        )

    kinds = [each.statement.kind for each in await store.captures.of_intervention("i-1")]
    assert [201] == [each.status_code for each in answers[:5] if each.status_code != 409]
    assert 1 == kinds.count("transition")
    assert "transition" == kinds[-1]


# --- secrets --------------------------------------------------------------------------------------

SECRETS = {
    "the PIN": PIN.encode(),
    "a wrong PIN": b"161803",
    "the token": TOKEN.encode(),
    "the key's seed": b"a" * 32,
    "the key's seed in hexadecimal": (b"a" * 32).hex().encode(),
}


def leaks(*heaps: bytes) -> list[str]:
    return [what for what, secret in SECRETS.items() if any(secret in heap for heap in heaps)]


async def test_no_secret_gets_into_an_answer_a_log_or_the_store(
    desk, store, probe, caplog, tmp_path
):
    answers = []
    with structlog.testing.capture_logs() as entries:
        async with desk.client(None) as client:
            for pin in ("161803", PIN):
                signed = await client.post("/v1/session", json={"technician": "amira", "pin": pin})
                answers.append(signed)
            await client.post("/v1/session", json={"technician": "amira", "pin": {"x": "161803"}})
        signed = answers.pop()
        async with desk.client() as client:
            for method, path, body in BODIES[1:]:
                answers.append(await client.request(method, path, json=body))
            for path in ("/v1/instruments", "/v1/interventions", "/v1/outbox", "/v1/session"):
                answers.append(await client.get(path))
            answers.append(await client.delete("/v1/session"))

    stored = b"".join(path.read_bytes() for path in tmp_path.glob("agent.db*"))
    said = b"".join(each.content for each in answers)
    logged = (repr(entries) + caplog.text).encode()
    assert TOKEN == signed.json()["token"]
    assert [] == leaks(said, logged, stored)
    assert AGENT_KEY.public.encode() not in said


async def test_control_a_secret_that_is_logged_is_found():
    with structlog.testing.capture_logs() as entries:
        structlog.get_logger().info("signed in", pin=PIN)

    assert ["the PIN"] == leaks(repr(entries).encode())


async def test_a_due_date_before_the_calibration_is_refused_by_its_field(desk):
    stated = {"calibrated_on": "2026-05-01", "calibration_due": "2025-01-01"}
    async with desk.client() as client:
        answer = await client.post(f"/v1/instruments/{PROBE}/pair", json=stated)

    assert 422 == answer.status_code
    assert "calibration_due" == answer.json()["errors"][0]["field"]
