"""The broker, through paho-mqtt: one client a connection, its thread watched."""

import asyncio
import socket
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage, MQTTv5
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from agent.ports import Handler, NotConnectedError
from agent.usecases.backoff import jittered

log = structlog.get_logger()

KEEPALIVE = 20
RETRY_FIRST = 0.2
RETRY_MOST = 2.0
"""Under 3 s, so that what waits leaves within 3 s of the link's return."""
STABLE_AFTER = 5.0
"""A connection that lasted this long starts the back-off afresh."""
BRIEF_AT_MOST = 5
"""Connections in a row that did not last."""
TAKEN_OVER_PAUSE = 20.0
"""Seconds, by half at least: two that go by one name would throw each other out for ever."""
INBOX = 1000
"""Messages the broker may send ahead of their acknowledgements."""
IN_FLIGHT = 64
WITH_WILL = "Disconnect with will message"
SESSION_TAKEN_OVER = 0x8E
QUEUED = 256
"""Messages that wait for the broker's acknowledgement; more are refused, and their senders try again."""
STOP_WITHIN = 3.0


@dataclass(frozen=True, slots=True)
class Broker:
    """Where the broker is, and who we are there."""

    host: str
    port: int
    client_id: str
    username: str | None = None
    password: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Will:
    """What the broker says in our place when the link is lost."""

    topic: str
    payload: bytes


class _WatchedClient(Client):
    """A client that tells when its network thread has ended, for whatever reason."""

    ended: Callable[[], None]
    taken_over: bool = False

    def loop_forever(self, *args: Any, **kwargs: Any) -> Any:
        try:
            return super().loop_forever(*args, **kwargs)
        finally:
            self.ended()


class MqttUplink:
    """An Uplink that connects again, for ever, after a pause by chance."""

    def __init__(
        self,
        broker: Broker,
        will: Will,
        filters: tuple[str, ...],
        handler: Handler,
        *,
        connected: Callable[[], None],
        lost: Callable[[], None],
        chance: Callable[[], float],
    ) -> None:
        self._broker = broker
        self._will = will
        self._filters = filters
        self._handler = handler
        self._connected = connected
        self._lost = lost
        self._chance = chance
        self._client: Client | None = None
        self._up_since = 0.0
        self._told_unreached = self._told_of_another = False
        # Room for what a lost connection left behind, too.
        self._inbox: asyncio.Queue[tuple[Client, MQTTMessage]] = asyncio.Queue(2 * INBOX)

    @property
    def connected(self) -> bool:
        return self._client is not None

    def publish(
        self,
        topic: str,
        payload: bytes,
        *,
        retain: bool = False,
        qos: int = 1,
        expiry: int | None = None,
    ) -> None:
        if self._client is None:
            raise NotConnectedError("there is no connection to the broker")
        properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
        properties.ContentType = "application/cloudevents+json; charset=utf-8"
        if expiry is not None:
            properties.MessageExpiryInterval = expiry
        sent = self._client.publish(topic, payload, qos=qos, retain=retain, properties=properties)
        if sent.rc == MQTTErrorCode.MQTT_ERR_QUEUE_SIZE:
            raise NotConnectedError("the broker acknowledges nothing")

    async def run_inbox(self) -> None:
        """Have messages handled, one after the other, and acknowledge each on the connection it came by."""
        while True:
            client, message = await self._inbox.get()
            topic = _topic(message)
            if topic is not None:
                await self._handler(topic, bytes(message.payload))
            if client is self._client:
                client.ack(message.mid, message.qos)

    async def run(self) -> None:
        """Keep a connection until cancelled."""
        attempt = brief = 0
        while True:
            client = self._new_client(asyncio.get_running_loop())
            lasted = await self._live_once(client)
            attempt = 0 if lasted > STABLE_AFTER else attempt + 1
            brief = 0 if lasted > STABLE_AFTER else brief + (lasted > 0)
            first, most = RETRY_FIRST, RETRY_MOST
            # Not every broker says that it threw us out for another one.
            if client.taken_over or (lasted > 0 and brief >= BRIEF_AT_MOST):
                self._tell_of_another(certain=client.taken_over)
                first = most = TAKEN_OVER_PAUSE
            await asyncio.sleep(jittered(attempt, first=first, most=most, chance=self._chance))

    def _tell_of_another(self, *, certain: bool) -> None:
        """Say once that two go by one name; each of them would say it every time it is thrown out."""
        if self._told_of_another:
            return
        self._told_of_another = True
        log.warning(
            "another agent uses this name"
            if certain
            else "connections do not last: another agent may use this name",
            name=self._broker.client_id,
            broker=str(self._broker),
            remedy="give each agent a name and a data folder of its own",
        )

    def _tell_unreached(self, error: Exception) -> None:
        """Say once an outage that the broker is not reached; the attempts go on."""
        tell = log.debug if self._told_unreached else log.warning
        tell("broker not reached", broker=str(self._broker), error=str(error))
        self._told_unreached = True

    async def _live_once(self, client: _WatchedClient) -> float:
        loop = asyncio.get_running_loop()
        ended = asyncio.Event()
        client.ended = lambda: _tell(loop, ended)
        try:
            await asyncio.to_thread(
                client.connect,
                self._broker.host,
                self._broker.port,
                KEEPALIVE,
                clean_start=True,
                properties=_bounded(),
            )
        except (OSError, UnicodeError) as error:
            self._tell_unreached(error)
            return 0.0
        client.loop_start()
        try:
            await ended.wait()
        finally:
            was_up = client is self._client
            self._client = None
            # The broker is to say our last word: otherwise we would stay "online" for those who look.
            client.disconnect(ReasonCode(PacketTypes.DISCONNECT, WITH_WILL))
            await _within(ended, STOP_WITHIN)
        log.info("broker connection ended", broker=str(self._broker), was_up=was_up)
        if was_up:
            self._lost()
        return loop.time() - self._up_since if was_up else 0.0

    def _new_client(self, loop: asyncio.AbstractEventLoop) -> _WatchedClient:
        client = _WatchedClient(
            CallbackAPIVersion.VERSION2,
            client_id=self._broker.client_id,
            protocol=MQTTv5,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        if self._broker.username is not None:
            client.username_pw_set(self._broker.username, self._broker.password)
        client.will_set(self._will.topic, self._will.payload, qos=1, retain=True)
        client.max_inflight_messages_set(IN_FLIGHT)
        client.max_queued_messages_set(QUEUED)
        self._call_back(client, loop)
        return client

    def _call_back(self, client: _WatchedClient, loop: asyncio.AbstractEventLoop) -> None:
        """Have the client's thread tell us what happens to it."""
        where = str(self._broker)

        def on_connect(
            _client: Client, _data: Any, _flags: ConnectFlags, reason: ReasonCode, _properties: Any
        ) -> None:
            if reason.is_failure:
                log.warning("broker refused the connection", broker=where, reason=str(reason))
                return
            client.subscribe([(each, 1) for each in self._filters])
            loop.call_soon_threadsafe(self._up, client)

        def on_message(_client: Client, _data: Any, message: MQTTMessage) -> None:
            loop.call_soon_threadsafe(self._receive, client, message)

        def on_disconnect(
            _client: Client,
            _data: Any,
            _flags: DisconnectFlags,
            reason: ReasonCode,
            _properties: Any,
        ) -> None:
            client.taken_over = reason.value == SESSION_TAKEN_OVER
            log.info("broker disconnected", broker=where, reason=str(reason))

        client.on_socket_open = _without_delay
        client.on_connect = on_connect
        client.on_message = on_message
        client.on_disconnect = on_disconnect

    def _up(self, client: Client) -> None:
        self._client = client
        self._up_since = asyncio.get_running_loop().time()
        self._told_unreached = False
        log.info("broker connected", broker=str(self._broker))
        self._connected()

    def _receive(self, client: Client, message: MQTTMessage) -> None:
        try:
            self._inbox.put_nowait((client, message))
        except asyncio.QueueFull:
            # Not acknowledged: the next connection brings what is retained, the next sending its receipts.
            log.warning("inbox full")


def _topic(message: MQTTMessage) -> str | None:
    try:
        return message.topic
    except UnicodeDecodeError:
        log.warning("a topic that is no text")
        return None


def _bounded() -> Properties:
    properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
    properties.ReceiveMaximum = INBOX
    return properties


def _without_delay(_client: Client, _data: Any, link: Any) -> None:
    """Send small packets at once: Nagle's algorithm against delayed acknowledgements costs 40 ms each way."""
    with suppress(OSError):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _tell(loop: asyncio.AbstractEventLoop, ended: asyncio.Event) -> None:
    if not loop.is_closed():
        loop.call_soon_threadsafe(ended.set)


async def _within(event: asyncio.Event, seconds: float) -> None:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        log.warning("the broker's thread did not end in time")
