"""From "fill these fields" to captures on disk: choose the instruments, sample, save all or nothing."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from agent.ports import Build, CaptureStore, Clock, Placing, Saved, StoreRefusedError
from agent.usecases.drafting import Drafter
from agent.usecases.live import LiveValues
from agent.usecases.records import Pairing
from agent.usecases.sampling import Refused, Sampled, Sampler
from agent.usecases.work import ReportView, UnknownError, Work, WorkError
from contract.forms.measure import Measure
from contract.instrument import CalibrationState
from contract.reading import Reading
from contract.wire.base import Place
from contract.wire.statement import CapturedReading, Measurement, Method, Statement, Technician
from drivers.catalog import BY_SLUG

EXPIRES_AFTER = 30.0
"""Seconds; a window for mean or max comes on top."""

MOST_TICKETS = 200
"""Requests that can be asked about."""


class State(StrEnum):
    """Where a request stands."""

    REQUESTED = "requested"
    WAITING = "waiting"
    """No instrument has said anything yet."""
    SAMPLING = "sampling"
    STABLE = "stable"
    """Every field has its value."""
    CAPTURED = "captured"
    """Signed, on its way to the disk."""
    ACCEPTED = "accepted"
    """On disk."""
    REJECTED = "rejected"
    EXPIRED = "expired"


ENDED = frozenset({State.ACCEPTED, State.REJECTED, State.EXPIRED})


@dataclass(slots=True)
class FieldProgress:
    """How far one field is."""

    pairing: Pairing
    measure: Measure
    sampler: Sampler
    sampled: Sampled | None = None
    reason: str | None = None


@dataclass(slots=True)
class Ticket:
    """One request, as it goes."""

    id: str
    intervention: str
    report: str
    group: str | None
    by: Technician
    fields: dict[str, FieldProgress]
    state: State = State.REQUESTED
    reason: str | None = None
    saved: tuple[Saved, ...] = ()
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def move(self, state: State, reason: str | None = None) -> None:
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
        paired: Callable[[], list[Pairing]],
        new_id: Callable[[], str],
        saved: Callable[[str], None],
    ) -> None:
        self._work = work
        self._captures = captures
        self._live = live
        self._drafter = drafter
        self._clock = clock
        self._paired = paired
        self._new_id = new_id
        self._saved = saved
        self._tickets: dict[str, Ticket] = {}

    def ticket(self, id: str) -> Ticket:
        """Return a request of this session; raises UnknownError."""
        ticket = self._tickets.get(id)
        if ticket is None:
            raise UnknownError("capture", f"there is no request {id}")
        return ticket

    async def begin(self, asked: Asked, by: Technician) -> Ticket:
        """Check a request and give it an id; raises WorkError that names the field. ``carry_out`` does the rest."""
        view = await self._work.open_report(asked.intervention, asked.report)
        if not asked.fields:
            raise WorkError("fields", "name at least one field of the form")
        fields = {name: self._prepare(view, asked, name) for name in asked.fields}
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
            raise WorkError("fields", f"{MOST_TICKETS} requests are under way: wait for one to end")
        del self._tickets[ended]

    def _prepare(self, view: ReportView, asked: Asked, name: str) -> FieldProgress:
        form_field = view.form.form.properties.get(name)
        if form_field is None:
            raise UnknownError(name, f"the form {view.form.id} has no such field")
        if form_field.measure is None:
            raise WorkError(name, "no instrument fills this field: type the answer")
        pairing = self._choose(name, form_field.measure, asked.instruments.get(name))
        self._check_instrument(name, form_field.measure, pairing)
        return FieldProgress(pairing, form_field.measure, Sampler(form_field.measure))

    def _choose(self, name: str, measure: Measure, chosen: str | None) -> Pairing:
        paired = self._paired()
        if chosen is not None and chosen not in {each.instrument for each in paired}:
            raise WorkError(name, f"{chosen} is not paired: pair it first")
        able = [
            each
            for each in paired
            if measure.quantity in BY_SLUG[each.slug].quantities
            and measure.role in {None, each.role}
            and chosen in {None, each.instrument}
        ]
        role = f" with the role {measure.role!r}" if measure.role else ""
        if not able:
            raise WorkError(name, f"no paired instrument{role} states {measure.quantity}")
        speaking = [
            each
            for each in able
            if (measure.quantity, measure.substance) in self._live.of(each.instrument).latest
        ]
        serving = speaking or able
        if len(serving) > 1:
            names = ", ".join(each.instrument for each in serving)
            raise WorkError(name, f"several instruments could serve: choose one of {names}")
        return serving[0]

    def _check_instrument(self, name: str, measure: Measure, pairing: Pairing) -> None:
        zeroed = self._drafter.zeroed(pairing, [measure.quantity])
        if measure.instrument.zeroed is not None and zeroed is False:
            raise WorkError(
                name, f"{pairing.model} was not zeroed since it was switched on: zero it"
            )
        if measure.instrument.calibrated is None:
            return
        state = self._drafter.calibrated(pairing).state
        if pairing.weak:
            raise WorkError(
                name, f"{pairing.model} states no serial: its calibration proves nothing"
            )
        if state is not CalibrationState.VALID:
            raise WorkError(name, f"the calibration of {pairing.model} is {state}")

    async def carry_out(self, ticket: Ticket) -> None:
        """Wait for the readings and save; the outcome, good or bad, is the ticket's state."""
        heard: asyncio.Queue[tuple[str, tuple[Reading, ...], float]] = asyncio.Queue()

        def listen(instrument: str, readings: tuple[Reading, ...], came: float) -> None:
            heard.put_nowait((instrument, readings, came))

        ticket.move(State.WAITING)
        windows = [each.measure.capture.window or 0 for each in ticket.fields.values()]
        ages = [each.measure.maxage for each in ticket.fields.values()]
        limit = max(EXPIRES_AFTER, *ages) + max(windows)
        try:
            with self._live.listening(listen):
                async with asyncio.timeout(limit):
                    while not self._take(ticket, *await heard.get()):
                        pass
        except TimeoutError:
            ticket.move(State.EXPIRED, self._why_expired(ticket))
            return
        if ticket.state is State.STABLE:
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
                        ticket.move(State.REJECTED, f"{name}: {sample.reason}")
                        progress.reason = sample.reason
                        return True
                    progress.sampled = sample or progress.sampled
                    ticket.move(State.SAMPLING)
        if all(each.sampled for each in ticket.fields.values()):
            ticket.move(State.STABLE)
            return True
        return False

    def _why_expired(self, ticket: Ticket) -> str:
        reasons: list[str] = []
        for name, progress in ticket.fields.items():
            if progress.sampled is None:
                live = self._live.of(progress.pairing.instrument)
                if not live.connected:
                    progress.reason = f"{progress.pairing.model} is not connected"
                elif progress.sampler.spread is not None:
                    progress.reason = (
                        f"not stable: the last values lie {progress.sampler.spread} apart"
                    )
                else:
                    progress.reason = live.reason or f"{progress.pairing.model} stated no value"
                reasons.append(f"{name}: {progress.reason}")
        return "; ".join(reasons)

    async def _save(self, ticket: Ticket) -> None:
        ticket.move(State.CAPTURED)
        by_instrument: dict[str, list[str]] = {}
        for name, progress in ticket.fields.items():
            by_instrument.setdefault(progress.pairing.instrument, []).append(name)
        try:
            async with self._work.turn:
                # The office may have withdrawn it, or the technician closed it, while the values settled.
                await self._work.open_report(ticket.intervention, ticket.report)
                builds = [await self._build(ticket, names) for names in by_instrument.values()]
                ticket.saved = tuple(await self._captures.append(ticket.intervention, builds))
        except (StoreRefusedError, WorkError) as error:
            ticket.move(State.REJECTED, str(error))
            return
        ticket.move(State.ACCEPTED)
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
                _captured(name, each.sampled) for name, each in fields.items() if each.sampled
            ),
        )


def _captured(name: str, sampled: Sampled) -> CapturedReading:
    reading = sampled.reading
    return CapturedReading(
        field=name,
        quantity=reading.quantity,
        value=reading.value,
        unit=reading.unit,
        status=reading.status,
        substance=reading.substance,
        detail=reading.detail,
        method=sampled.method if reading.value is not None else Method.INSTANT,
        frames=sampled.frames,
    )
