"""Taking captures in: what is committed together, and what became of it."""

from collections.abc import Collection, Mapping, Set
from dataclasses import dataclass
from typing import Protocol

from contract.chain import Link
from contract.signing import VerifyingKey
from contract.wire.base import Place
from contract.wire.down import Outcome

UNKNOWN_INTERVENTION = "intervention {} is not known here"
NEVER_ASSIGNED = "intervention {} was never given to this agent"


class StoreUnavailableError(Exception):
    """The database did not take it: nothing was committed, and trying later may help."""


@dataclass(frozen=True, slots=True)
class RegisteredKey:
    """A key that was registered for an owner, ready to check signatures."""

    owner: str
    verifying: VerifyingKey
    revoked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Proven:
    """A capture whose link is proved to be its agent's."""

    link: Link
    text: str
    """The link's very text."""
    hash: str
    """The link's hash."""
    sig: str
    key: str
    statement: str | None
    """None when the store cannot hold its characters; then ``fault`` says so."""
    kind: str | None = None
    intervention: str | None = None
    report: str | None = None
    awaited: tuple[Place, ...] = ()
    """With a transition ``close``: the places that must be held before the intervention is complete."""
    fault: str | None = None
    """Why it cannot be attached; None when it can."""

    @property
    def key_of_place(self) -> tuple[str, str, int, str]:
        """The identity of a capture: its place, and its hash to tell the sides of a fork apart."""
        return (self.link.agent, self.link.epoch, self.link.seq, self.hash)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Something that is kept without being believed; no receipt answers it."""

    topic: str
    agent: str | None
    body: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class Examined:
    """One message after examination."""

    topic: str
    payload: bytes
    agent: str | None
    proven: tuple[Proven, ...] = ()
    refused: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class Settled:
    """What became of one capture."""

    outcome: Outcome
    reason: str | None
    repeat: bool = False
    """It was held already."""


@dataclass(frozen=True, slots=True)
class Committed:
    """What one transaction settled. Captures of a message that the store could not hold are absent."""

    settled: Mapping[tuple[str, str, int, str], Settled]
    heads: Mapping[tuple[str, str], Place]
    """The highest place held, by agent and epoch."""


class Inbox(Protocol):
    """Where captures are committed."""

    async def commit(self, messages: Collection[Examined]) -> Committed:
        """Commit all messages in one transaction; raises StoreUnavailableError."""
        ...

    async def keys(self, ids: Collection[str]) -> Mapping[str, RegisteredKey]:
        """Return the registered keys among ``ids``."""
        ...

    async def assigned(self, pairs: Set[tuple[str, str]]) -> Set[tuple[str, str]]:
        """Return those of the pairs (intervention, agent) where the intervention was ever given to the agent."""
        ...

    async def known(self, interventions: Set[str]) -> Set[str]:
        """Return those of the interventions that exist."""
        ...

    async def advance(self, interventions: Set[str], epochs: Set[tuple[str, str]]) -> None:
        """Derive the stage again of these interventions, and of those that wait for captures of these epochs."""
        ...
