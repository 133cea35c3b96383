"""The way to a terminal: one conversation at a time, each with its own bytes, and nothing left open."""

import asyncio

import pytest

from agent.adapters.payment_line import StreamLine
from agent.ports import LinkLostError
from contract.payment.money import Money
from contract.payment.stated import Operation, Unsent
from drivers.kit.link import Received
from drivers.payment.dialogue import Asked, NotSent, Out, Over, Rejected
from drivers.payment.kinds import Speaking

ASKED = Asked(Operation.CHARGE, Money(1250, "EUR"), "K7WQ2M9XHT")


class Echo:
    """A PaymentDialogue that says its name, and tells what it hears until that is an end."""

    next_timer = None

    def __init__(self, name: str) -> None:
        self.out, self._name, self.stopped = Out(), name, 0

    def connection_made(self, now):
        self.out.send(self._name.encode())

    def connection_lost(self, now):
        self.out.tell(NotSent(Unsent.NO_CONNECTION))
        self.out.tell(Over())

    def receive(self, data, now):
        self.out.tell(Rejected(data.decode()))
        if data == b"end":
            self.out.tell(Over())

    def timer_fired(self, now):
        raise AssertionError("no timer was set")

    def proceed(self, now):
        raise AssertionError("nothing waits for the disk")

    def cancel(self, now):
        self.stopped += 1
        self.out.send(b"stop")


class Wire:
    """The links of a test, in the order they were opened."""

    def __init__(self, *, fails=False) -> None:
        self.links, self.open, self.most, self.fails = [], 0, 0, fails

    def connect(self):
        return WireLink(self)


class WireLink:
    def __init__(self, wire) -> None:
        self._wire, self.said = wire, []

    async def open(self, deliver, lost):
        if self._wire.fails:
            raise LinkLostError("nobody is there")
        self.deliver, self.lost = (lambda data: deliver(Received(data))), lost
        self._wire.links.append(self)
        self._wire.open += 1
        self._wire.most = max(self._wire.most, self._wire.open)

    async def carry_out(self, action):
        self.said.append(action.data)

    async def close(self):
        if not self._wire.fails:
            self._wire.open -= 1


class Told:
    def __init__(self) -> None:
        self.events = []

    async def __call__(self, event) -> None:
        self.events.append(event)


def line(wire) -> tuple[StreamLine, Echo]:
    operation = Echo("operation")
    speaking = Speaking(
        operation=lambda _: operation,
        question=lambda _: Echo("question"),
        listening=None,
        partial=False,
    )
    return StreamLine(speaking, wire.connect), operation


async def turns():
    for _ in range(5):
        await asyncio.sleep(0)


async def test_a_second_conversation_waits_for_the_first_and_hears_nothing_of_it():
    wire = Wire()
    made, _ = line(wire)
    first, second = Told(), Told()
    asking = asyncio.create_task(made.enquire(ASKED, first))
    await turns()
    operating = asyncio.create_task(made.operate(ASKED, second))
    await turns()
    assert 1 == len(wire.links)

    wire.links[0].deliver(b"of the question")
    wire.links[0].deliver(b"end")
    await asking
    await turns()
    # What still comes on the first link is nobody's.
    wire.links[0].deliver(b"late")
    wire.links[0].lost("gone")
    wire.links[1].deliver(b"end")
    await operating

    assert [Rejected("of the question"), Rejected("end")] == first.events
    assert [Rejected("end")] == second.events
    assert (0, 1) == (wire.open, wire.most)


async def test_a_conversation_that_is_given_up_lets_the_next_one_begin():
    wire = Wire()
    made, _ = line(wire)
    asking = asyncio.create_task(made.enquire(ASKED, Told()))
    await turns()
    operating = asyncio.create_task(made.operate(ASKED, Told()))
    asking.cancel()
    await turns()

    assert 2 == len(wire.links)
    wire.links[1].deliver(b"end")
    await operating


async def test_a_stop_reaches_the_conversation_that_goes_on_and_no_other():
    wire = Wire()
    made, operation = line(wire)
    made.cancel()
    operating = asyncio.create_task(made.operate(ASKED, Told()))
    await turns()
    assert 0 == operation.stopped

    made.cancel()
    await turns()
    wire.links[0].deliver(b"end")
    await operating

    assert 1 == operation.stopped
    assert [b"operation", b"stop"] == wire.links[0].said


async def test_a_terminal_that_is_not_there_was_asked_for_nothing():
    told = Told()
    made, _ = line(Wire(fails=True))

    await made.operate(ASKED, told)

    assert [NotSent(Unsent.NO_CONNECTION)] == told.events


async def test_what_told_raises_ends_the_conversation_and_closes_the_link():
    wire = Wire()
    made, _ = line(wire)

    async def told(event):
        raise ValueError("not saved")

    operating = asyncio.create_task(made.operate(ASKED, told))
    await turns()
    wire.links[0].deliver(b"anything")

    with pytest.raises(ValueError, match="not saved"):
        await operating
    assert 0 == wire.open
