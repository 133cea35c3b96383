"""Fields filled for a form engine that cannot reach the agent itself: the request waits, is answered, or expires."""

from dataclasses import dataclass, replace
from datetime import timedelta

from contract.forms.form import Form
from contract.wire.base import Bilingual
from contract.wire.down import Command, CommandName
from contract.wire.intervention import Stage
from contract.wire.request import ENDED, CaptureOrder, RequestProgress, RequestState
from gateway.ports.chance import Chance, Clock
from gateway.ports.fleet import Caches
from gateway.ports.office import AbsentError, ConflictError, Office, Shelf
from gateway.ports.requests import Requested, Requests
from gateway.usecases.dispatch import Dispatch

SILENT_AFTER = timedelta(seconds=120)
"""Beyond the longest window of the fields, an agent that says nothing more has lost the request."""
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
        if len(await self.requests.unheard(job.agent, now)) >= MOST_WAITING:
            raise ConflictError(
                f"{MOST_WAITING} requests wait for agent {job.agent} already: let some end or expire first"
            )
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
        await self.requests.keep(new)
        await self.caches.issue(command)
        self.dispatch.send(command)
        return new

    async def stands(self, id: str, key: str) -> Requested:
        """Return a request of a key as it stands now; raises AbsentError."""
        held = await self.requests.one(id)
        if held.key != key:
            raise AbsentError(f"there is no request {id}")
        return await self._overdue(held)

    async def _overdue(self, held: Requested) -> Requested:
        if held.progress.state in ENDED:
            return held
        now = self.clock()
        if held.heard_at is None:
            return _expired(held, NOT_REACHED) if now >= held.command.expires else held
        silent = now - held.heard_at >= SILENT_AFTER + await self._longest(held)
        return _expired(held, WENT_SILENT) if silent else held

    async def _longest(self, held: Requested) -> timedelta:
        wanted = held.command.capture
        job = await self.office.job(wanted.intervention) if wanted else None
        report = job.intervention.report(wanted.report) if job and wanted else None
        if report is None or wanted is None:
            return timedelta()
        fields = (await self.shelf.form(report.form)).form.properties
        named = [fields[each].measure for each in wanted.fields if each in fields]
        windows = [each.capture.window or 0 for each in named if each is not None]
        return timedelta(seconds=max(windows, default=0))


def _check(wanted: CaptureOrder, form: Form) -> None:
    for name in wanted.fields:
        field = form.form.properties.get(name)
        if field is None:
            raise FieldError(name, f"the form {form.id} has no such field")
        if field.measure is None or field.measure.manual:
            raise FieldError(name, "no instrument fills this field: type the answer")


def _expired(held: Requested, reason: Bilingual) -> Requested:
    ended = held.progress.model_copy(update={"state": RequestState.EXPIRED, "reason": reason})
    return replace(held, progress=ended)
