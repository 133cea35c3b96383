"""From what the office knew to values: both sides put the same facts into the same empty fields."""

from collections.abc import Mapping
from decimal import Decimal

from contract import number
from contract.forms.answers import fault
from contract.forms.form import Form, FormField
from contract.forms.prefill import Prefill, Source
from contract.forms.value import EMPTY, Answer, FieldState, FieldValue
from contract.reading import Status
from contract.wire.intervention import Facts, Intervention
from contract.words import Words


def known(form: Form, intervention: Intervention, report: str) -> Mapping[str, Answer]:
    """Return, by field, what the office knew of it before the visit."""
    wanted = {
        name: field.prefill
        for name, field in form.form.properties.items()
        if field.prefill is not None
    }
    found = {name: _fact(name, each, intervention, report) for name, each in wanted.items()}
    return {name: fact for name, fact in found.items() if fact is not None}


def _fact(name: str, prefill: Prefill, intervention: Intervention, report: str) -> Answer | None:
    facts = _facts(prefill.source, intervention, report) or {}
    return facts.get(prefill.key or name)


def _facts(source: Source, intervention: Intervention, report: str) -> Facts | None:
    match source:
        case Source.COMPANY:
            return intervention.company_facts
        case Source.CUSTOMER:
            return intervention.customer_facts
        case Source.SITE:
            return intervention.site_facts
        case Source.VISIT:
            starts = intervention.starts
            return None if starts is None else {"day": starts.date().isoformat()}
        case Source.APPLIANCE | Source.LAST_VISIT:
            appliance = intervention.appliance_of(report)
            if appliance is None:
                return None
            return appliance.facts if source is Source.APPLIANCE else appliance.last_visit


def prefilled(field: FormField, fact: Answer) -> FieldValue:
    """Return the value of a field nobody stated anything for; empty with a reason where it cannot hold the fact."""
    if field.prefill is None:
        return EMPTY
    wrong = fault(field, fact, None)
    if wrong is not None:
        reason = Words("the office gave '{fact}': {reason}", fact=str(fact)[:40], reason=wrong)
        return FieldValue(state=FieldState.EMPTY, reason=reason)
    if field.prefill.confirm:
        return FieldValue(state=FieldState.EMPTY, proposed=fact, prefilled=field.prefill.source)
    return FieldValue(
        state=FieldState.FILLED,
        value=fact,
        exact=_number(field, fact),
        status=Status.OK,
        prefilled=field.prefill.source,
    )


def _number(field: FormField, fact: Answer) -> Decimal | None:
    counts = isinstance(fact, str) and field.type in {"number", "integer"}
    return number.parse(str(fact)) if counts else None
