"""What a message proves, before any transaction."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contract.chain import Link
from contract.signing import VerifyingKey
from contract.wire.event import SignedCapture
from gateway.ports.inbox import Examined, RegisteredKey
from gateway.ports.line import Received
from gateway.usecases.examination import REASON_LENGTH, Opened, examine, open_message, plain
from tests.gateway.edge import Edge


def registered(*agents: Edge, revoked: bool = False) -> Mapping[str, RegisteredKey]:
    return {
        each.key.id: RegisteredKey(each.name, VerifyingKey(each.key.public), revoked)
        for each in agents
    }


def examined(
    topic: str, payload: bytes, keys: Mapping[str, RegisteredKey], tenant: str = "main"
) -> Examined:
    opened = open_message(Received(topic, payload), tenant)
    if isinstance(opened, Examined):
        return opened
    [found] = examine([opened], keys)
    return found


def of(agent: Edge, captures: list[SignedCapture], **data: Any) -> Examined:
    return examined(agent.topic, agent.message(captures, **data), registered(agent))


def seqs(found: Examined) -> list[int]:
    return [each.link.seq for each in found.proven]


def reasons(found: Examined) -> list[str]:
    return [each.reason for each in found.refused]


def altered(capture: SignedCapture, **changes: Any) -> SignedCapture:
    return capture.model_copy(update=changes)


def test_a_chain_is_proved_by_its_last_signature() -> None:
    agent = Edge()
    captures = agent.notes(5)
    unsigned = [altered(each, sig="A" * 86 + "==") for each in captures[:-1]]

    found = of(agent, [*unsigned, captures[-1]])

    assert [1, 2, 3, 4, 5] == seqs(found)


def test_what_follows_the_last_good_signature_is_refused_and_the_rest_kept() -> None:
    agent = Edge()
    captures = agent.notes(4)
    stranger = Edge("other").key
    forged = [altered(each, sig=stranger.sign(each.link)) for each in captures[2:]]

    found = of(agent, [*captures[:2], *forged])

    assert [1, 2] == seqs(found)
    assert ["sig: not this agent's"] * 2 == reasons(found)


def test_a_link_put_in_with_a_gap_needs_its_own_signature() -> None:
    agent = Edge()
    captures = agent.notes(4)
    invented = str(Link(agent.name, agent.epoch, 9, "0" * 64, "1" * 64))
    planted = altered(captures[0], link=invented)

    found = of(agent, [captures[0], planted, *captures[1:]])

    assert [1, 2, 3, 4] == seqs(found)
    assert ["sig: not this agent's"] == reasons(found)


def test_a_gap_and_a_swap_cost_nothing_that_is_signed() -> None:
    agent = Edge()
    captures = agent.notes(5)

    found = of(agent, [captures[3], captures[0], captures[4], captures[1]])

    assert [4, 1, 5, 2] == seqs(found)


def test_a_run_goes_on_into_the_next_message() -> None:
    agent = Edge()
    first, second = agent.notes(2)
    unsigned = altered(first, sig="A" * 86 + "==")
    opened = [
        open_message(Received(agent.topic, agent.message([each])), "main")
        for each in (unsigned, second)
    ]

    found = examine([each for each in opened if isinstance(each, Opened)], registered(agent))

    assert [[1], [2]] == [seqs(each) for each in found]


def test_a_link_that_names_another_previous_is_not_carried_by_the_run() -> None:
    agent, clone = Edge(), Edge()
    agent.note("mine")
    clone.note("theirs")
    second = agent.note("mine")
    planted = altered(clone.note("theirs"), sig="A" * 86 + "==")

    found = of(agent, [planted, second])

    assert [2] == seqs(found)
    assert ["sig: not this agent's"] == reasons(found)


def test_an_altered_statement_is_refused_so_that_the_true_one_can_still_come() -> None:
    agent = Edge()
    first, second = agent.notes(2)
    changed = altered(first, statement=(first.statement or "").replace("note 0", "note 1"))

    found = of(agent, [changed, second])

    assert [2] == seqs(found)
    assert ["statement: not the one its link names"] == reasons(found)


def test_a_statement_left_out_is_refused_so_that_it_can_still_come() -> None:
    agent = Edge()

    found = of(agent, [altered(agent.note(), statement=None)])

    assert ["statement: missing"] == reasons(found)


def test_a_link_of_another_agent_is_refused() -> None:
    agent, other = Edge(), Edge("van-8")

    found = of(agent, [other.note()])

    assert [] == seqs(found)
    assert ["link: names another agent"] == reasons(found)


def test_a_key_of_another_agent_signs_nothing_here() -> None:
    agent, other = Edge(), Edge("van-8")
    message = agent.message(agent.notes(1), key=other.key.id)

    found = examined(agent.topic, message, registered(agent, other))

    assert [] == seqs(found)
    assert "is not registered for this agent" in reasons(found)[0]


def test_an_unknown_key_proves_nothing() -> None:
    agent = Edge()

    found = examined(agent.topic, agent.message(agent.notes(1)), {})

    assert [] == seqs(found)
    assert "is not registered for this agent" in reasons(found)[0]


def test_a_revoked_key_proves_nothing() -> None:
    agent = Edge()

    found = examined(agent.topic, agent.message(agent.notes(1)), registered(agent, revoked=True))

    assert [] == seqs(found)
    assert "is revoked" in reasons(found)[0]


@pytest.mark.parametrize(
    ("statement", "fault"),
    [
        (lambda agent: agent.statement("teleport"), "kind"),
        (lambda agent: agent.statement("note", text="x", v=2), "v"),
        (lambda agent: agent.statement("note"), "text"),
        (lambda _: "no json", "message"),
        (lambda _: '"\0"', "statement"),
        (lambda agent: agent.statement("measurement", report="r1"), "instrument"),
    ],
)
def test_a_proven_capture_that_says_nothing_we_know_is_kept_with_its_fault(
    statement: Any, fault: str
) -> None:
    agent = Edge()

    found = of(agent, [agent.capture(statement(agent))])

    assert [1] == seqs(found)
    assert fault in (found.proven[0].fault or "")


def test_a_closing_capture_waits_for_its_own_place_too() -> None:
    agent = Edge()
    agent.note()
    other = {"epoch": "b" * 32, "seq": 7}

    found = of(agent, [agent.transition("close", up_to=[other])])

    places = [(each.epoch, each.seq) for each in found.proven[0].awaited]
    assert [("b" * 32, 7), ("a" * 32, 2)] == places


@pytest.mark.parametrize(
    "topic",
    [
        "releve/v1/other/van-7/captures",
        "releve/v1/main/van-7/deeper/captures",
        "releve/v1/main/VAN/captures",
        "releve/v2/main/van-7/captures",
        "captures",
        "",
    ],
)
def test_another_topic_is_refused_whole(topic: str) -> None:
    agent = Edge()

    found = examined(topic, agent.message(agent.notes(1)), registered(agent))

    assert [] == seqs(found)
    assert 1 == len(found.refused)


def test_a_message_that_is_too_large_is_refused_unread() -> None:
    agent = Edge()

    found = examined(agent.topic, b"[" * 300_000, registered(agent))

    assert ["message: more than 256000 bytes"] == reasons(found)


@given(payload=st.binary(max_size=400) | st.text().map(str.encode))
def test_no_bytes_crash_the_examination(payload: bytes) -> None:
    agent = Edge()

    found = examined(agent.topic, payload, registered(agent))

    assert 1 == len(found.refused)


@given(
    junk=st.recursive(
        st.none() | st.booleans() | st.floats() | st.text(),
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
        max_leaves=8,
    ),
    field=st.sampled_from(["kind", "by", "at", "clock", "text", "replaces", "report", "v"]),
)
def test_no_statement_crashes_the_examination(junk: Any, field: str) -> None:
    agent = Edge()
    statement = json.loads(agent.statement("note", text="x"))
    statement[field] = junk

    found = of(agent, [agent.capture(json.dumps(statement))])

    assert 1 == len(found.proven) + len(found.refused)


@given(text=st.text(max_size=500))
def test_a_reason_is_always_one_a_receipt_can_hold(text: str) -> None:
    reason = plain(text)

    assert 1 <= len(reason) <= REASON_LENGTH
    assert reason.isprintable()
