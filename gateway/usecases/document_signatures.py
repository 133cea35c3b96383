"""The signatures on a printed report: who signed what is shown here, and what they drew."""

from collections.abc import Iterable

from contract.forms.signed import SignatureState, Signed
from gateway.ports.typesetting import Drawn, Fact, Mark, Signature, Tone
from gateway.usecases.document_speech import Speech
from gateway.usecases.reports import FilledReport

_TONES = {
    SignatureState.SIGNED: Tone.GOOD,
    SignatureState.OUTDATED: Tone.BAD,
    SignatureState.CONFLICT: Tone.BAD,
    SignatureState.MISSING: Tone.PLAIN,
}


def signatures(report: FilledReport, speech: Speech) -> Iterable[Signature]:
    """Yield the signatures in the order of the form."""
    asked = report.form.form.signatures or {}
    for name, stands in report.signatures.items():
        yield _signature(speech.of(asked[name].label), stands, speech)


def _signature(label: str, stands: Signed, speech: Speech) -> Signature:
    mark = Mark(speech.text(f"signature_{stands.state.value}"), _TONES[stands.state])
    hand, source = stands.signature, stands.source
    if hand is None or source is None:
        return Signature(label=label, mark=mark, name="")
    facts = {
        "capacity": hand.capacity,
        "paper_taken": speech.moment(hand.at),
        "by": hand.by.name,
        "place": f"{source.agent} / {source.epoch} / {source.seq}",
    }
    return Signature(
        label=label,
        mark=mark,
        name=hand.name,
        facts=tuple(Fact(speech.text(key), text) for key, text in facts.items() if text),
        drawn=Drawn(width=hand.drawing.width, height=hand.drawing.height, path=hand.drawing.path),
    )
