"""The fingerprint of a report as it is shown: what a signature is put under, and what a paper is compared by."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from contract.forms.form import Form, fields
from contract.forms.value import EMPTY, CaptureId, FieldValue


def digest(form: Form, report_id: str, values: Mapping[str, FieldValue]) -> str:
    """Return the SHA-256, in hexadecimal, of what a report shows: the same as long as it shows the same.

    It covers the form and its version, the report, and for each field in the order of the form: name, state, value,
    unit, status, and the captures it comes from. What follows from these with the form (labels, verdicts, how a value
    was calculated) is left out, and so is everything that a report does not show, such as when captures arrived.
    """
    told = {
        "v": 1,
        "form": form.id,
        "version": form.version,
        "report": report_id,
        "fields": [_told(each.name, values.get(each.name, EMPTY)) for each in fields(form)],
    }
    text = json.dumps(told, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


def unit_of(value: FieldValue) -> str | None:
    """Return the code of the unit a value is shown in; None for one without."""
    if value.unit is not None:
        return value.unit.value
    return (value.computed.unit or None) if value.computed is not None else None


def _told(name: str, value: FieldValue) -> dict[str, Any]:
    sources = value.candidates if value.source is None else (value.source, *value.candidates)
    return {
        "name": name,
        "state": value.state.value,
        "value": value.value,
        "unit": unit_of(value),
        "status": value.status.value if value.status is not None else None,
        "captures": [_place(each) for each in sorted(sources)],
    }


def _place(id: CaptureId) -> list[str | int]:
    return [id.agent, id.epoch, id.seq, id.link]
