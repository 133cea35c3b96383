"""Form engines: nothing without a key, nothing for pages the key is not for, and every request has an end."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from contract.forms.form import Form
from contract.signing import VerifyingKey
from contract.wire import down
from contract.wire.base import Place
from contract.wire.down import Command, Progress
from contract.wire.event import SealedEvent, SealedType, seal, unseal
from contract.wire.origin import OriginError, checked_origin
from contract.wire.request import FieldProgress, FieldStatus, RequestProgress, RequestState
from gateway.ports.office import ConflictError
from gateway.usecases.mediation import MOST_WAITING
from tests.gateway.edge import FORM, Edge, job
from tests.gateway.test_signatures import using
from tests.gateway.world import BASE, GATEWAY, World

PAGE = "https://forms.example.net"
ASKED = {"intervention": "job-1", "report": "r1", "fields": ["o2"]}
PATHS = (
    ("POST", "/v1/form/captures"),
    ("GET", "/v1/form/captures/x"),
    ("GET", "/v1/form/captures/x/events"),
    ("GET", "/v1/form/reports/job-1/r1"),
)


@pytest.fixture
async def agent(world: World) -> Edge:
    agent = Edge()
    await world.furnished(agent)
    return agent


@pytest.fixture
async def key(world: World) -> str:
    return await world.keyring.add("praxis", (PAGE,))


def page(world: World, key: str | None, origin: str | None = PAGE) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    return world.client(**headers, **({"Origin": origin} if origin else {}))


async def asked(world: World, key: str, **more: Any) -> dict[str, Any]:
    async with page(world, key) as client:
        answer = await client.post("/v1/form/captures", json={**ASKED, **more})
    assert 201 == answer.status_code, answer.text
    return answer.json()


async def stands(world: World, key: str, id: str) -> dict[str, Any]:
    async with page(world, key) as client:
        return (await client.get(f"/v1/form/captures/{id}")).json()


def commanded(world: World) -> list[Command]:
    found: list[Command] = []
    for topic, payload, _, _ in world.line.sent:
        if topic.endswith("/command"):
            event = SealedEvent.model_validate_json(payload)
            said = unseal(event, topic.split("/")[3], {GATEWAY.id: VerifyingKey(GATEWAY.public)})
            found.append(down.parse(Command, said, topic.split("/")[3]))
    return found


async def say(
    world: World, agent: Edge, id: str, state: RequestState, number: int, *places: Place
) -> None:
    field = FieldProgress(state=FieldStatus.SAMPLED)
    progress = Progress(
        agent=agent.name,
        command=id,
        number=number,
        at=world.clock.now,
        progress=RequestProgress(state=state, fields={"o2": field}, captures=places),
    )
    sealed = seal(agent.key, SealedType.PROGRESS, agent.name, progress.to_json())
    event = SealedEvent(
        id="p", source="/x", time=world.clock.now, type=SealedType.PROGRESS, data=sealed
    )
    topic = f"releve/v1/main/{agent.name}/response"
    await world.deliver((topic, event.to_json().encode()))


async def test_a_request_goes_to_the_agent_at_work_and_its_value_comes_back(
    world: World, agent: Edge, key: str
) -> None:
    new = await asked(world, key)
    [command] = commanded(world)
    assert ("requested", "van-7", None) == (new["state"], new["agent"], new["values"])
    assert command.capture is not None
    assert (new["id"], ("o2",)) == (command.id, command.capture.fields)

    await say(world, agent, new["id"], RequestState.SAMPLING, 1)
    assert "sampling" == (await stands(world, key, new["id"]))["state"]

    await say(world, agent, new["id"], RequestState.ACCEPTED, 2, Place(epoch=agent.epoch, seq=1))
    on_its_way = await stands(world, key, new["id"])
    await world.send(agent, [agent.measurement("5.24")])
    arrived = await stands(world, key, new["id"])

    assert ("accepted", None) == (on_its_way["state"], on_its_way["values"])
    assert ["o2"] == list(arrived["values"])
    assert ("5.2", "%", "12345678") == (
        arrived["values"]["o2"]["value"],
        arrived["values"]["o2"]["unit"],
        arrived["values"]["o2"]["instrument"]["serial"],
    )


async def test_a_stream_tells_how_a_request_goes_to_its_end(
    world: World, agent: Edge, key: str
) -> None:
    new = await asked(world, key)
    await say(world, agent, new["id"], RequestState.REJECTED, 1)
    async with page(world, key) as client:
        told = (await client.get(f"/v1/form/captures/{new['id']}/events")).text

    assert "event: rejected" in told


async def test_an_agent_that_was_away_gets_the_request_when_it_comes_back(
    world: World, agent: Edge, key: str
) -> None:
    world.line.connected = False
    new = await asked(world, key, lasts=600)
    assert [] == commanded(world)

    world.line.connected = True
    world.dispatch.want(agent.name)
    await world.dispatch._again({agent.name})
    assert [new["id"]] == [each.id for each in commanded(world)]

    await say(world, agent, new["id"], RequestState.WAITING, 1)
    await world.dispatch._again({agent.name})
    assert 1 == len(commanded(world))


async def test_a_request_nobody_takes_on_expires_and_says_what_to_look_at(
    world: World, agent: Edge, key: str
) -> None:
    new = await asked(world, key, lasts=30)
    world.clock.now += timedelta(seconds=31)
    found = await stands(world, key, new["id"])

    assert "expired" == found["state"]
    assert "did not answer in time" in found["reason"]["en"]
    assert "n’a pas répondu" in found["reason"]["fr"]
    await world.dispatch._again({agent.name})
    assert 1 == len(commanded(world))


async def test_an_agent_that_falls_silent_while_it_measures_ends_the_request(
    world: World, agent: Edge, key: str
) -> None:
    new = await asked(world, key)
    await say(world, agent, new["id"], RequestState.SAMPLING, 1)
    world.clock.now += timedelta(seconds=80)
    assert "sampling" == (await stands(world, key, new["id"]))["state"]

    world.clock.now += timedelta(seconds=12)
    found = await stands(world, key, new["id"])
    assert ("expired", True) == (found["state"], "look at the report" in found["reason"]["en"])


async def test_an_earlier_word_that_comes_late_changes_nothing(
    world: World, agent: Edge, key: str
) -> None:
    new = await asked(world, key)
    await say(world, agent, new["id"], RequestState.STABLE, 3)
    await say(world, agent, new["id"], RequestState.WAITING, 1)

    assert "stable" == (await stands(world, key, new["id"]))["state"]


async def test_what_has_ended_is_opened_by_no_later_word(
    world: World, agent: Edge, key: str
) -> None:
    accepted, overdue = await asked(world, key), await asked(world, key, lasts=30)
    await say(world, agent, accepted["id"], RequestState.ACCEPTED, 3)
    await say(world, agent, accepted["id"], RequestState.REJECTED, 4)
    assert "accepted" == (await stands(world, key, accepted["id"]))["state"]

    world.clock.now += timedelta(seconds=31)
    assert "expired" == (await stands(world, key, overdue["id"]))["state"]
    await say(world, agent, overdue["id"], RequestState.SAMPLING, 1)
    assert "expired" == (await stands(world, key, overdue["id"]))["state"]


async def test_the_gateway_waits_as_long_as_the_agent_does(
    world: World, agent: Edge, key: str
) -> None:
    form = json.loads(FORM.to_json())
    form["version"] = 9
    form["schema"]["properties"]["o2"]["x-measure"]["maxage"] = 600
    patient = Form.model_validate_json(json.dumps(form))
    await world.shelf.keep(patient)
    await world.office.create(using(patient, job("job-2")))
    await world.office.assign("job-2", agent.name)
    new = await asked(world, key, intervention="job-2")
    await say(world, agent, new["id"], RequestState.WAITING, 1)

    world.clock.now += timedelta(seconds=640)
    assert "waiting" == (await stands(world, key, new["id"]))["state"]
    world.clock.now += timedelta(seconds=30)
    assert "expired" == (await stands(world, key, new["id"]))["state"]


async def test_many_requests_at_once_do_not_slip_past_the_limit(
    world: World, agent: Edge, key: str
) -> None:
    async with page(world, key) as client:
        answers = await asyncio.gather(
            *(
                client.post("/v1/form/captures", json={**ASKED, "lasts": 3600})
                for _ in range(MOST_WAITING + 20)
            )
        )

    assert MOST_WAITING == sum(each.status_code == 201 for each in answers)


async def test_a_stream_ends_when_its_key_is_revoked(world: World, agent: Edge, key: str) -> None:
    new = await asked(world, key)
    async with page(world, key) as client, asyncio.timeout(5):
        following = asyncio.create_task(client.get(f"/v1/form/captures/{new['id']}/events"))
        await asyncio.sleep(0.5)
        await world.keyring.kept.revoke("praxis")
        told = (await following).text

    assert "event: requested" in told


async def test_another_agent_cannot_speak_for_the_one_that_was_asked(
    world: World, agent: Edge, key: str
) -> None:
    other = Edge("van-8", "b" * 32)
    await world.registry.enrol(other.record)
    new = await asked(world, key)
    await say(world, other, new["id"], RequestState.ACCEPTED, 9)

    assert "requested" == (await stands(world, key, new["id"]))["state"]


async def test_a_key_sees_its_own_requests_alone(world: World, agent: Edge, key: str) -> None:
    new = await asked(world, key)
    other = await world.keyring.add("other", (PAGE,))
    async with page(world, other) as client:
        assert 404 == (await client.get(f"/v1/form/captures/{new['id']}")).status_code


@pytest.mark.parametrize(
    ("body", "refusal"),
    [
        ({**ASKED, "fields": ["nothing"]}, (422, "nothing")),
        ({**ASKED, "fields": ["remark"]}, (422, "remark")),
        ({**ASKED, "fields": []}, (422, "fields")),
        ({**ASKED, "lasts": 0}, (422, "lasts")),
        ({**ASKED, "fields": ["o2", "o2"]}, (422, "fields")),
        ({**ASKED, "instruments": {"zz": "nope"}}, (422, "instruments.zz")),
        ({**ASKED, "group": "nope"}, (422, "group")),
        ({**ASKED, "report": "r9"}, (404, None)),
        ({**ASKED, "intervention": "job-9"}, (404, None)),
        ([], (422, "body")),
    ],
)
async def test_a_request_that_cannot_be_is_refused_by_its_field(
    world: World, agent: Edge, key: str, body: Any, refusal: tuple[int, str | None]
) -> None:
    status, field = refusal
    async with page(world, key) as client:
        answer = await client.post("/v1/form/captures", json=body)

    assert status == answer.status_code
    assert field is None or field == answer.json()["errors"][0]["field"]
    assert [] == commanded(world)


async def test_work_that_is_not_at_hand_is_refused(world: World, agent: Edge, key: str) -> None:
    await world.office.cancel("job-1")
    async with page(world, key) as client:
        answer = await client.post("/v1/form/captures", json=ASKED)

    assert (409, True) == (answer.status_code, "nobody is at work" in answer.json()["detail"])


@pytest.mark.parametrize("route", PATHS, ids=" ".join)
@pytest.mark.parametrize("shown", [None, "guess", "rfk_guess", "Basic"])
async def test_without_a_key_that_is_known_nothing_opens(
    world: World, agent: Edge, key: str, route: tuple[str, str], shown: str | None
) -> None:
    async with page(world, shown) as client:
        answer = await client.request(*route, json=ASKED)

    assert (401, "Authorization") == (answer.status_code, answer.json()["errors"][0]["field"])
    assert [] == commanded(world)


@pytest.mark.parametrize("route", PATHS, ids=" ".join)
@pytest.mark.parametrize("origin", [None, "null", "https://evil.example", f"{PAGE}:444", BASE])
async def test_a_page_that_the_key_is_not_for_gets_nothing(
    world: World, agent: Edge, key: str, route: tuple[str, str], origin: str | None
) -> None:
    async with page(world, key, origin) as client:
        answer = await client.request(*route, json=ASKED)

    assert (403, "Origin") == (answer.status_code, answer.json()["errors"][0]["field"])
    assert "access-control-allow-origin" not in answer.headers
    assert [] == commanded(world)


async def test_a_key_for_no_page_serves_a_program_and_no_page(world: World, agent: Edge) -> None:
    key = await world.keyring.add("server", ())
    async with page(world, key, None) as client:
        assert 201 == (await client.post("/v1/form/captures", json=ASKED)).status_code
    async with page(world, key, PAGE) as client:
        assert 403 == (await client.post("/v1/form/captures", json=ASKED)).status_code


async def test_requests_that_nobody_takes_on_do_not_pile_up(
    world: World, agent: Edge, key: str
) -> None:
    for _ in range(MOST_WAITING):
        await asked(world, key, lasts=300)
    async with page(world, key) as client:
        answer = await client.post("/v1/form/captures", json=ASKED)
        world.clock.now += timedelta(seconds=301)
        later = await client.post("/v1/form/captures", json=ASKED)

    assert (409, True) == (answer.status_code, "wait for agent van-7" in answer.json()["detail"])
    assert 201 == later.status_code


async def test_requests_are_forgotten_a_month_after_their_end(
    world: World, agent: Edge, key: str
) -> None:
    old = await asked(world, key)
    world.clock.now += timedelta(days=29)
    await asked(world, key)
    assert "expired" == (await stands(world, key, old["id"]))["state"]

    world.clock.now += timedelta(days=2)
    await asked(world, key)
    async with page(world, key) as client:
        assert 404 == (await client.get(f"/v1/form/captures/{old['id']}")).status_code


async def test_a_revoked_key_opens_nothing_more(world: World, agent: Edge, key: str) -> None:
    await world.keyring.kept.revoke("praxis")
    async with page(world, key) as client:
        assert 401 == (await client.get("/v1/form/reports/job-1/r1")).status_code


async def test_of_a_key_only_its_hash_is_kept_and_its_name_is_taken_for_good(
    world: World, key: str
) -> None:
    rows = await world.rows("SELECT name, digest, origins FROM api_key")

    assert key not in str(rows)
    with pytest.raises(ConflictError, match="another name"):
        await world.keyring.add("praxis", (PAGE,))


async def test_browsers_of_pages_with_a_key_are_let_through_and_others_are_not(
    world: World, key: str
) -> None:
    wanted = {"Access-Control-Request-Method": "POST"}
    async with world.client(**wanted) as client:
        known = await client.options("/v1/form/captures", headers={"Origin": PAGE})
        other = await client.options("/v1/form/captures", headers={"Origin": "https://e.example"})
        office = await client.options("/v1/interventions", headers={"Origin": PAGE})
    async with page(world, key) as client:
        answered = await client.get("/v1/form/reports/job-1/r1")

    assert (204, PAGE) == (known.status_code, known.headers["access-control-allow-origin"])
    assert "authorization" in known.headers["access-control-allow-headers"]
    assert (403, False) == (other.status_code, "access-control-allow-origin" in other.headers)
    assert "access-control-allow-origin" not in office.headers
    assert (404, PAGE) == (
        answered.status_code,
        answered.headers["access-control-allow-origin"],
    )
    assert "Origin" in answered.headers["vary"]


async def test_a_key_opens_no_route_of_the_office_to_a_page(world: World, key: str) -> None:
    async with page(world, key) as client:
        written = await client.post("/v1/interventions", json={})
        read = await client.get("/v1/interventions")

    assert 403 == written.status_code
    assert "access-control-allow-origin" not in read.headers


@pytest.mark.parametrize("origin", ["https://forms.example.net", "http://localhost:8080"])
def test_an_origin_is_one(origin: str) -> None:
    assert origin == checked_origin(origin)


@pytest.mark.parametrize(
    "text",
    [
        *("", "*", "null", "forms.example.net", "ftp://forms.example.net", "https://"),
        *("https://forms.example.net/", "https://Forms.example.net", "https://a:443"),
        *("https://u@forms.example.net", "https://a:x", "http://a:80", "https://a?b", "https://["),
    ],
)
def test_what_is_no_origin_is_refused(text: str) -> None:
    with pytest.raises(OriginError, match="no origin"):
        checked_origin(text)
