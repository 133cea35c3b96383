"""What each port promises, as tests: a fake that passes them may stand for the real adapter, which passes them too.

Each suite is a class to derive from, with a fixture ``subject`` that hands over one implementation and a way to
do to it what the world would. The real adapters open sockets: they are in tests/integration/test_agent_ports.py.
"""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any, ClassVar, Protocol

import pytest

from agent.ports import Clock, Link, LinkLostError, NotConnectedError, Uplink
from contract.wire.captured import ClockReading
from drivers.kit.link import Failed, LinkEvent, ReadRegisters, Request

UNKNOWN = ReadRegisters("holding", 0, 1)
"""No link but Modbus knows it."""


async def until(holds: Callable[[], Any], within: float = 5.0) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - what is waited for tells nobody
            await asyncio.sleep(0.01)


class LinkSubject(Protocol):
    """An instrument at the other end of a link."""

    request: Request
    """One that the link carries out."""
    unknown: Request
    """One that it does not know."""
    answer: type[LinkEvent] | None
    unasked: type[LinkEvent] | None
    """None: nothing comes unasked over such a link."""
    tells_its_end: bool
    """Whether the link notices its end by itself, without being asked for anything."""

    def link(self) -> Link: ...
    async def say(self) -> None:
        """Have the instrument say something unasked."""
        ...

    async def lose(self) -> None:
        """Cut the link; the instrument stays out of reach."""
        ...


class Opened:
    """A link that is open, and what it told."""

    def __init__(self, link: Link) -> None:
        self.link = link
        self.delivered: list[LinkEvent] = []
        self.lost: list[str] = []

    async def open(self) -> "Opened":
        await self.link.open(self.delivered.append, self.lost.append)
        return self


class LinkSuite:
    """A Link."""

    async def test_a_request_is_carried_out_and_answered(self, subject: LinkSubject):
        opened = await Opened(subject.link()).open()
        answer = await opened.link.carry_out(subject.request)
        await opened.link.close()

        assert (answer is None) if subject.answer is None else isinstance(answer, subject.answer)

    async def test_what_the_link_does_not_know_has_failed_and_the_link_still_stands(
        self, subject: LinkSubject
    ):
        opened = await Opened(subject.link()).open()
        failed = await opened.link.carry_out(subject.unknown)
        answer = await opened.link.carry_out(subject.request)
        await opened.link.close()

        assert isinstance(failed, Failed)
        assert subject.unknown == failed.request
        assert failed.reason
        assert not isinstance(answer, Failed)

    async def test_what_comes_unasked_is_delivered(self, subject: LinkSubject):
        if subject.unasked is None:
            pytest.skip("nothing comes unasked over such a link")
        opened = await Opened(subject.link()).open()
        await opened.link.carry_out(subject.request)
        await subject.say()
        await until(lambda: opened.delivered)
        await opened.link.close()

        assert isinstance(opened.delivered[0], subject.unasked)

    async def test_a_lost_link_is_told_once_and_carries_nothing_out_any_more(
        self, subject: LinkSubject
    ):
        opened = await Opened(subject.link()).open()
        await opened.link.carry_out(subject.request)
        await subject.lose()
        if subject.tells_its_end:
            await until(lambda: opened.lost)
        with pytest.raises(LinkLostError, match=r"\S"):
            await opened.link.carry_out(subject.request)
        await asyncio.sleep(0.05)
        told = list(opened.lost)
        await opened.link.close()

        assert len(told) == (1 if subject.tells_its_end else 0)
        assert all(told)

    async def test_closing_is_possible_at_any_time_and_more_than_once(self, subject: LinkSubject):
        never = subject.link()
        await never.close()
        opened = await Opened(subject.link()).open()
        await opened.link.close()
        await opened.link.close()
        with pytest.raises(LinkLostError):
            await opened.link.carry_out(subject.request)

    async def test_closing_after_the_loss_is_no_error(self, subject: LinkSubject):
        opened = await Opened(subject.link()).open()
        await subject.lose()
        await opened.link.close()

    async def test_what_is_out_of_reach_cannot_be_opened(self, subject: LinkSubject):
        await subject.lose()
        with pytest.raises(LinkLostError, match=r"\S"):
            await subject.link().open(lambda _: None, lambda _: None)


class UplinkSubject(Protocol):
    """A broker, and the means to reach it and to be cut off."""

    uplink: Uplink

    async def connect(self) -> None: ...
    async def cut(self) -> None: ...
    async def arrived(self, topic: str) -> list[bytes]:
        """Return what the broker has got on a topic."""
        ...

    async def kept(self, topic: str) -> bytes | None:
        """Return what the broker keeps for newcomers."""
        ...


class UplinkSuite:
    """An Uplink."""

    topic: ClassVar[str] = "releve/v1/main/van-7/response"

    async def test_without_a_connection_nothing_is_taken_and_nothing_kept_for_later(
        self, subject: UplinkSubject
    ):
        await subject.connect()
        await subject.cut()
        with pytest.raises(NotConnectedError):
            subject.uplink.publish(self.topic, b"lost")
        await subject.connect()
        subject.uplink.publish(self.topic, b"after")

        assert [b"after"] == await self._arrived(subject, 1)

    async def test_what_is_published_arrives_in_order(self, subject: UplinkSubject):
        await subject.connect()
        for number in range(50):
            subject.uplink.publish(self.topic, str(number).encode())

        assert [str(number).encode() for number in range(50)] == await self._arrived(subject, 50)

    async def test_only_what_is_retained_is_kept_for_newcomers(self, subject: UplinkSubject):
        await subject.connect()
        subject.uplink.publish(self.topic, b"once")
        subject.uplink.publish(f"{self.topic}/state", b"first", retain=True)
        subject.uplink.publish(f"{self.topic}/state", b"second", retain=True)
        await self._arrived(subject, 1)

        assert b"second" == await subject.kept(f"{self.topic}/state")
        assert await subject.kept(self.topic) is None

    async def test_what_is_retained_is_taken_back_by_nothing(self, subject: UplinkSubject):
        await subject.connect()
        subject.uplink.publish(f"{self.topic}/state", b"first", retain=True)
        subject.uplink.publish(f"{self.topic}/state", b"", retain=True)
        subject.uplink.publish(self.topic, b"end")
        await self._arrived(subject, 1)

        assert await subject.kept(f"{self.topic}/state") is None

    async def test_quality_and_expiry_are_taken(self, subject: UplinkSubject):
        await subject.connect()
        subject.uplink.publish(self.topic, b"x", qos=0, expiry=60)

        assert [b"x"] == await self._arrived(subject, 1)

    async def _arrived(self, subject: UplinkSubject, number: int) -> list[bytes]:
        async with asyncio.timeout(5):
            while len(found := await subject.arrived(self.topic)) < number:  # noqa: ASYNC110 - nobody tells
                await asyncio.sleep(0.02)
        return found


class ClockSuite:
    """A Clock."""

    async def test_the_wall_clock_knows_where_it_is(self, subject: Clock):
        assert timedelta(0) == subject.now().utcoffset()

    async def test_elapsed_only_goes_forward(self, subject: Clock):
        seen = [subject.elapsed() for _ in range(100)]

        assert seen == sorted(seen)

    async def test_a_reading_says_the_boot_the_uptime_and_how_good_the_clock_is(
        self, subject: Clock
    ):
        before, reading, after = subject.elapsed(), subject.reading(), subject.elapsed()

        assert before - 0.001 <= float(reading.uptime) <= after
        assert reading == ClockReading.model_validate_json(reading.to_json())
        assert reading.boot == subject.reading().boot
