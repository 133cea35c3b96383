"""One connection to the broker: paho-mqtt in its own thread, a client that never reconnects.

So an acknowledgement can only leave on the connection its message came from, where its id means that message.
"""

import asyncio
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import structlog
from paho.mqtt.client import Client, ConnectFlags, DisconnectFlags, MQTTMessage
from paho.mqtt.enums import CallbackAPIVersion, MQTTErrorCode, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties
from paho.mqtt.reasoncodes import ReasonCode

from contract import topics
from gateway.ports.line import Received

RECEIVE_MAXIMUM = 256
MAXIMUM_PACKET = 1_000_000
KEEPALIVE = 20
CONNECT_WITHIN = 10.0
PART_WITHIN = 2.0
SESSION_TAKEN_OVER = 0x8E

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokerAddress:
    """Where the broker is, and who we are there."""

    host: str
    port: int
    tenant: str
    client_id: str
    username: str | None = None
    password: str | None = None

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"


class Connection:
    """One connection, from connecting to its end. Callbacks run in paho's thread."""

    def __init__(
        self, address: BrokerAddress, generation: int, deliver: Callable[[Received], None]
    ) -> None:
        self.generation = generation
        self.taken_over = False
        self._address = address
        self._deliver = deliver
        self._loop = asyncio.get_running_loop()
        self._subscribed: asyncio.Future[None] = self._loop.create_future()
        self._lost: asyncio.Future[str] = self._loop.create_future()
        self._thread: threading.Thread | None = None
        self._client = self._new_client()

    def _new_client(self) -> Client:
        client = Client(
            CallbackAPIVersion.VERSION2,
            client_id=self._address.client_id,
            protocol=MQTTProtocolVersion.MQTTv5,
            manual_ack=True,
            reconnect_on_failure=False,
        )
        if self._address.username is not None:
            client.username_pw_set(self._address.username, self._address.password)
        client.max_inflight_messages_set(1000)
        client.max_queued_messages_set(0)
        client.connect_timeout = CONNECT_WITHIN
        client.on_socket_open = _without_delay
        client.on_connect = self._on_connect
        client.on_subscribe = self._on_subscribe
        client.on_disconnect = self._on_disconnect
        client.on_message = self._on_message
        return client

    async def open(self) -> None:
        """Connect and subscribe; raises OSError or TimeoutError."""
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]  # paho leaves it untyped
        properties.ReceiveMaximum = RECEIVE_MAXIMUM
        properties.MaximumPacketSize = MAXIMUM_PACKET
        properties.SessionExpiryInterval = 0
        async with asyncio.timeout(CONNECT_WITHIN):
            await asyncio.to_thread(
                self._client.connect,
                self._address.host,
                self._address.port,
                KEEPALIVE,
                clean_start=True,
                properties=properties,
            )
            self._client.loop_start()
            await asyncio.wait((self._subscribed, self._lost), return_when=asyncio.FIRST_COMPLETED)
        if not self._subscribed.done():
            raise ConnectionError(self._lost.result())

    async def lost(self) -> str:
        """Return why, once the connection is over; the death of paho's thread is such an end."""
        while not self._lost.done():
            if self._thread is not None and not self._thread.is_alive():
                return "its thread died"
            await asyncio.wait((self._lost,), timeout=1.0)
        return self._lost.result()

    async def close(self) -> None:
        """Say goodbye and let the thread end, within a limit: it hangs when told to stop first."""
        self._client.disconnect()
        try:
            async with asyncio.timeout(PART_WITHIN):
                await asyncio.to_thread(self._client.loop_stop)
        except TimeoutError:
            log.warning("broker thread did not end", generation=self.generation)

    def acknowledge(self, received: Received) -> None:
        """Send the acknowledgement of a message of this very connection."""
        self._client.ack(received.mid, received.qos)

    def publish(
        self, topic: str, payload: str, *, retain: bool, expires_after: timedelta | None
    ) -> bool:
        properties: Properties | None = None
        if expires_after is not None:
            properties = Properties(PacketTypes.PUBLISH)  # type: ignore[no-untyped-call]  # paho leaves it untyped
            properties.MessageExpiryInterval = int(expires_after.total_seconds())
        sent = self._client.publish(
            topic, payload.encode(), qos=1, retain=retain, properties=properties
        )
        return sent.rc == MQTTErrorCode.MQTT_ERR_SUCCESS

    def _on_connect(
        self,
        client: Client,
        _userdata: Any,
        _flags: ConnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self._thread = threading.current_thread()
        if reason.is_failure:
            self._settle(self._lost, f"refused: {reason}")
            return
        tenant = self._address.tenant
        wanted = (
            f"$share/gateway/{topics.every_agent(tenant, 'captures')}",
            topics.every_agent(tenant, "state"),
            topics.every_agent(tenant, "instrument", "+", "descriptor"),
            topics.every_agent(tenant, "instrument", "+", "state"),
            topics.every_agent(tenant, "response"),
        )
        client.subscribe([(each, 1) for each in wanted])

    def _on_subscribe(
        self,
        _client: Client,
        _userdata: Any,
        _mid: int,
        reasons: list[ReasonCode],
        _properties: Properties | None,
    ) -> None:
        refused = [str(each) for each in reasons if each.is_failure]
        if refused:
            self._settle(self._lost, f"subscription refused: {refused[0]}")
        else:
            self._settle(self._subscribed, None)

    def _on_disconnect(
        self,
        _client: Client,
        _userdata: Any,
        _flags: DisconnectFlags,
        reason: ReasonCode,
        _properties: Properties | None,
    ) -> None:
        self.taken_over = reason.value == SESSION_TAKEN_OVER
        self._settle(self._lost, str(reason))

    def _on_message(self, client: Client, _userdata: Any, message: MQTTMessage) -> None:
        try:
            topic = message.topic
        except UnicodeDecodeError:
            client.ack(message.mid, message.qos)
            return
        self._deliver(
            Received(topic, bytes(message.payload), message.mid, message.qos, self.generation)
        )

    def _settle(self, future: asyncio.Future[Any], value: object) -> None:
        def settle() -> None:
            if not future.done():
                future.set_result(value)

        try:
            self._loop.call_soon_threadsafe(settle)
        except RuntimeError:
            # The loop is closed: nobody waits any more.
            return


def _without_delay(_client: Client, _data: Any, link: Any) -> None:
    """Send small packets at once: Nagle's algorithm against delayed acknowledgements costs 40 ms each way."""
    with suppress(OSError):
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
