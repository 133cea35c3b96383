"""Interventions, their assignment, and forms."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Generic, Protocol, TypeVar

from contract.forms.form import Form
from contract.wire.base import Place
from contract.wire.intervention import FormReference, Intervention, Stage

Item = TypeVar("Item")


class ConflictError(Exception):
    """The office asked for something that contradicts what is held; the message says what and why."""


class AbsentError(Exception):
    """There is no such thing; the message names it."""


class CursorError(ValueError):
    """A cursor is not one this list gave."""


@dataclass(frozen=True, slots=True)
class Awaited:
    """A place that a closed intervention still waits for."""

    agent: str
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """An intervention, and where it stands."""

    intervention: Intervention
    stage: Stage
    agent: str | None
    revision: int
    created_at: str
    awaited: tuple[Awaited, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """What one agent is to be told about one intervention, forms first."""

    agent: str
    revision: int
    withdrawn: bool
    intervention: Intervention
    forms: tuple[Form, ...] = ()


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Part of a list; ``next`` is the cursor of what follows, None at the end."""

    items: Sequence[Item]
    next: str | None


class Kept(Enum):
    """Whether something was new."""

    NEW = auto()
    SAME = auto()


class Office(Protocol):
    """The interventions. Every method raises StoreUnavailableError when the database cannot be reached."""

    async def create(self, new: Intervention) -> Kept:
        """Keep a new intervention; raises ConflictError when its id is taken by another, AbsentError for a form."""
        ...

    async def job(self, id: str) -> Job:
        """Return one; raises AbsentError."""
        ...

    async def jobs(self, cursor: str | None, limit: int) -> Page[Job]: ...

    async def assign(self, id: str, name: str) -> Job:
        """Give it to an agent; raises AbsentError, ConflictError."""
        ...

    async def cancel(self, id: str) -> Job:
        """Cancel it; raises AbsentError, ConflictError."""
        ...


class Orders(Protocol):
    """What agents are to be told."""

    async def orders(
        self, *, agent: str | None = None, intervention: str | None = None
    ) -> Sequence[Order]:
        """Return the standing orders, of one agent or about one intervention, or all of them."""
        ...


class Shelf(Protocol):
    """The form versions."""

    async def keep(self, new: Form) -> Kept:
        """Keep a form version; raises ConflictError when it is held with another content."""
        ...

    async def form(self, reference: FormReference) -> Form:
        """Return one; raises AbsentError."""
        ...

    async def forms(self, cursor: str | None, limit: int) -> Page[Form]: ...
