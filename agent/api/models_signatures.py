"""What the routes give of the signatures under a report."""

from agent.usecases.work import ReportView
from contract.forms.form import Signing
from contract.forms.signed import Signed

Json = dict[str, object]


def signatures(view: ReportView) -> list[Json]:
    """Return the signatures that a form asks for, as they stand."""
    asked = view.form.form.signatures or {}
    return [_signature(name, each, view.signatures[name]) for name, each in asked.items()]


def _signature(name: str, signing: Signing, stands: Signed) -> Json:
    hand = stands.signature
    return {
        "signatory": name,
        "label": signing.label.model_dump(),
        "required": signing.required,
        "state": stands.state,
        "name": hand.name if hand else None,
        "capacity": hand.capacity if hand else None,
        "at": hand.at if hand else None,
        "drawing": hand.drawing.model_dump() if hand else None,
        "path": hand.drawing.path if hand else None,
        "capture": {"epoch": stands.source.epoch, "seq": stands.source.seq}
        if stands.source
        else None,
    }
