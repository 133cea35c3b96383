"""Codes that scanners read: kept at hand until a person says which field they are for."""

from collections import deque
from dataclasses import dataclass

from agent.ports import CaptureStore, Clock, Placing, Saved
from agent.usecases.codes import Element, elements
from agent.usecases.drafting import Drafter
from agent.usecases.records import Pairing
from agent.usecases.work import UnknownError, Work, WorkError
from contract.forms.answers import fault
from contract.wire.captured import Technician
from contract.wire.statement import Scan, Statement
from contract.words import Words

KEPT = 50


@dataclass(frozen=True, slots=True)
class Scanned:
    """One code, as read."""

    id: int
    text: str
    aim: str | None
    """Identifier of the symbology, where the scanner states it."""
    elements: tuple[Element, ...]
    pairing: Pairing
    elapsed: float

    def part(self, identifier: str | None) -> str:
        """Return the whole code, or the value of one of its elements; raises WorkError."""
        if identifier is None:
            return self.text
        for each in self.elements:
            if each.identifier == identifier:
                return each.value
        raise WorkError("element", Words("the code has no element {element}", element=identifier))


class Scans:
    """The latest codes, and their way into a report."""

    def __init__(self, work: Work, captures: CaptureStore, drafter: Drafter, clock: Clock) -> None:
        self._work = work
        self._captures = captures
        self._drafter = drafter
        self._clock = clock
        self._recent: deque[Scanned] = deque(maxlen=KEPT)
        self._count = 0

    def scanned(self, pairing: Pairing, text: str, aim: str | None = None) -> None:
        """Take a code in."""
        self._count += 1
        self._recent.append(
            Scanned(self._count, text, aim, elements(text, aim), pairing, self._clock.elapsed())
        )

    def recent(self) -> list[Scanned]:
        """Return the latest codes, newest first."""
        return list(reversed(self._recent))

    async def attach(
        self,
        scan: int,
        intervention: str,
        report: str,
        field: str,
        by: Technician,
        *,
        element: str | None = None,
    ) -> Saved:
        """Save a code, or one element of it, as the answer of a field; raises WorkError."""
        code = next((each for each in self._recent if each.id == scan), None)
        if code is None:
            raise UnknownError(
                "scan", Words("there is no recent code {scan}: scan it again", scan=scan)
            )
        text = code.part(element)
        async with self._work.turn:
            await self._check_field(intervention, report, field, text)
            replaces = await self._work.answered(intervention, report, [field])

            def build(_: Placing) -> Statement:
                return Scan(
                    **self._drafter.common(intervention, by, replaces),
                    report=report,
                    field=field,
                    text=text,
                    symbology=code.aim,
                    element=element,
                    code=None if element is None else code.text,
                    instrument=self._drafter.instrument(code.pairing),
                )

            [saved] = await self._captures.append(intervention, [build])
        return saved

    async def _check_field(self, intervention: str, report: str, field: str, text: str) -> None:
        view = await self._work.open_report(intervention, report)
        described = view.form.form.properties.get(field)
        if described is None:
            raise UnknownError("field", Words("the form has no field {field}", field=field))
        if described.measure is not None or described.type != "string":
            raise WorkError("field", Words("{field} does not take a code", field=field))
        wrong = fault(described, text, None)
        if wrong is not None:
            raise WorkError(field, wrong)
