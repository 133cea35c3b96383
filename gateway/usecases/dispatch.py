"""Telling agents what they are to do: forms, assignments, commands; sealed with the gateway's key."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from contract.forms.version import FormVersion
from contract.topics import AgentTopics
from contract.wire.down import Assignment, Command, CommandName
from contract.wire.down import Down as DownMessage
from contract.wire.event import SealedType
from gateway.ports.chance import Chance, Clock
from gateway.ports.fleet import Caches
from gateway.ports.inbox import StoreUnavailableError
from gateway.ports.line import Down
from gateway.ports.office import Order, Orders
from gateway.ports.requests import Requests
from gateway.usecases.receipts import Sealer

COMMAND_LASTS = timedelta(seconds=60)
RETRY_SECONDS = 1.0


class NotConnectedError(Exception):
    """There is no connection to the broker now."""


class Dispatch:
    """Publishes standing orders, again whenever somebody may have missed them."""

    def __init__(
        self,
        *,
        sealer: Sealer,
        down: Down,
        orders: Orders,
        requests: Requests,
        caches: Caches,
        clock: Clock,
        chance: Chance,
        pause: Callable[[float], Awaitable[None]],
    ) -> None:
        self._sealer = sealer
        self._down = down
        self._orders = orders
        self._requests = requests
        self._caches = caches
        self._clock = clock
        self._chance = chance
        self._pause = pause
        self._wanted: set[str | None] = set()
        self._wake = asyncio.Event()

    def want(self, agent: str | None = None) -> None:
        """Ask for everything that one agent, or all, are to be told, to be published again soon."""
        self._wanted.add(agent)
        self._wake.set()

    async def run(self) -> None:
        """Publish what is wanted, until cancelled."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            wanted, self._wanted = self._wanted, set()
            try:
                await self._again(wanted)
            except StoreUnavailableError:
                await self._pause(RETRY_SECONDS)
                self._wanted |= wanted
                self._wake.set()

    async def _again(self, wanted: set[str | None]) -> None:
        everybody: set[str | None] = {None}
        for agent in everybody if None in wanted else sorted(wanted, key=str):
            for order in await self._orders.orders(agent=agent):
                self._publish(order)
            for command in await self._requests.unheard(agent, self._clock()):
                self.send(command)

    async def intervention(self, id: str) -> None:
        """Tell everybody concerned about one intervention; without a connection they learn it later."""
        for order in await self._orders.orders(intervention=id):
            self._publish(order)

    def _publish(self, order: Order) -> None:
        at = AgentTopics(self._sealer.tenant, order.agent)
        # Forms first, so that no agent shows an intervention it cannot fill.
        for form in order.forms:
            version = FormVersion(agent=order.agent, form=form)
            self._send(at.form(form.id, form.version), SealedType.FORM, version)
        assignment = Assignment(
            agent=order.agent,
            revision=order.revision,
            intervention=order.intervention,
            withdrawn=order.withdrawn,
        )
        self._send(at.intervention(order.intervention.id), SealedType.ASSIGNMENT, assignment)

    def _send(
        self,
        topic: str,
        type_: SealedType,
        message: DownMessage,
        expires_after: timedelta | None = None,
    ) -> bool:
        payload = self._sealer.sealed(type_, message, self._chance(16).hex(), self._clock())
        retain = type_ is not SealedType.COMMAND
        return self._down.publish(topic, payload, retain=retain, expires_after=expires_after)

    async def command(self, agent: str, name: CommandName) -> Command:
        """Tell an agent to do something now; raises NotConnectedError, and then it was not told."""
        if not self._down.connected:
            raise NotConnectedError
        now = self._clock()
        command = Command(
            agent=agent,
            id=self._chance(16).hex(),
            name=name,
            issued=now,
            expires=now + COMMAND_LASTS,
        )
        await self._caches.issue(command)
        if not self.send(command):
            raise NotConnectedError
        return command

    def send(self, command: Command) -> bool:
        """Send a command for as long as it lasts; False when there is no connection, and then it was not sent."""
        topic = AgentTopics(self._sealer.tenant, command.agent).command
        lasts = command.expires - self._clock()
        if lasts <= timedelta():
            return False
        return self._send(topic, SealedType.COMMAND, command, lasts)
