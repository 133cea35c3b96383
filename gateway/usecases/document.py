"""From a report as it stands to what its printed form says: pure, so that the same captures give the same paper."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from contract.forms.asked import Wanted
from contract.forms.value import FieldState, FieldValue, Placed
from contract.wire.down import Outcome
from contract.wire.intervention import Intervention
from contract.wire.statement import OfReport
from gateway.ports.archive import Stored
from gateway.ports.typesetting import Document, Fact, Notice, Row, Section, Words
from gateway.usecases.document_evidence import Numbering, evidence
from gateway.usecases.document_signatures import signatures
from gateway.usecases.document_speech import Speech
from gateway.usecases.document_value import marks, notes, shown
from gateway.usecases.reports import Filled, FilledReport

FINGERPRINT = 16
"""Hexadecimal digits of the digest that are printed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """What is printed, and the address where it can be verified."""

    intervention: Intervention
    report: FilledReport
    captures: Sequence[Stored]
    """Those of the intervention, whatever became of them."""
    held: Sequence[Placed]
    """Those of them that count."""
    url: str
    created_at: datetime
    """When the intervention was created: the date of a report without captures."""

    @property
    def reference(self) -> str:
        """What names the report among all interventions."""
        return f"{self.intervention.id}.{self.report.report.id}"

    @property
    def at(self) -> datetime | None:
        """When the newest capture of the report was taken; None without one."""
        return max((each.statement.at for each in self._of_report), default=None)

    @property
    def technicians(self) -> tuple[str, ...]:
        """Who took the captures, each once."""
        return tuple(dict.fromkeys(each.statement.by.name for each in self._of_report))

    @property
    def _of_report(self) -> list[Placed]:
        return [
            each
            for each in sorted(self.held, key=lambda one: one.id)
            if isinstance(each.statement, OfReport)
            and each.statement.report == self.report.report.id
        ]


def document(paper: Paper, speech: Speech) -> Document:
    """Return what the printed report says."""
    numbering = Numbering({each.id: each for each in paper.held})
    sections = tuple(_sections(paper.report, numbering, speech))
    form = paper.report.form
    return Document(
        language=speech.language,
        title=speech.of(form.title),
        subtitle=f"{form.id}, {speech.text('form_version')} {form.version}",
        reference=paper.reference,
        facts=tuple(_facts(paper, speech)),
        notice=_notice(paper.report, speech),
        sections=sections,
        signatures=tuple(signatures(paper.report, speech)),
        evidence=tuple(
            evidence(number, placed, speech) for number, placed in numbering.numbered()
        ),
        remarks=tuple(_remarks(paper, speech)),
        fingerprint=paper.report.digest[:FINGERPRINT],
        url=paper.url,
        at=paper.at or paper.created_at,
        words=_words(speech),
    )


def _facts(paper: Paper, speech: Speech) -> Iterable[Fact]:
    intervention, report = paper.intervention, paper.report.report
    appliances = {each.id: each.name for each in intervention.appliances}
    said = {
        "customer": intervention.customer,
        "address": intervention.address,
        "appliance": appliances.get(report.appliance, report.appliance),
        "intervention": f"{intervention.title} ({intervention.id})",
        "report": report.id,
        "technician": ", ".join(paper.technicians),
        "paper_date": speech.moment(paper.at) if paper.at is not None else speech.text("no_date"),
    }
    return (Fact(speech.text(key), text) for key, text in said.items() if text)


def _notice(report: FilledReport, speech: Speech) -> Notice | None:
    missing = frozenset(report.missing)
    lines = [
        f"{_label(each, speech)} : {speech.text(_lack(each.value))}"
        for each in report.fields
        if each.named.name in missing or each.value.state is FieldState.CONFLICT
    ]
    lines += [
        f"{speech.text('signatures')} : {speech.of((report.form.form.signatures or {})[name].label)}"
        for name in report.unsigned
    ]
    lines += [
        f"{speech.text('procedure')} : {speech.of(each.standing.procedure.title)}"
        for each in report.procedures
        if each.standing.asked and each.standing.procedure.required and not each.standing.finished
    ]
    return Notice(title=speech.text("incomplete"), lines=tuple(lines)) if lines else None


def _lack(value: FieldValue) -> str:
    return "conflict" if value.state is FieldState.CONFLICT else "required_empty"


def _sections(report: FilledReport, numbering: Numbering, speech: Speech) -> Iterable[Section]:
    """Yield the fields in the order of the form, under the names of its sections."""
    asked = report.wanted
    shown_fields = [
        each
        for each in report.fields
        if asked[each.named.name].asked or each.value.state is not FieldState.EMPTY
    ]
    for section, members in groupby(shown_fields, key=lambda each: each.named.section):
        rows = (_row(each, report, asked[each.named.name], numbering, speech) for each in members)
        title = None if section is None else speech.of(section)
        yield Section(title=title, rows=tuple(rows))


def _row(
    one: Filled, report: FilledReport, asked: Wanted, numbering: Numbering, speech: Speech
) -> Row:
    value = one.value
    sources = value.candidates if value.source is None else (value.source,)
    return Row(
        label=_label(one, speech),
        required=asked.required,
        value=shown(one, speech),
        filled=value.state is FieldState.FILLED,
        marks=marks(value, speech),
        notes=tuple(notes(one, report, asked, speech)),
        sources=tuple(numbering.number(each) for each in sources),
    )


def _label(one: Filled, speech: Speech) -> str:
    return speech.of(one.named.field.label)


def _remarks(paper: Paper, speech: Speech) -> Iterable[str]:
    """Return what the reader must know of captures of this report that fill nothing."""
    own = [each for each in paper.captures if each.report == paper.report.report.id]
    quarantined = sum(each.outcome is Outcome.QUARANTINED for each in own)
    erased = sum(each.statement is None for each in own)
    forked = sum(each.outcome is Outcome.FORKED for each in own)
    said = {"papers_quarantined": quarantined, "papers_erased": erased, "papers_forked": forked}
    return (f"{speech.text(key)} : {number}" for key, number in said.items() if number)


def _words(speech: Speech) -> Words:
    text = speech.text
    return Words(
        page=text("page"),
        required=text("required"),
        values=text("paper_values"),
        value=text("value"),
        field=text("field"),
        signatures=text("signatures"),
        evidence=text("paper_evidence"),
        place=text("place"),
        taken=text("paper_taken"),
        by=text("by"),
        number=text("paper_number"),
        verify=text("paper_verify"),
        verify_says=text("paper_verify_says"),
        verify_alt=text("paper_verify_alt"),
        fingerprint=text("fingerprint"),
    )
