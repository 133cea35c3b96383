"""Nothing unsigned, nothing for others, nothing old; and the genuine one of each is accepted."""

from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.usecases.downlink import Downlink, Verdict
from contract.forms.version import FormVersion
from contract.wire.down import Assignment, Command, CommandName, CommandOutcome
from contract.wire.event import SealedEvent, SealedType
from tests.agent.making import (
    GATEWAY_KEYS,
    INTERVENTION,
    STRANGER_KEY,
    TOPICS,
    note,
    receipt,
    receipt_for,
    sealed,
)
from tests.contract.making import FORM


class Desk:
    """A downlink with everything it tells written down."""

    def __init__(self, store, clock, **how):
        self.responses, self.settled, self.orders = [], 0, []
        self.downlink = Downlink(
            topics=TOPICS,
            keys=GATEWAY_KEYS,
            captures=store.captures,
            work=store.records,
            commands=store.records,
            clock=clock,
            settled=self._settled,
            respond=self.responses.append,
            orders={CommandName.RESCAN: self._order},
            **how,
        )

    def _settled(self):
        self.settled += 1

    async def _order(self, _command):
        self.orders.append("rescan")
        return "done"

    async def take(self, topic, payload):
        return (await self.downlink.handle(topic, payload)).verdict


@pytest.fixture
def desk(store, clock):
    return Desk(store, clock)


def without_check(event, agent, keys):
    return event.data.statement


def assignment(revision=1, agent="van-7", **how):
    return Assignment(agent=agent, revision=revision, intervention=INTERVENTION, **how)


def command(clock, id="c-1", lasts=60, agent="van-7"):
    now = clock.now()
    return Command(
        agent=agent,
        id=id,
        name=CommandName.RESCAN,
        issued=now,
        expires=now + timedelta(seconds=lasts),
    )


async def test_a_receipt_is_believed_only_when_genuine_for_us_and_new(store, clock, desk):
    saved = await store.captures.append("i-1", [note()])

    assert Verdict.REFUSED is await desk.take(TOPICS.receipt, receipt(*saved, key=STRANGER_KEY))
    assert Verdict.REFUSED is await desk.take(TOPICS.receipt, receipt(*saved, to="van-8"))
    assert 1 == await store.captures.depth()
    assert Verdict.ACCEPTED is await desk.take(TOPICS.receipt, receipt(*saved))
    assert 0 == await store.captures.depth()
    assert Verdict.STALE is await desk.take(TOPICS.receipt, receipt(*saved))


async def test_control_with_the_signature_check_off_a_forged_receipt_passes(store, clock):
    saved = await store.captures.append("i-1", [note()])
    blind = Desk(store, clock, open_seal=without_check)

    assert Verdict.ACCEPTED is await blind.take(TOPICS.receipt, receipt(*saved, key=STRANGER_KEY))
    assert 0 == await store.captures.depth()


async def test_an_assignment_is_kept_only_when_genuine_for_us_and_newer(store, desk):
    topic = TOPICS.intervention("i-1")

    def take(statement, **how):
        return desk.take(topic, sealed(SealedType.ASSIGNMENT, statement, **how))

    assert Verdict.REFUSED is await take(assignment(), key=STRANGER_KEY)
    assert Verdict.REFUSED is await take(assignment(agent="van-8"), agent="van-8")
    assert [] == await store.records.assignments()
    assert Verdict.ACCEPTED is await take(assignment(2))
    assert Verdict.STALE is await take(assignment(2))
    assert Verdict.STALE is await take(assignment(1, withdrawn=True))
    [kept] = await store.records.assignments()
    assert (2, False) == (kept.revision, kept.withdrawn)


async def test_control_with_the_signature_check_off_a_forged_assignment_passes(store, clock):
    blind = Desk(store, clock, open_seal=without_check)
    forged = sealed(SealedType.ASSIGNMENT, assignment(), key=STRANGER_KEY)

    assert Verdict.ACCEPTED is await blind.take(TOPICS.intervention("i-1"), forged)


async def test_a_command_is_run_once_when_genuine_for_us_and_in_time(store, clock, desk):
    def take(order, **how):
        return desk.take(TOPICS.command, sealed(SealedType.COMMAND, order, **how))

    assert Verdict.REFUSED is await take(command(clock), key=STRANGER_KEY)
    assert Verdict.REFUSED is await take(command(clock, agent="van-8"), agent="van-8")
    assert [] == desk.orders
    assert Verdict.ACCEPTED is await take(command(clock))
    assert Verdict.STALE is await take(command(clock))
    assert ["rescan"] == desk.orders
    assert [CommandOutcome.DONE] == [each.outcome for each in desk.responses]


async def test_control_with_the_signature_check_off_a_forged_command_is_run(store, clock):
    blind = Desk(store, clock, open_seal=without_check)
    await blind.take(TOPICS.command, sealed(SealedType.COMMAND, command(clock), key=STRANGER_KEY))

    assert ["rescan"] == blind.orders


async def test_an_expired_command_is_answered_and_not_run(clock, desk):
    order = command(clock, lasts=60)
    clock.pass_by(60)
    await desk.take(TOPICS.command, sealed(SealedType.COMMAND, order))

    assert [] == desk.orders
    assert [CommandOutcome.EXPIRED] == [each.outcome for each in desk.responses]


async def test_a_command_survives_as_taken_on_even_when_the_run_was_cut(store, clock, desk):
    await store.records.take_on(command(clock))

    assert Verdict.STALE is await desk.take(
        TOPICS.command, sealed(SealedType.COMMAND, command(clock))
    )
    assert [] == desk.orders


async def test_a_form_version_is_immutable(store, desk):
    topic = TOPICS.form("combustion", 1)
    changed = FORM.model_copy(update={"title": FORM.title.model_copy(update={"en": "Other"})})

    def take(form):
        return desk.take(topic, sealed(SealedType.FORM, FormVersion(agent="van-7", form=form)))

    assert Verdict.ACCEPTED is await take(FORM)
    assert Verdict.ACCEPTED is await take(FORM)
    assert Verdict.REFUSED is await take(changed)
    assert FORM == await store.records.form("combustion", 1)


@pytest.mark.parametrize(
    ("topic", "type_"),
    [
        (TOPICS.receipt, SealedType.COMMAND),
        (TOPICS.command, SealedType.RECEIPT),
        (TOPICS.receipt, SealedType.RESPONSE),
        ("releve/v1/main/van-8/receipt", SealedType.RECEIPT),
        (TOPICS.captures, SealedType.RECEIPT),
    ],
)
async def test_a_message_has_its_own_topic(desk, clock, topic, type_):
    assert Verdict.REFUSED is await desk.take(topic, sealed(type_, command(clock)))


async def test_an_assignment_stands_on_the_topic_of_its_intervention(desk):
    payload = sealed(SealedType.ASSIGNMENT, assignment())

    assert Verdict.REFUSED is await desk.take(TOPICS.intervention("i-2"), payload)


async def test_a_statement_altered_on_the_way_is_refused(store, desk):
    saved = await store.captures.append("i-1", [note(), note()])
    event = SealedEvent.model_validate_json(receipt(saved[0]))
    altered = event.data.statement.replace('"last":1', '"last":2')
    changed = event.model_copy(
        update={"data": event.data.model_copy(update={"statement": altered})}
    )

    assert Verdict.REFUSED is await desk.take(TOPICS.receipt, changed.to_json().encode())
    assert 2 == await store.captures.depth()


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(payload=st.one_of(st.binary(max_size=300), st.just(b"[" * 100_000), st.just(b"")))
async def test_no_bytes_from_the_broker_raise(desk, payload):
    for topic in (TOPICS.receipt, TOPICS.command, TOPICS.intervention("i-1"), TOPICS.form("f", 1)):
        assert Verdict.REFUSED is await desk.take(topic, payload)


async def test_with_the_hash_comparison_a_receipt_of_a_clone_closes_nothing(store, desk):
    ours = await store.captures.append("i-1", [note("ours")])
    clones = receipt_for(*ours, link="c" * 64)

    await desk.take(TOPICS.receipt, sealed(SealedType.RECEIPT, clones))
    assert 1 == await store.captures.depth()
