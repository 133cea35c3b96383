"""Who must sign a report, and whether the report is still what was signed. Both sides tell it alike."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from contract.forms.digest import digest
from contract.forms.form import Form
from contract.forms.value import CaptureId, FieldValue, Placed
from contract.wire.statement import Signature


class SignatureState(StrEnum):
    """How a signature stands."""

    MISSING = "missing"
    SIGNED = "signed"
    OUTDATED = "outdated"
    """The report shows something else than what was signed."""
    CONFLICT = "conflict"
    """Two signatures, of which neither replaces the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Signed:
    """One signature of a report as it stands."""

    state: SignatureState
    signature: Signature | None = None
    source: CaptureId | None = None
    candidates: tuple[CaptureId, ...] = ()


def signed(
    form: Form, report: str, captures: Iterable[Placed], values: Mapping[str, FieldValue]
) -> Mapping[str, Signed]:
    """Return each signature that the form asks for; the values are those of the report now."""
    shown = digest(form, report, values)
    given = unreplaced(report, captures)
    return {name: _stands(given.get(name, []), shown) for name in form.form.signatures or {}}


def unreplaced(report: str, captures: Iterable[Placed]) -> Mapping[str, list[Placed]]:
    """Return, for each signatory of a report, the signatures that no other replaces."""
    of_report = [
        (each, each.statement)
        for each in sorted(captures, key=lambda each: each.id)
        if isinstance(each.statement, Signature) and each.statement.report == report
    ]
    replaced = {
        (each.id.agent, place.epoch, place.seq, signature.signatory)
        for each, signature in of_report
        for place in signature.replaces
    }
    found: dict[str, list[Placed]] = {}
    for each, signature in of_report:
        own = (each.id.agent, each.id.epoch, each.id.seq, signature.signatory)
        if own not in replaced:
            found.setdefault(signature.signatory, []).append(each)
    return found


def _stands(given: list[Placed], shown: str) -> Signed:
    match given:
        case []:
            return Signed(state=SignatureState.MISSING)
        case [Placed(id=source, statement=Signature() as signature)]:
            same = signature.report_sha256 == shown
            state = SignatureState.SIGNED if same else SignatureState.OUTDATED
            return Signed(state=state, signature=signature, source=source)
        case _:
            ids = tuple(each.id for each in given)
            return Signed(state=SignatureState.CONFLICT, candidates=ids)


def unsigned(form: Form, signatures: Mapping[str, Signed]) -> tuple[str, ...]:
    """Return who must still sign, in the order of the form."""
    return tuple(
        name
        for name, signing in (form.form.signatures or {}).items()
        if signing.required and signatures[name].state is not SignatureState.SIGNED
    )
