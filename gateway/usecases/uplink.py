"""What agents say besides captures: their state, their instruments, their answers to commands."""

from collections.abc import Callable, Sequence

from pydantic import ValidationError

from contract import topics
from contract.topics import Address
from contract.wire import down
from contract.wire.down import DownError, Progress, Response
from contract.wire.event import SealedEvent, SealedType, UnsealError, unseal
from contract.wire.status import (
    AgentState,
    AgentStateEvent,
    InstrumentDescriptorEvent,
    InstrumentStateEvent,
)
from gateway.ports.chance import Clock
from gateway.ports.fleet import Caches, Said
from gateway.ports.inbox import Inbox
from gateway.ports.line import Received
from gateway.ports.meter import Counted, Meter
from gateway.ports.requests import Requests
from gateway.usecases.examination import plain

MAX_BYTES = 65_536
MAX_ID = 200
_RESPONSE = ("response",)
_SPOKEN = frozenset({SealedType.RESPONSE, SealedType.PROGRESS})


class Uplink:
    """Keeps what agents say, and notices those that come online."""

    def __init__(
        self,
        *,
        tenant: str,
        caches: Caches,
        inbox: Inbox,
        requests: Requests,
        meter: Meter,
        clock: Clock,
        online: Callable[[str], None],
    ) -> None:
        self._tenant = tenant
        self._caches = caches
        self._inbox = inbox
        self._requests = requests
        self._clock = clock
        self._meter = meter
        self._online = online
        self._seen_online: set[str] = set()

    async def take(self, messages: Sequence[Received]) -> None:
        """Keep the newest of everything said; raises StoreUnavailableError."""
        said: dict[tuple[str, str | None, str | None], Said] = {}
        for received in messages:
            address = topics.parse(received.topic)
            if address is None or address.tenant != self._tenant:
                continue
            if address.rest == _RESPONSE:
                await self._respond(address.agent, received.payload)
            elif (one := _said(address, received.payload)) is not None:
                said[one.agent, one.instrument, one.leaf] = one
        if said:
            await self._caches.keep(list(said.values()))
        for one in said.values():
            if one.instrument is None:
                self._notice(one)

    def _notice(self, said: Said) -> None:
        if said.document is None or not AgentState.model_validate_json(said.document).online:
            self._seen_online.discard(said.agent)
        elif said.agent not in self._seen_online:
            self._seen_online.add(said.agent)
            self._online(said.agent)

    async def _respond(self, agent: str, payload: bytes) -> None:
        match await self._opened(agent, payload):
            case Response() as response if await self._caches.answer(response):
                pass
            case Progress() as progress:
                # A word that came late, or twice, is no forgery.
                await self._requests.follow(progress, self._clock())
            case _:
                self._meter.count(Counted.FORGED)

    async def _opened(self, agent: str, payload: bytes) -> Response | Progress | None:
        """Return a response or a word of progress proved to be the agent's; None when it is not."""
        try:
            event = SealedEvent.model_validate_json(payload)
            if event.type not in _SPOKEN:
                return None
            keys = await self._inbox.keys([event.data.key])
            mine = {
                name: key.verifying
                for name, key in keys.items()
                if key.owner == agent and not key.revoked
            }
            said = unseal(event, agent, mine)
            if event.type is SealedType.PROGRESS:
                return down.parse(Progress, said, agent)
            response = down.parse(Response, said, agent)
        except (ValidationError, UnsealError, DownError):
            return None
        detail = plain(response.detail) if response.detail is not None else None
        return response.model_copy(update={"detail": detail})


def _said(address: Address, payload: bytes) -> Said | None:
    """Return what a message says; None when it is nothing we keep."""
    if len(payload) > MAX_BYTES:
        return None
    try:
        match address.rest:
            case ("state",):
                state = AgentStateEvent.model_validate_json(payload)
                return Said(address.agent, state.data.to_json())
            case ("instrument", id, ("descriptor" | "state") as leaf):
                if not id.isprintable() or not 0 < len(id) <= MAX_ID:
                    return None
                return Said(address.agent, _instrument(leaf, payload), id, leaf)
            case _:
                return None
    except ValidationError:
        return None


def _instrument(leaf: str, payload: bytes) -> str | None:
    """Return what is said of one instrument; None when it is taken back. Raises ValidationError."""
    if not payload:
        return None
    event = (
        InstrumentDescriptorEvent if leaf == "descriptor" else InstrumentStateEvent
    ).model_validate_json(payload)
    return event.data.to_json()
