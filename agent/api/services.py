"""What the API needs of the agent."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from agent.api.callback import Returning
from agent.ports import CaptureStore, Clock, Uplink
from agent.usecases.capturing import Capturing
from agent.usecases.changes import Changes
from agent.usecases.choosing import Chooser
from agent.usecases.importing import Importing
from agent.usecases.live import LiveValues
from agent.usecases.payments.taking import Payments
from agent.usecases.procedures import Procedures
from agent.usecases.records import WorkRecords
from agent.usecases.roster import Roster
from agent.usecases.scans import Scans
from agent.usecases.signing import Signing
from agent.usecases.signing_in import SignIn
from agent.usecases.work import Work
from contract.instrument import InstrumentIdentity
from drivers.catalog import Catalogue


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """The use cases behind the routes."""

    agent: str
    version: str
    clock: Clock
    sign_in: SignIn
    roster: Roster
    live: LiveValues
    work: Work
    forms: WorkRecords
    captures: CaptureStore
    capturing: Capturing
    chooser: Chooser
    catalogue: Catalogue
    scans: Scans
    importing: Importing
    procedures: Procedures
    signing: Signing
    returning: Returning
    payments: Payments
    changes: Changes
    uplink: Uplink
    rescan: Callable[[], None]
    absent: Callable[[], list[InstrumentIdentity]]
    """Instruments that the settings put somewhere, and nothing is there."""
    saved: Callable[[str], None]
    """Told the intervention of every capture that a route saved."""
    spawn: Callable[[Coroutine[Any, Any, None]], object]
