"""Agents: their keys, what they last said, and what they are told to do."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from contract.signing import KeyRecord
from contract.wire.down import Command, Response
from contract.wire.status import AgentState, InstrumentDescriptor, InstrumentState
from gateway.ports.office import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key that was registered for an agent."""

    record: KeyRecord
    registered_at: str
    revoked_at: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    """An agent, and what it last said of itself."""

    name: str
    enrolled_at: str
    keys: tuple[Key, ...] = ()
    state: AgentState | None = None
    """As the agent said; not signed, a cache only."""
    state_at: str | None = None
    captured_at: str | None = None
    """When the last capture arrived."""

    @property
    def revoked(self) -> bool:
        return all(key.revoked_at is not None for key in self.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class InstrumentCache:
    """What an agent last said of one of its instruments; not signed."""

    agent: str
    id: str
    descriptor: InstrumentDescriptor | None
    state: InstrumentState | None
    at: str


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuedCommand:
    """A command, and the agent's answer; without an answer ``outcome`` is None."""

    id: str
    agent: str
    name: str
    issued: str
    expires: str
    outcome: str | None = None
    detail: str | None = None
    answered_at: str | None = None


class Registry(Protocol):
    """Whose key is whose."""

    async def enrol(self, record: KeyRecord) -> None:
        """Register an agent's key, again without effect; raises ConflictError."""
        ...

    async def revoke(self, name: str) -> int:
        """Revoke all keys of an agent and return how many; raises AbsentError."""
        ...

    async def agents(self, cursor: str | None, limit: int) -> Page[Agent]: ...

    async def agent(self, name: str) -> Agent:
        """Return one; raises AbsentError."""
        ...

    async def instruments(
        self, cursor: str | None, limit: int, agent: str | None = None
    ) -> Page[InstrumentCache]: ...


@dataclass(frozen=True, slots=True)
class Said:
    """What an agent said of itself, or of one of its instruments. ``document`` None: it says so no more."""

    agent: str
    document: str | None
    instrument: str | None = None
    leaf: str | None = None


class Caches(Protocol):
    """What agents last said, for the pages."""

    async def keep(self, said: Sequence[Said]) -> None:
        """Keep the newest; what comes from an agent nobody enrolled is not kept."""
        ...

    async def issue(self, issued: Command) -> None:
        """Write a command down before it is sent."""
        ...

    async def answer(self, response: Response) -> bool:
        """Keep the first answer to a command; False when there is no such open command."""
        ...

    async def commands(self, agent: str, limit: int) -> Sequence[IssuedCommand]: ...
