"""Requests of form engines to agents, and the keys that form engines show."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from contract.wire.down import Command, Progress
from contract.wire.request import RequestProgress


@dataclass(frozen=True, slots=True, kw_only=True)
class ApiKey:
    """A key of a program, without its secret. It opens the routes of form engines, and nothing else."""

    name: str
    origins: tuple[str, ...]
    """The pages that may use it; empty: programs without a page."""
    created_at: str
    revoked_at: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Requested:
    """A request as it stands."""

    command: Command
    key: str
    """Name of the key it was made with."""
    progress: RequestProgress
    number: int = 0
    """Of the agent's latest word; 0 before there is any."""
    heard_at: datetime | None = None


class ApiKeys(Protocol):
    """The keys."""

    async def add(self, key: ApiKey, digest: str) -> None:
        """Keep a key by the SHA-256 of its secret; raises ConflictError when the name is taken."""
        ...

    async def revoke(self, name: str) -> None:
        """Let a key open nothing more; raises AbsentError."""
        ...

    async def keys(self) -> Sequence[ApiKey]:
        """Return all, the oldest first."""
        ...

    async def found(self, digest: str) -> ApiKey | None:
        """Return the key of that secret, None for one that is not known or was revoked."""
        ...


class Requests(Protocol):
    """The requests."""

    async def keep(self, new: Requested, most: int) -> bool:
        """Write a request down before it is sent; False where so many wait for its agent already."""
        ...

    async def one(self, id: str) -> Requested:
        """Return one; raises AbsentError."""
        ...

    async def follow(self, progress: Progress, at: datetime) -> bool:
        """Keep the agent's word if it is later than what is held; False when no open request of its is meant."""
        ...

    async def end(self, ended: Requested) -> bool:
        """Keep that a request is over, unless the agent said something meanwhile: then False."""
        ...

    async def unheard(self, agent: str | None, at: datetime) -> Sequence[Command]:
        """Return the commands not yet expired that an agent, or any, has said nothing to."""
        ...
