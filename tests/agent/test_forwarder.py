"""What waits is sent, and sent again, until the receipt."""

import pytest

from agent.usecases.forwarder import RESEND_MOST, Forwarder, batches
from contract.wire.event import MAX_BYTES, MAX_CAPTURES
from tests.agent.conftest import AGENT_KEY
from tests.agent.making import TOPICS, note, receipt_for
from tests.fakes.uplink import FakeUplink


@pytest.fixture
def uplink():
    return FakeUplink()


@pytest.fixture
def forwarder(store, uplink, clock):
    return Forwarder(
        store=store.captures,
        uplink=uplink,
        topics=TOPICS,
        key_id=AGENT_KEY.id,
        clock=clock,
        chance=lambda: 1.0,
    )


def sequences(uplink):
    return [
        [int(each.link.split()[3]) for each in event.data.captures] for event in uplink.captures()
    ]


async def test_a_capture_leaves_at_once_with_its_evidence(store, forwarder, uplink):
    [saved] = await store.captures.append("i-1", [note()])
    await forwarder.send_due()

    [event] = uplink.captures()
    assert f"{saved.link.epoch}/1-1" == event.id
    assert (str(saved.link), saved.sig, saved.text) == tuple(
        getattr(event.data.captures[0], part) for part in ("link", "sig", "statement")
    )


async def test_a_backlog_leaves_in_few_messages(store, forwarder, uplink):
    await store.captures.append("i-1", [note(str(n)) for n in range(600)])
    await forwarder.send_due()

    assert [256, 256, 88] == [len(each) for each in sequences(uplink)]
    assert list(range(1, 601)) == [seq for each in sequences(uplink) for seq in each]


async def test_no_message_is_larger_than_the_wire_allows(store):
    await store.captures.append("i-1", [note('"' * 9000) for _ in range(60)])
    cut = list(batches(await store.captures.unsent(1000)))

    assert 60 == sum(len(each) for each in cut)
    assert all(len(each) <= MAX_CAPTURES for each in cut)
    assert all(sum(len(c.text) for c in each) < MAX_BYTES for each in cut)


async def test_nothing_is_sent_twice_while_its_time_has_not_come(store, forwarder, uplink, clock):
    await store.captures.append("i-1", [note()])
    pause = await forwarder.send_due()
    clock.pass_by(pause - 0.1)
    await forwarder.send_due()

    assert [[1]] == sequences(uplink)


async def test_silence_means_sending_again_with_longer_pauses(store, forwarder, uplink, clock):
    await store.captures.append("i-1", [note()])
    pauses = []
    for _ in range(8):
        pauses.append(await forwarder.send_due())
        clock.pass_by(pauses[-1])

    assert [[1]] * 8 == sequences(uplink)
    assert pauses == sorted(pauses)
    assert RESEND_MOST == pauses[-1]


async def test_a_receipt_ends_it(store, forwarder, uplink, clock):
    saved = await store.captures.append("i-1", [note()])
    await forwarder.send_due()
    await store.captures.settle(receipt_for(*saved))
    clock.pass_by(1000)

    assert await forwarder.send_due() is None
    assert [[1]] == sequences(uplink)


async def test_a_new_connection_sends_everything_again(store, forwarder, uplink):
    await store.captures.append("i-1", [note()])
    await forwarder.send_due()
    forwarder.connected()
    await forwarder.send_due()

    assert [[1], [1]] == sequences(uplink)


async def test_a_gateway_that_comes_back_is_not_kept_waiting(store, forwarder, uplink, clock):
    await store.captures.append("i-1", [note()])
    await forwarder.send_due()
    clock.pass_by(1)
    forwarder.hurry()
    await forwarder.send_due()

    assert [[1], [1]] == sequences(uplink)


async def test_without_a_connection_nothing_is_lost_and_nothing_raised(store, forwarder, uplink):
    uplink.connected = False
    await store.captures.append("i-1", [note()])

    assert await forwarder.send_due() is None
    uplink.connected = True
    await forwarder.send_due()
    assert [[1]] == sequences(uplink)


async def test_a_wall_clock_that_jumps_moves_no_resend(store, forwarder, uplink, clock):
    await store.captures.append("i-1", [note()])
    await forwarder.send_due()
    clock.jump(days=-400)
    await forwarder.send_due()
    clock.jump(days=800)
    await forwarder.send_due()

    assert [[1]] == sequences(uplink)


async def test_a_message_holds_one_epoch(store, forwarder, uplink):
    old = await store.captures.append("i-1", [note()])
    await store.captures.settle(receipt_for(*old, link="f" * 64))
    await store.captures.append("i-1", [note()])
    await forwarder.send_due()

    assert 2 == len({event.id.split("/")[0] for event in uplink.captures()})
