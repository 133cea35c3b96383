"""What the routes give."""

from dataclasses import asdict
from datetime import datetime

from agent.api import models_files, models_procedures, models_signatures
from agent.api.services import Services
from agent.ports import Saved, Sighting
from agent.usecases.live import Heard, LiveInstrument
from agent.usecases.records import Pairing, today
from agent.usecases.scans import Scanned
from agent.usecases.work import InterventionView, ReportView
from contract import number
from contract.forms.asked import Wanted, wanted
from contract.forms.form import Form, NamedField, fields, members
from contract.forms.value import FieldValue
from contract.wire.captured import ClockReading
from contract.wire.statement import Entry
from drivers.kit.description import (
    BroadcastLink,
    Instrument,
    ModbusLink,
    RfcommLink,
    SerialLink,
    UsbLink,
)
from drivers.kit.dialogue import Act

Json = dict[str, object]


def instrument(
    uses: Services, id: str, pairing: Pairing | None, sighting: Sighting | None
) -> Json:
    """Return an instrument, seen or paired or both."""
    known = pairing or (sighting.identity if sighting else None)
    driver = uses.catalogue[known.slug if known else ""]
    state = uses.live.of(id) if pairing else LiveInstrument()
    serial = known.serial if known else None
    if pairing is not None:
        serial = pairing.serial or pairing.stated_serial
    return {
        "id": id,
        "slug": driver.slug,
        "vendor": known.vendor if known else None,
        "model": known.model if known else None,
        "serial": serial,
        "address": known.address if known else None,
        "weak": serial is None,
        **_kind(driver, state),
        **_whereabouts(pairing, sighting, state),
        **_pairing(uses, pairing, state),
        **_live(driver, state),
        "readings": [_reading(uses, each) for each in state.latest.values()],
    }


def _kind(driver: Instrument, state: LiveInstrument) -> Json:
    return {
        "quantities": sorted(driver.quantities),
        "key_size": key_size(driver),
        "grade": driver.grade,
        "acts": sorted(_acts(driver, state)),
    }


def _whereabouts(
    pairing: Pairing | None, sighting: Sighting | None, state: LiveInstrument
) -> Json:
    medium = sighting.medium if sighting else pairing.medium if pairing else None
    return {
        "hangs": medium in HANGING,
        "near": sighting is not None or state.connected,
        "rssi": sighting.rssi if sighting else None,
    }


HANGING = frozenset({SerialLink.medium, ModbusLink.medium, RfcommLink.medium, UsbLink.medium})
"""Where an instrument hangs there is a place to look at, and no nearness."""


def _pairing(uses: Services, pairing: Pairing | None, state: LiveInstrument) -> Json:
    return {
        "paired": pairing is not None,
        "role": pairing.role if pairing else None,
        "has_key": pairing is not None and pairing.bind_key is not None,
        "calibration": _calibration(uses, pairing) if pairing else None,
        "reason": state.reason if pairing else None,
    }


def _live(driver: Instrument, state: LiveInstrument) -> Json:
    return {
        "connected": state.connected,
        "stranger": state.stranger,
        "zeroed": _zeroed(driver, state),
        "fuel": state.fuel,
        "unmapped": sorted(state.unmapped),
        "rejected": state.rejected,
        "skipped": state.skipped,
    }


def _reading(uses: Services, heard: Heard) -> Json:
    reading = heard.reading
    return {
        "quantity": reading.quantity,
        "substance": reading.substance,
        "value": None if reading.value is None else number.write(reading.value),
        "unit": reading.unit,
        "status": reading.status,
        "age": round(uses.clock.elapsed() - heard.elapsed, 1),
    }


def _acts(driver: Instrument, state: LiveInstrument) -> frozenset[Act]:
    """Return what a person may have it do; zeroing is offered only where what it states can be zeroed."""
    stated = {quantity for quantity, _ in state.latest}
    return driver.acts - {Act.ZERO} if stated and driver.zeroed.isdisjoint(stated) else driver.acts


def key_size(driver: Instrument) -> int | None:
    """Return the bytes of the key that a person gives at pairing; None for an instrument that encrypts nothing."""
    sizes = (link.key_size for link in driver.links if isinstance(link, BroadcastLink))
    return next(sizes, None)


def _zeroed(driver: Instrument, state: LiveInstrument) -> bool | None:
    stated = {quantity for quantity, _ in state.latest}
    return None if driver.zeroed.isdisjoint(stated) else state.zeroed


def _calibration(uses: Services, pairing: Pairing) -> Json:
    return {
        "state": pairing.calibration.state(today(uses.clock.now())),
        "on": pairing.calibrated_on,
        "due": pairing.calibration_due,
        "certificate": pairing.certificate,
    }


def instruments(uses: Services) -> list[Json]:
    """Return all instruments, the paired ones first."""
    near = {each.identity.id: each for each in uses.roster.near()}
    paired = {each.instrument: each for each in uses.roster.paired()}
    order = [*sorted(paired), *sorted(near.keys() - paired.keys())]
    return [instrument(uses, each, paired.get(each), near.get(each)) for each in order]


def one_instrument(uses: Services, id: str) -> Json:
    """Return one instrument by its id."""
    paired = next((each for each in uses.roster.paired() if each.instrument == id), None)
    near = next((each for each in uses.roster.near() if each.identity.id == id), None)
    return instrument(uses, id, paired, near)


def saved(capture: Saved) -> Json:
    """Return where a capture stands."""
    return {
        "epoch": capture.link.epoch,
        "seq": capture.link.seq,
        "link": capture.link.hash,
        "kind": capture.statement.kind,
        "at": capture.statement.at,
        "outcome": capture.outcome,
        "reason": capture.reason,
    }


def field(described: NamedField, value: FieldValue, asked: Wanted) -> Json:
    """Return one field of a report with its value."""
    instrument = value.instrument
    measure = described.field.measure
    return {
        "name": described.name,
        "label": described.field.label.model_dump(),
        "section": described.section.model_dump() if described.section else None,
        "type": described.field.type,
        "format": (described.field.model_extra or {}).get("format"),
        "hint": described.field.hint.model_dump() if described.field.hint else None,
        "asked": asked.asked,
        "required": asked.required,
        "because": asked.because.model_dump() if asked.because else None,
        "refused": asked.refused.model_dump() if asked.refused else None,
        "choices": (described.field.model_extra or {}).get("enum"),
        "choice_labels": {
            code: said.model_dump() for code, said in (described.field.choices or {}).items()
        },
        "basis": described.field.basis.model_dump() if described.field.basis else None,
        "quantity": measure.quantity if measure else None,
        "measured": measure is not None and not measure.manual,
        "role": measure.role if measure else None,
        "group": measure.group if measure else None,
        "edit": described.field.edit,
        "field_unit": measure.unit if measure else None,
        "state": value.state,
        "value": value.value,
        "unit": value.unit or (measure.unit if measure else _unit_of(value)),
        "status": value.status,
        "verdict": value.verdict,
        "at": value.statement.at if value.statement else None,
        "by": value.statement.by.name if value.statement else None,
        "reason": value.statement.reason if isinstance(value.statement, Entry) else None,
        "imported": models_files.imported(value.statement),
        "proposed": value.proposed,
        "prefilled": value.prefilled,
        "computed": asdict(value.computed) if value.computed else None,
        "not_computed": value.reason if described.field.compute else None,
        "not_prefilled": None if described.field.compute else value.reason,
        "instrument": instrument.id if instrument else None,
        "vendor": instrument.vendor if instrument else None,
        "model": instrument.model if instrument else None,
        "serial": instrument.serial if instrument else None,
        "calibration": instrument.calibration.state if instrument else None,
        "calibration_due": instrument.calibration.due if instrument else None,
        "capture": {"epoch": value.source.epoch, "seq": value.source.seq}
        if value.source
        else None,
        "earlier": [{"epoch": each.epoch, "seq": each.seq} for each in value.earlier],
        "candidates": [{"epoch": each.epoch, "seq": each.seq} for each in value.candidates],
    }


def _unit_of(value: FieldValue) -> str | None:
    return (value.computed.unit or None) if value.computed else None


def report(view: ReportView, now: ClockReading) -> Json:
    """Return a report with its values, and its procedures as they stand at a moment."""
    asked = wanted(view.form, view.values)
    return {
        "id": view.report.id,
        "appliance": view.report.appliance,
        "form": view.report.form.model_dump(),
        "title": view.form.title.model_dump(),
        "groups": _groups(view.form),
        "digest": view.digest,
        "signatures": models_signatures.signatures(view),
        "unsigned": view.unsigned(),
        "fields": [
            field(each, view.values[each.name], asked[each.name]) for each in fields(view.form)
        ],
        "missing": view.missing(),
        "procedures": models_procedures.procedures(view, now),
        "unfinished": view.unfinished(),
    }


def _groups(form: Form) -> list[Json]:
    return [
        {
            "name": name,
            "label": group.label.model_dump(),
            "inputs": group.inputs,
            "outputs": [each.name for each in members(form, name)],
        }
        for name, group in (form.form.groups or {}).items()
    ]


def intervention(view: InterventionView, now: ClockReading) -> Json:
    """Return an intervention as it stands here, at a moment."""
    return {
        **view.intervention.model_dump(exclude={"reports"}),
        "stage": view.stage,
        "withdrawn": view.withdrawn,
        "waiting": view.waiting,
        "quarantined": [saved(each) for each in view.quarantined],
        "reports": [report(each, now) for each in view.reports],
        "expected_reports": [each.id for each in view.intervention.reports],
    }


def scan(scanned: Scanned, now: float) -> Json:
    """Return a scanned code."""
    return {
        "id": scanned.id,
        "text": scanned.text,
        "symbology": scanned.aim,
        "elements": [asdict(each) for each in scanned.elements],
        "instrument": scanned.pairing.instrument,
        "age": round(now - scanned.elapsed, 1),
    }


def moment(value: datetime) -> str:
    """Return a time for people."""
    return value.astimezone().strftime("%H:%M:%S")
