"""Records as the API shows them."""

from dataclasses import asdict
from typing import Any

import pydantic_core

from contract.forms.asked import Wanted
from contract.forms.value import CaptureId, FieldValue
from contract.wire.base import WireModel
from contract.wire.captured import CapturedInstrument
from contract.wire.statement import Entry, Import, Measurement, Statement
from gateway.api.readable_procedures import procedure
from gateway.ports.archive import Poison, Stored
from gateway.ports.feed import Event
from gateway.ports.fleet import Agent, InstrumentCache, IssuedCommand
from gateway.ports.office import Job, Page
from gateway.usecases.reports import Filled, FilledReport


def dumped(one: WireModel | None) -> dict[str, Any] | None:
    """Show what is said in a model of the wire; None when nothing is."""
    return one.model_dump(mode="json", exclude_none=True) if one is not None else None


def paged(page: Page[Any], items: list[dict[str, Any]]) -> dict[str, Any]:
    """Show one part of a list."""
    return {"items": items, "next": page.next}


def job(one: Job) -> dict[str, Any]:
    """Show an intervention."""
    return {
        "intervention": one.intervention.model_dump(mode="json", exclude_none=True),
        "stage": one.stage.value,
        "agent": one.agent,
        "revision": one.revision,
        "created_at": one.created_at,
        "awaited": [
            {"agent": each.agent, "epoch": each.place.epoch, "seq": each.place.seq}
            for each in one.awaited
        ],
    }


def capture(one: Stored) -> dict[str, Any]:
    """Show a capture: readable, and with the evidence a verifier believes."""
    return {
        "agent": one.agent,
        "epoch": one.epoch,
        "seq": one.seq,
        "hash": one.hash,
        "kind": one.kind,
        "intervention": one.intervention,
        "report": one.report,
        "received_at": one.received_at,
        "outcome": one.outcome.value,
        "reason": one.reason,
        "capture": statement(one.statement),
        "evidence": {
            "key": one.key,
            "link": one.link,
            "sig": one.sig,
            "statement": one.statement,
        },
    }


def statement(text: str | None) -> Any:
    """Return a statement taken apart; None when it is erased, or is no JSON."""
    if text is None:
        return None
    try:
        return pydantic_core.from_json(text, allow_inf_nan=False)
    except ValueError:
        return None


def poison(one: Poison) -> dict[str, Any]:
    """Show what was refused."""
    return {
        "refused": True,
        "sha256": one.sha256,
        "topic": one.topic,
        "agent": one.agent,
        "head": one.head.decode("utf-8", "replace"),
        "size": one.size,
        "reason": one.reason,
        "received_at": one.received_at,
        "times": one.times,
    }


def quarantined(one: Stored | Poison) -> dict[str, Any]:
    """Show what a person must look at."""
    return poison(one) if isinstance(one, Poison) else {"refused": False, **capture(one)}


def agent(one: Agent) -> dict[str, Any]:
    """Show an agent."""
    return {
        "name": one.name,
        "enrolled_at": one.enrolled_at,
        "revoked": one.revoked,
        "keys": [
            {
                "id": each.record.id,
                "algorithm": "ed25519",
                "public": each.record.public,
                "registered_at": each.registered_at,
                "revoked_at": each.revoked_at,
            }
            for each in one.keys
        ],
        "state": dumped(one.state),
        "state_at": one.state_at,
        "captured_at": one.captured_at,
    }


def instrument(one: InstrumentCache) -> dict[str, Any]:
    """Show what an agent last said of an instrument."""
    return {
        "agent": one.agent,
        "id": one.id,
        "descriptor": dumped(one.descriptor),
        "state": dumped(one.state),
        "at": one.at,
    }


def command(one: IssuedCommand) -> dict[str, Any]:
    """Show a command and its answer."""
    return {
        "id": one.id,
        "agent": one.agent,
        "name": one.name,
        "issued": one.issued,
        "expires": one.expires,
        "outcome": one.outcome,
        "detail": one.detail,
        "answered_at": one.answered_at,
    }


def report(one: FilledReport) -> dict[str, Any]:
    """Show a report with its field values."""
    asked = one.wanted
    return {
        "report": one.report.id,
        "appliance": one.report.appliance,
        "form": {"id": one.form.id, "version": one.form.version},
        "title": one.form.title.model_dump(),
        "counts": dict(one.counts),
        "digest": one.digest,
        "signatures": [_signature(one, name) for name in one.signatures],
        "unsigned": list(one.unsigned),
        "procedures": [procedure(each) for each in one.procedures],
        "fields": [field(each, asked[each.named.name]) for each in one.fields],
    }


def _signature(one: FilledReport, name: str) -> dict[str, Any]:
    """Show a signature that the form asks for, as it stands."""
    stands, signing = one.signatures[name], (one.form.form.signatures or {})[name]
    hand = stands.signature
    return {
        "signatory": name,
        "label": signing.label.model_dump(),
        "required": signing.required,
        "state": stands.state.value,
        "name": hand.name if hand else None,
        "capacity": hand.capacity if hand else None,
        "at": hand.at.isoformat() if hand else None,
        "by": hand.by.model_dump() if hand else None,
        "report_sha256": hand.report_sha256 if hand else None,
        "path": hand.drawing.path if hand else None,
        "capture": _place(stands.source) if stands.source else None,
        "candidates": [_place(each) for each in stands.candidates],
    }


def field(one: Filled, asked: Wanted) -> dict[str, Any]:
    """Show a field: its value, and where it comes from."""
    value, said = one.value, one.value.statement
    shown: dict[str, Any] = {
        "name": one.named.name,
        "label": one.named.field.label.model_dump(),
        "section": dumped(one.named.section),
        "asked": asked.asked,
        "required": asked.required,
        "because": asked.because.model_dump() if asked.because is not None else None,
        "refused": dumped(asked.refused),
        "basis": dumped(one.named.field.basis),
        "state": value.state.value,
        "value": value.value,
        "unit": _unit(value),
        "status": value.status.value if value.status is not None else None,
        "verdict": value.verdict.value if value.verdict is not None else None,
        **_source(value),
        "at": None,
        "by": None,
        "clock": None,
        "reason": None,
        "capture": None,
        "earlier": [_place(each) for each in value.earlier],
        "candidates": [_place(each) for each in value.candidates],
        "proposed": value.proposed,
        "prefilled": value.prefilled.value if value.prefilled is not None else None,
        "computed": asdict(value.computed) if value.computed is not None else None,
        "not_computed": value.reason if one.named.field.compute else None,
        "not_prefilled": None if one.named.field.compute else value.reason,
    }
    if said is not None:
        shown["at"] = said.at.isoformat()
        shown["by"] = said.by.model_dump()
        shown["clock"] = said.clock.quality.value
        shown["reason"] = said.reason if isinstance(said, Entry) else None
    if isinstance(said, Measurement):
        shown["method"], shown["frames"] = _method(said, one.named.name)
    if value.source is not None:
        shown["capture"] = _place(value.source)
    return shown


def _unit(value: FieldValue) -> str | None:
    if value.unit is not None:
        return value.unit.value
    return (value.computed.unit or None) if value.computed is not None else None


def _method(measurement: Measurement, name: str) -> tuple[str, int]:
    reading = next(each for each in measurement.readings if each.field == name)
    return reading.method.value, reading.frames


def _place(id: CaptureId) -> dict[str, Any]:
    return {"agent": id.agent, "epoch": id.epoch, "seq": id.seq, "link": id.link}


def _instrument(one: CapturedInstrument | None) -> dict[str, Any] | None:
    if one is None:
        return None
    return one.model_dump(mode="json")


def _source(value: FieldValue) -> dict[str, Any]:
    return {
        "instrument": _instrument(value.instrument),
        "imported": _imported(value.statement),
    }


def _imported(said: Statement | None) -> dict[str, Any] | None:
    """Show the file that a value was taken over from, and what it states; None for a value that was not."""
    if not isinstance(said, Import):
        return None
    stated = ("stated_vendor", "stated_model", "stated_serial", "stated_at")
    return {**said.file.model_dump(mode="json"), **{each: getattr(said, each) for each in stated}}


def event(one: Event, tenant: str, captures: list[dict[str, Any]]) -> dict[str, Any]:
    """Show an event as a CloudEvent."""
    shown: dict[str, Any] = {
        "specversion": "1.0",
        "id": one.id,
        "source": f"/releve/{tenant}/gateway",
        "type": one.type,
        "time": one.at,
        "datacontenttype": "application/json",
        "data": {**one.document, **({"captures": captures} if captures else {})},
    }
    if one.subject is not None:
        shown["subject"] = one.subject
    return shown
