"""The files of measurements, as the page of an intervention shows them beside each report."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from agent.usecases.files import KeptFile, Used
from agent.usecases.importing import fits
from agent.usecases.work import InterventionView, ReportView
from contract import number
from contract.forms.value import FieldState
from contract.wire.base import Bilingual
from drivers.files.measured import Measured

FILES = 10
MEASUREMENTS = 20
"""Shown of a file: its last ones, since files grow at their end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFit:
    """A field, and what the file states for it."""

    name: str
    label: Mapping[str, str]
    value: str | None
    unit: str
    status: str
    reason: str | None
    ticked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownMeasurement:
    """One measurement, for one report."""

    number: int
    place: str
    at: str | None
    who: str
    unmapped: Sequence[str]
    used: str | None
    """Where else it was taken over to."""
    fits: Sequence[ShownFit]

    @property
    def usable(self) -> bool:
        """Whether any field takes it."""
        return any(each.reason is None for each in self.fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownFile:
    """One file, for one report."""

    id: str
    sha256: str
    name: str
    mapping: str | None
    reason: str | None
    measurements: Sequence[ShownMeasurement]
    more: int
    """How many measurements are not shown."""


def files(recent: Iterable[KeptFile], view: InterventionView) -> Mapping[str, list[ShownFile]]:
    """Return, by report, the latest files with what each states for the fields of the report."""
    latest = list(recent)[:FILES]
    return {
        each.report.id: [_shown(one, view.intervention.id, each) for one in latest]
        for each in view.reports
    }


def _shown(kept: KeptFile, intervention: str, view: ReportView) -> ShownFile:
    found = kept.content.measurements if kept.content else ()
    here = Used(intervention, view.report.id)
    hidden = max(0, len(found) - MEASUREMENTS)
    return ShownFile(
        id=kept.id,
        sha256=kept.sha256,
        name=kept.name,
        mapping=kept.mapping,
        reason=kept.reason,
        measurements=[
            _measurement(each, count, view, kept.used.get(count, frozenset()) - {here})
            for count, each in enumerate(found[hidden:], start=hidden + 1)
        ],
        more=hidden,
    )


def _measurement(
    measured: Measured, count: int, view: ReportView, elsewhere: frozenset[Used]
) -> ShownMeasurement:
    who = (measured.instrument.vendor, measured.instrument.model, measured.instrument.serial)
    return ShownMeasurement(
        number=count,
        place=measured.place,
        at=measured.at,
        who=" ".join(each for each in who if each),
        unmapped=measured.unmapped,
        used=", ".join(f"{each.intervention} ({each.report})" for each in sorted(elsewhere))
        or None,
        fits=_fits(measured, view, elsewhere=bool(elsewhere)),
    )


def _fits(measured: Measured, view: ReportView, *, elsewhere: bool) -> list[ShownFit]:
    found = fits(view, measured)
    asking = Counter((each.reading.quantity, each.reading.substance) for each in found)
    return [
        ShownFit(
            name=each.field.name,
            label=_label(each.field.field.label),
            value=None if each.reading.value is None else number.write(each.reading.value),
            unit=each.reading.unit,
            status=each.reading.status,
            reason=each.reason,
            # Which of several fields it is for, whether to replace a value, or to use it again, a person says.
            ticked=each.reason is None
            and not elsewhere
            and view.values[each.field.name].state is FieldState.EMPTY
            and asking[each.reading.quantity, each.reading.substance] == 1,
        )
        for each in found
    ]


def _label(label: Bilingual) -> Mapping[str, str]:
    return {"fr": label.fr, "en": label.en}
