"""A simulated terminal in the same loop as the till, at the other end of a cable or a connection."""

import asyncio
from datetime import UTC, datetime

from agent.ports import LinkLostError
from drivers.kit.link import Received
from firmware_sims.kit.cable import Outlet
from firmware_sims.payment.terminal import Terminal

STEP = 0.05
LEFT_ALONE = 5.0
"""Seconds that a person who looks at the terminal waits after the till spoke with it."""
NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


class Bench:
    """Lets time pass for a terminal, and carries what it says to whoever is connected."""

    def __init__(self, terminal: Terminal, *, on_line: bool) -> None:
        self.terminal = terminal
        # Where it hangs says how it speaks.
        terminal.place = "/dev/ttyACM0" if on_line else "127.0.0.1:8888"
        self.link: SimulatedLink | None = None
        self._outlet = Outlet(terminal)
        if on_line:
            terminal.plugged_in()
        self._on_line = on_line
        self._gone = False
        self._heard_at = -LEFT_ALONE

    async def run(self) -> None:
        """Let time pass until cancelled."""
        while True:
            await asyncio.sleep(STEP)
            self.terminal.process(STEP, NOW)
            self._tend()

    def _tend(self) -> None:
        if self.terminal.out_of_reach:
            self._gone = True
            self.let_go()
            self.terminal.unplugged()
            self.terminal.take_outgoing()
            return
        if self._gone:
            self._gone = False
            if self._on_line:
                self.terminal.plugged_in()
        for piece in self._outlet.pieces():
            if self.link is not None:
                self.link.deliver(piece)

    def let_go(self) -> None:
        """End the connection, as the till sees it."""
        link, self.link = self.link, None
        if link is not None:
            link.lost("the terminal let go")

    def connect(self) -> "SimulatedLink":
        return SimulatedLink(self)

    @property
    def idle(self) -> bool:
        """Whether nothing that was begun is still to end there."""
        terminal = self.terminal
        waits = getattr(terminal, "_untold", None) or getattr(terminal, "_late", None)
        alone = asyncio.get_running_loop().time() - self._heard_at >= LEFT_ALONE
        return alone and not (terminal.occupied or terminal._pending or waits)

    def heard(self, data: bytes) -> None:
        """Take what the till says."""
        self._heard_at = asyncio.get_running_loop().time()
        self.terminal.heard(data)

    def attach(self, link: "SimulatedLink") -> None:
        if self.terminal.out_of_reach or self.terminal.refuses_connections:
            raise LinkLostError("nobody is there")
        self.link = link
        if not self._on_line:
            # What was for the connection before is gone with it.
            self._outlet = Outlet(self.terminal)
            self.terminal.unplugged()
            self.terminal.plugged_in()

    def detach(self, link: "SimulatedLink") -> None:
        if self.link is link:
            self.link = None
            if not self._on_line:
                self.terminal.unplugged()


class SimulatedLink:
    """A Link. Nothing is said at once: the other side hears it when the loop turns."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench

    async def open(self, deliver, lost) -> None:
        await asyncio.sleep(0.001)
        self._deliver, self.lost = deliver, lost
        self._bench.attach(self)

    def deliver(self, data: bytes) -> None:
        self._deliver(Received(data))

    async def carry_out(self, action) -> None:
        if self._bench.link is not self:
            raise LinkLostError("nobody is there")
        self._bench.heard(action.data)

    async def close(self) -> None:
        self._bench.detach(self)
