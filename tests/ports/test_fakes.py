"""The fakes keep what their ports promise."""

import pytest

from agent.adapters.clock import SystemClock
from agent.ports import Clock, Link
from drivers.kit.link import Notified, Subscribe, Subscribed
from drivers.probe.testo_smart_probe.dialogue import NOTIFY
from tests.fakes.clock import FakeClock
from tests.fakes.link import FakeProbe
from tests.fakes.uplink import FakeUplink
from tests.ports.suites import UNKNOWN, ClockSuite, LinkSuite, UplinkSuite


class FakeProbeSubject:
    request = Subscribe(NOTIFY)
    unknown = UNKNOWN
    answer = Subscribed
    unasked = Notified
    tells_its_end = True

    def __init__(self) -> None:
        self.probe = FakeProbe()

    def link(self) -> Link:
        return self.probe

    async def say(self) -> None:
        self.probe.state("00d0e945")

    async def lose(self) -> None:
        self.probe.reachable = False
        if self.probe.opened:
            self.probe.lose()


class TestFakeProbe(LinkSuite):
    @pytest.fixture
    def subject(self) -> FakeProbeSubject:
        return FakeProbeSubject()


class FakeUplinkSubject:
    def __init__(self) -> None:
        self.uplink = FakeUplink(connected=False)

    async def connect(self) -> None:
        self.uplink.connected = True

    async def cut(self) -> None:
        self.uplink.connected = False

    async def arrived(self, topic: str) -> list[bytes]:
        return [payload for name, payload, _ in self.uplink.published if name == topic]

    async def kept(self, topic: str) -> bytes | None:
        kept = [payload for name, payload, keep in self.uplink.published if keep and name == topic]
        return (kept[-1] or None) if kept else None


class TestFakeUplink(UplinkSuite):
    @pytest.fixture
    def subject(self) -> FakeUplinkSubject:
        return FakeUplinkSubject()


class TestFakeClock(ClockSuite):
    @pytest.fixture
    def subject(self) -> Clock:
        return FakeClock()

    def test_a_jump_of_the_wall_clock_moves_nothing_else(self):
        clock = FakeClock()
        before = (clock.elapsed(), clock.reading().uptime)
        clock.jump(days=-400)

        assert before == (clock.elapsed(), clock.reading().uptime)


class TestSystemClock(ClockSuite):
    """It opens no socket, and so is tested here."""

    @pytest.fixture
    def subject(self) -> Clock:
        return SystemClock()
