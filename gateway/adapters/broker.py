"""The line to the broker: one connection after the other, and the messages that wait."""

import asyncio
import threading
from collections import deque
from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog

from gateway.adapters.connection import BrokerAddress, Connection
from gateway.ports.line import Received
from gateway.ports.meter import Counted, Meter

WAITING = 1024
"""Messages that may wait. Receive Maximum keeps guaranteed ones below it on a broker that knows it."""
FIRST_DELAY = 0.5
LONGEST_DELAY = 2.0
STEADY_SECONDS = 10.0
"""A connection that held this long starts the back-off afresh."""

log = structlog.get_logger(__name__)


class Broker:
    """Implements the ports Line and Down: keeps one connection, as long as it runs."""

    def __init__(
        self,
        address: BrokerAddress,
        *,
        meter: Meter,
        fraction: Callable[[], float],
        pause: Callable[[float], Awaitable[None]],
        elapsed: Callable[[], float],
        on_connected: Callable[[], None],
    ) -> None:
        self._address = address
        self._meter = meter
        self._fraction = fraction
        self._pause = pause
        self._elapsed = elapsed
        self._on_connected = on_connected
        self._connection: Connection | None = None
        self._generation = 0
        self._waiting: deque[Received] = deque()
        self._arrived = asyncio.Event()
        self._scheduled = False
        self._space = threading.Event()
        self._loop: asyncio.AbstractEventLoop | None = None

    @property
    def connected(self) -> bool:
        return self._connection is not None

    async def run(self) -> None:
        """Connect, and again with growing jittered pauses whenever the connection is lost, until cancelled."""
        self._loop = asyncio.get_running_loop()
        delay = FIRST_DELAY
        while True:
            started = self._elapsed()
            try:
                await self._connect_once()
            except (OSError, TimeoutError, ValueError) as error:
                log.warning("broker not reached", broker=str(self._address), reason=str(error))
            if self._elapsed() - started > STEADY_SECONDS:
                delay = FIRST_DELAY
            await self._pause(delay * (0.5 + self._fraction()))
            delay = min(delay * 2, LONGEST_DELAY)

    async def _connect_once(self) -> None:
        self._generation += 1
        connection = Connection(self._address, self._generation, self._deliver)
        try:
            await connection.open()
            self._connection = connection
            self._meter.connected(up=True)
            log.info("broker connected", broker=str(self._address))
            self._on_connected()
            reason = await connection.lost()
            log.warning("broker lost", broker=str(self._address), reason=reason)
        finally:
            self._connection = None
            self._meter.connected(up=False)
            if connection.taken_over:
                self._meter.count(Counted.TAKEOVERS)
                log.error("another client has this client's name", client=self._address.client_id)
            self._space.set()
            await connection.close()

    def _deliver(self, received: Received) -> None:
        """Queue a message. Runs in paho's thread, which waits when a broker sends more than it may."""
        while len(self._waiting) >= WAITING:
            if received.qos == 0:
                self._meter.count(Counted.DROPPED)
                return
            if self._connection is None or self._connection.generation != received.generation:
                break
            self._space.clear()
            self._space.wait(0.2)
        self._waiting.append(received)
        if not self._scheduled and self._loop is not None:
            self._scheduled = True
            try:
                self._loop.call_soon_threadsafe(self._arrived.set)
            except RuntimeError:
                # The loop is closed: the message was not acknowledged and comes again.
                return

    async def waiting(self) -> None:
        """Return once a message waits."""
        while not self._waiting:
            self._arrived.clear()
            self._scheduled = False
            if self._waiting:
                return
            await self._arrived.wait()

    def pop(self) -> Received | None:
        """Take the message that waited longest; None when none waits."""
        if not self._waiting:
            return None
        received = self._waiting.popleft()
        if not self._space.is_set():
            self._space.set()
        return received

    def acknowledge(self, received: Received) -> None:
        """Acknowledge, unless the connection it came from is gone."""
        connection = self._connection
        if connection is not None and connection.generation == received.generation:
            connection.acknowledge(received)

    def publish(
        self,
        topic: str,
        payload: str,
        *,
        retain: bool = False,
        expires_after: timedelta | None = None,
    ) -> bool:
        """Hand over for sending; False when there is no connection, and then nothing was sent."""
        connection = self._connection
        if connection is None:
            return False
        return connection.publish(topic, payload, retain=retain, expires_after=expires_after)
