"""Requests that a form engine makes by way of the gateway, and the word that goes back of how they go."""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from agent.ports import Clock
from agent.usecases.capturing import Asked, Capturing, FieldProgress, Ticket
from agent.usecases.work import WorkError
from contract.wire.base import Bilingual, Place
from contract.wire.captured import Technician
from contract.wire.down import Command, Progress
from contract.wire.request import ENDED, FieldStatus, RequestProgress, RequestState
from contract.wire.request import FieldProgress as Told
from contract.words import Words

AT_MOST_EVERY = 0.25
"""Seconds between two words of one request: for eyes, not for records."""

Spawn = Callable[[Coroutine[Any, Any, None]], object]
Translate = Callable[[str], Bilingual]
"""Says a reason in both languages."""


class RemoteCapturing:
    """Carries out what commands ask for, in the name of the technician who is signed in on the device."""

    def __init__(
        self,
        *,
        agent: str,
        capturing: Capturing,
        signed_in: Callable[[], Technician | None],
        tell: Callable[[Progress], None],
        translate: Translate,
        clock: Clock,
        spawn: Spawn,
    ) -> None:
        self._agent = agent
        self._capturing = capturing
        self._signed_in = signed_in
        self._tell = tell
        self._translate = translate
        self._clock = clock
        self._spawn = spawn

    async def order(self, command: Command) -> str:
        """Take a request on and say so; how it goes is told from then on."""
        if command.capture is None:
            raise KeyError("capture")
        by = self._signed_in()
        if by is None:
            reason = Words("nobody is signed in on the device: sign in there")
            self._refuse(command, reason)
            return "refused"
        wanted = command.capture
        asked = Asked(
            intervention=wanted.intervention,
            report=wanted.report,
            fields=wanted.fields,
            group=wanted.group,
            instruments=wanted.instruments,
        )
        try:
            ticket = await self._capturing.begin(asked, by)
        except WorkError as error:
            at_fault = [each for each in wanted.fields if each == error.field]
            self._refuse(command, error.words, dict.fromkeys(at_fault, error.remedy))
            return "refused"
        self._spawn(self._capturing.carry_out(ticket))
        self._spawn(self._follow(command, ticket))
        return "taken on"

    def _refuse(
        self, command: Command, reason: str, fields: Mapping[str, str] | None = None
    ) -> None:
        told = RequestProgress(
            state=RequestState.REJECTED,
            reason=self._translate(reason),
            fields={
                name: Told(state=FieldStatus.REFUSED, reason=self._translate(each))
                for name, each in (fields or {}).items()
            },
        )
        self._say(command, 1, told)

    async def _follow(self, command: Command, ticket: Ticket) -> None:
        """Tell every change, though not each of many at once, and the end for certain."""
        number = 1
        while True:
            changed = ticket.changed
            self._say(command, number, self._progress(ticket))
            if ticket.state in ENDED:
                return
            number += 1
            await asyncio.sleep(AT_MOST_EVERY)
            await changed.wait()

    def _say(self, command: Command, number: int, progress: RequestProgress) -> None:
        now = self._clock.now()
        self._tell(
            Progress(
                agent=self._agent, command=command.id, number=number, at=now, progress=progress
            )
        )

    def _progress(self, ticket: Ticket) -> RequestProgress:
        return RequestProgress(
            state=ticket.state,
            reason=self._translate(ticket.reason) if ticket.reason else None,
            fields={name: self._field(each) for name, each in ticket.fields.items()},
            captures=tuple(
                Place(epoch=each.link.epoch, seq=each.link.seq) for each in ticket.saved
            ),
        )

    def _field(self, field: FieldProgress) -> Told:
        reading = field.sampled.reading if field.sampled else field.sampler.last
        return Told(
            state=field.state,
            instrument=field.pairing.instrument,
            vendor=field.pairing.vendor,
            model=field.pairing.model,
            serial=field.pairing.serial or field.pairing.stated_serial,
            value=reading.value if reading else None,
            unit=reading.unit if reading else None,
            status=reading.status if reading else None,
            spread=field.sampler.spread,
            reason=self._translate(field.reason) if field.reason else None,
        )
