"""Fields filled for a form engine that cannot reach the agent itself: the request waits, is answered, or expires."""

from dataclasses import dataclass, replace
from datetime import timedelta

from contract.forms.form import Form
from contract.forms.patience import patience_of
from contract.wire.base import Bilingual
from contract.wire.down import Command, CommandName
from contract.wire.intervention import Stage
from contract.wire.request import ENDED, CaptureOrder, RequestProgress, RequestState
from gateway.ports.chance import Chance, Clock
from gateway.ports.fleet import Caches
from gateway.ports.office import AbsentError, ConflictError, Office, Shelf
from gateway.ports.requests import Requested, Requests
from gateway.usecases.dispatch import Dispatch

SILENT_AFTER = timedelta(seconds=60)
"""Beyond what the agent itself waits for the fields, one that says nothing more has lost the request."""
MOST_WAITING = 50
"""Requests that may wait for one agent."""
WORKING = frozenset({Stage.ASSIGNED, Stage.STARTED, Stage.SUSPENDED})

NOT_REACHED = Bilingual(
    fr="l’agent n’a pas répondu à temps : est-il allumé et relié au réseau ?",
    en="the agent did not answer in time: is it switched on and on the network?",
)
WENT_SILENT = Bilingual(
    fr="l’agent ne dit plus rien : regardez le rapport avant de mesurer à nouveau",
    en="the agent says nothing more: look at the report before you measure again",
)


class FieldError(ValueError):
    """A field of a request cannot be filled so: its name, and the remedy."""

    def __init__(self, field: str, remedy: str) -> None:
        super().__init__(f"{field}: {remedy}")
        self.field = field
        self.remedy = remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Mediation:
    """Sends requests to the agent that an intervention was given to, and tells how they stand."""

    office: Office
    shelf: Shelf
    requests: Requests
    caches: Caches
    dispatch: Dispatch
    clock: Clock
    chance: Chance

    async def begin(self, wanted: CaptureOrder, lasts: timedelta, key: str) -> Requested:
        """Write a request down and send it; raises AbsentError, ConflictError, FieldError."""
        job = await self.office.job(wanted.intervention)
        report = job.intervention.report(wanted.report)
        if report is None:
            raise AbsentError(f"intervention {wanted.intervention} has no report {wanted.report}")
        if job.agent is None or job.stage not in WORKING:
            raise ConflictError(
                f"intervention {wanted.intervention} is {job.stage.value}: nobody is at work on it"
            )
        _check(wanted, await self.shelf.form(report.form))
        now = self.clock()
        command = Command(
            agent=job.agent,
            id=self.chance(16).hex(),
            name=CommandName.CAPTURE,
            issued=now,
            expires=now + lasts,
            capture=wanted,
        )
        new = Requested(
            command=command, key=key, progress=RequestProgress(state=RequestState.REQUESTED)
        )
        if not await self.requests.keep(new, MOST_WAITING):
            raise ConflictError(
                f"{MOST_WAITING} requests wait for agent {job.agent} already: let some end or expire first"
            )
        await self.caches.issue(command)
        self.dispatch.send(command)
        return new

    async def stands(self, id: str, key: str) -> Requested:
        """Return a request of a key as it stands now; raises AbsentError."""
        held = await self.requests.one(id)
        if held.key != key:
            raise AbsentError(f"there is no request {id}")
        reason = None if held.progress.state in ENDED else await self._overdue(held)
        if reason is None:
            return held
        # Told once, it stays so: a word of the agent that comes later opens nothing again.
        ended = _expired(held, reason)
        return ended if await self.requests.end(ended) else await self.requests.one(id)

    async def _overdue(self, held: Requested) -> Bilingual | None:
        """Return why a request is over although nobody said so; None while it may go on."""
        now = self.clock()
        if held.heard_at is None:
            return NOT_REACHED if now >= held.command.expires else None
        silent = now - held.heard_at >= SILENT_AFTER + await self._patience(held)
        return WENT_SILENT if silent else None

    async def _patience(self, held: Requested) -> timedelta:
        wanted = held.command.capture
        job = await self.office.job(wanted.intervention) if wanted else None
        report = job.intervention.report(wanted.report) if job and wanted else None
        if report is None or wanted is None:
            return timedelta()
        form = await self.shelf.form(report.form)
        return timedelta(seconds=patience_of(form, wanted.fields))


def _check(wanted: CaptureOrder, form: Form) -> None:
    if wanted.group is not None:
        raise FieldError("group", "no form has repeated groups yet: leave it out")
    for name in wanted.instruments:
        if name not in wanted.fields:
            raise FieldError(f"instruments.{name}", "is not among the fields: name it there too")
    for name in wanted.fields:
        if wanted.fields.count(name) > 1:
            raise FieldError("fields", f"{name} is named twice: name it once")
        field = form.form.properties.get(name)
        if field is None:
            raise FieldError(name, f"the form {form.id} has no such field")
        if field.measure is None or field.measure.manual:
            raise FieldError(name, "no instrument fills this field: type the answer")


def _expired(held: Requested, reason: Bilingual) -> Requested:
    ended = held.progress.model_copy(update={"state": RequestState.EXPIRED, "reason": reason})
    return replace(held, progress=ended)
