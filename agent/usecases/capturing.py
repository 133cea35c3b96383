"""From "fill these fields" to captures on disk: choose the instruments, sample, save all or nothing."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from agent.ports import Build, CaptureStore, Clock, Placing, Saved, StoreRefusedError
from agent.usecases.choosing import Chooser
from agent.usecases.drafting import Drafter
from agent.usecases.live import LiveInstrument, LiveValues
from agent.usecases.records import Pairing
from agent.usecases.sampling import Refused, Sampled, Sampler, captured
from agent.usecases.together import together
from agent.usecases.work import ReportView, UnknownError, Work, WorkError
from contract.forms.measure import Measure
from contract.forms.patience import LEAST, patience
from contract.reading import Reading
from contract.wire.base import Place
from contract.wire.captured import Technician
from contract.wire.request import ENDED, FieldStatus, RequestState
from contract.wire.statement import Measurement, Statement
from contract.words import Words

EXPIRES_AFTER = LEAST

MOST_TICKETS = 200
"""Requests that can be asked about."""


@dataclass(slots=True)
class FieldProgress:
    """How far one field is."""

    pairing: Pairing
    measure: Measure
    sampler: Sampler
    sampled: Sampled | None = None
    reason: str | None = None

    @property
    def state(self) -> FieldStatus:
        """Where the field stands within its request."""
        if self.reason is not None:
            return FieldStatus.REFUSED
        if self.sampled is not None:
            return FieldStatus.SAMPLED
        return FieldStatus.SAMPLING if self.sampler.last else FieldStatus.WAITING


@dataclass(slots=True)
class Ticket:
    """One request, as it goes."""

    id: str
    intervention: str
    report: str
    group: str | None
    by: Technician
    fields: dict[str, FieldProgress]
    state: RequestState = RequestState.REQUESTED
    reason: str | None = None
    saved: tuple[Saved, ...] = ()
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def move(self, state: RequestState, reason: str | None = None) -> None:
        """Go to a state and tell whoever waits for a change."""
        if (self.state, self.reason) != (state, reason):
            self.state, self.reason = state, reason
        self.changed.set()
        self.changed = asyncio.Event()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a person, or a form engine, wants filled."""

    intervention: str
    report: str
    fields: tuple[str, ...]
    group: str | None = None
    instruments: Mapping[str, str] = field(default_factory=dict[str, str])
    """The instrument chosen for a field, where several could serve."""


class Capturing:
    """Carries requests out. Only readings that come after a request can fill it."""

    def __init__(
        self,
        *,
        work: Work,
        captures: CaptureStore,
        live: LiveValues,
        drafter: Drafter,
        clock: Clock,
        chooser: Chooser,
        new_id: Callable[[], str],
        saved: Callable[[str], None],
    ) -> None:
        self._work = work
        self._captures = captures
        self._live = live
        self._drafter = drafter
        self._clock = clock
        self._chooser = chooser
        self._new_id = new_id
        self._saved = saved
        self._tickets: dict[str, Ticket] = {}

    def ticket(self, id: str) -> Ticket:
        """Return a request of this session; raises UnknownError."""
        ticket = self._tickets.get(id)
        if ticket is None:
            raise UnknownError("capture", Words("there is no request {id}", id=id))
        return ticket

    async def begin(self, asked: Asked, by: Technician) -> Ticket:
        """Check a request and give it an id; raises WorkError that names the field. ``carry_out`` does the rest."""
        view = await self._work.open_report(asked.intervention, asked.report)
        if not asked.fields:
            raise WorkError("fields", Words("name at least one field of the form"))
        if twice := next((each for each in asked.fields if asked.fields.count(each) > 1), None):
            raise WorkError("fields", Words("{field} is named twice: name it once", field=twice))
        names = together(view.form, view.values, asked.fields)
        fields = {name: self._prepare(view, asked, name) for name in names}
        ticket = Ticket(self._new_id(), asked.intervention, asked.report, asked.group, by, fields)
        self._make_room()
        self._tickets[ticket.id] = ticket
        return ticket

    def _make_room(self) -> None:
        """Forget the request that ended longest ago; raises WorkError when so many are still going on."""
        if len(self._tickets) < MOST_TICKETS:
            return
        ended = next((each.id for each in self._tickets.values() if each.state in ENDED), None)
        if ended is None:
            raise WorkError(
                "fields",
                Words("{count} requests are under way: wait for one to end", count=MOST_TICKETS),
            )
        del self._tickets[ended]

    def _prepare(self, view: ReportView, asked: Asked, name: str) -> FieldProgress:
        form_field = view.form.form.properties.get(name)
        if form_field is None:
            raise UnknownError(name, Words("the form {form} has no such field", form=view.form.id))
        if form_field.measure is None or form_field.measure.manual:
            raise WorkError(name, Words("no instrument fills this field: type the answer"))
        pairing = self._chooser.choose(name, form_field.measure, asked.instruments.get(name))
        self._chooser.check(name, form_field.measure, pairing)
        return FieldProgress(pairing, form_field.measure, Sampler(form_field.measure))

    async def carry_out(self, ticket: Ticket) -> None:
        """Wait for the readings and save; the outcome, good or bad, is the ticket's state."""
        heard: asyncio.Queue[tuple[str, tuple[Reading, ...], float]] = asyncio.Queue()

        def listen(instrument: str, readings: tuple[Reading, ...], came: float) -> None:
            heard.put_nowait((instrument, readings, came))

        ticket.move(RequestState.WAITING)
        limit = patience((each.measure for each in ticket.fields.values()), EXPIRES_AFTER)
        try:
            with self._live.listening(listen):
                async with asyncio.timeout(limit):
                    while not self._take(ticket, *await heard.get()):
                        pass
        except TimeoutError:
            ticket.move(RequestState.EXPIRED, self._why_expired(ticket))
            return
        if ticket.state is RequestState.STABLE:
            await self._save(ticket)

    def _take(
        self, ticket: Ticket, instrument: str, readings: tuple[Reading, ...], came: float
    ) -> bool:
        """Offer readings to the fields that wait for them; tell whether the sampling is over."""
        for name, progress in ticket.fields.items():
            if progress.sampled is not None or progress.pairing.instrument != instrument:
                continue
            for reading in readings:
                if (reading.quantity, reading.substance) == (
                    progress.measure.quantity,
                    progress.measure.substance,
                ):
                    sample = progress.sampler.take(reading, came)
                    if isinstance(sample, Refused):
                        ticket.move(RequestState.REJECTED, _at(name, sample.reason))
                        progress.reason = sample.reason
                        return True
                    progress.sampled = sample or progress.sampled
                    ticket.move(RequestState.SAMPLING)
        if all(each.sampled for each in ticket.fields.values()):
            ticket.move(RequestState.STABLE)
            return True
        return False

    def _why_expired(self, ticket: Ticket) -> str:
        reasons: list[Words] = []
        for name, progress in ticket.fields.items():
            if progress.sampled is None:
                live = self._live.of(progress.pairing.instrument)
                if not live.connected:
                    progress.reason = Words(
                        "{model} is not connected", model=progress.pairing.called
                    )
                elif progress.sampler.spread is not None:
                    progress.reason = Words(
                        "not stable: the last values lie {spread} {unit} apart; keep still, and measure again",
                        spread=progress.sampler.spread,
                        unit=Words(progress.measure.unit),
                    )
                else:
                    progress.reason = live.reason or _unstated(progress, live)
                reasons.append(_at(name, progress.reason))
        return _together(reasons)

    async def _save(self, ticket: Ticket) -> None:
        ticket.move(RequestState.CAPTURED)
        by_instrument: dict[str, list[str]] = {}
        for name, progress in ticket.fields.items():
            by_instrument.setdefault(progress.pairing.instrument, []).append(name)
        try:
            async with self._work.turn:
                # The office may have withdrawn it, or the technician closed it, while the values settled.
                view = await self._work.open_report(ticket.intervention, ticket.report)
                _still_asked(view, ticket)
                builds = [await self._build(ticket, names) for names in by_instrument.values()]
                ticket.saved = tuple(await self._captures.append(ticket.intervention, builds))
        except (StoreRefusedError, WorkError) as error:
            ticket.move(RequestState.REJECTED, error.args[0])
            return
        ticket.move(RequestState.ACCEPTED)
        self._saved(ticket.intervention)

    async def _build(self, ticket: Ticket, names: list[str]) -> Build:
        replaces = await self._work.answered(ticket.intervention, ticket.report, names)
        progress = {name: ticket.fields[name] for name in names}

        def build(_: Placing) -> Statement:
            return self._measurement(ticket, progress, replaces)

        return build

    def _measurement(
        self, ticket: Ticket, fields: Mapping[str, FieldProgress], replaces: tuple[Place, ...]
    ) -> Measurement:
        pairing = next(iter(fields.values())).pairing
        return Measurement(
            **self._drafter.common(ticket.intervention, ticket.by, replaces),
            report=ticket.report,
            group=ticket.group,
            instrument=self._drafter.instrument(
                pairing, [each.measure.quantity for each in fields.values()]
            ),
            readings=tuple(
                captured(name, each.sampled) for name, each in fields.items() if each.sampled
            ),
        )


def _still_asked(view: ReportView, ticket: Ticket) -> None:
    """Raise WorkError unless the form asks for the same fields as when the request began."""
    names = together(view.form, view.values, ticket.fields)
    if set(names) != set(ticket.fields):
        raise WorkError(
            "fields", Words("the form asks for other fields by now: look, and measure again")
        )


def _unstated(progress: FieldProgress, live: LiveInstrument) -> Words:
    model, measure = progress.pairing.called, progress.measure
    stated = {substance for quantity, substance in live.latest if quantity is measure.quantity}
    others = sorted(each for each in stated if each is not None and each != measure.substance)
    if others:
        return Words(
            "{model} states {others}, and the form wants {substance}: choose it on the instrument",
            model=model,
            others=", ".join(others),
            substance=measure.substance,
        )
    return Words("{model} stated no value: start the measurement on it", model=model)


def _at(field: str, reason: str) -> Words:
    return Words("{field}: {reason}", field=field, reason=reason)


def _together(reasons: list[Words]) -> Words:
    first, *others = reasons or [Words("nothing was stated")]
    for each in others:
        first = Words("{first}; {then}", first=first, then=each)
    return first
