"""What the routes work with."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated

from fastapi import Depends, Path, Query, Request

from contract.signing import SigningKey
from gateway.ports.archive import Archive, Quarantine, Recent
from gateway.ports.feed import Feed
from gateway.ports.fleet import Caches, Registry
from gateway.ports.line import Down
from gateway.ports.office import Office, Shelf
from gateway.ports.official import Official
from gateway.ports.typesetting import Typesetter
from gateway.usecases.dispatch import Dispatch
from gateway.usecases.export import Exporter
from gateway.usecases.keys import Keyring
from gateway.usecases.mediation import Mediation
from gateway.usecases.sequencer import Sequencer


@dataclass(frozen=True, slots=True, kw_only=True)
class Papers:
    """What printed reports are made with."""

    typesetter: Typesetter
    public_url: str
    """Where readers reach this gateway, without a slash at its end."""
    zone: tzinfo
    """Of the times on paper."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything behind the API of one tenant."""

    tenant: str
    key: SigningKey
    office: Office
    shelf: Shelf
    registry: Registry
    caches: Caches
    archive: Archive
    recent: Recent
    quarantine: Quarantine
    feed: Feed
    dispatch: Dispatch
    exporter: Exporter
    papers: Papers
    official: Official
    mediation: Mediation
    keyring: Keyring
    sequencer: Sequencer
    down: Down
    store_answers: Callable[[], bool]
    metrics: Callable[[], bytes]


def services_of(request: Request) -> Services:
    """Return the services of the application a request came to."""
    found: Services = request.app.state.services
    return found


Here = Annotated[Services, Depends(services_of)]
Id = Annotated[str, Path(pattern=r"^[a-z0-9-]{1,64}$", description="a-z, 0-9 and '-', at most 64")]


@dataclass(frozen=True, slots=True)
class Paging:
    """Which part of a list is wanted."""

    cursor: Annotated[str | None, Query(max_length=1000)] = None
    limit: Annotated[int, Query(ge=1, le=200)] = 50


Part = Annotated[Paging, Depends()]
