"""The page that a report on paper leads to, and the same for programs."""

from dataclasses import dataclass
from hmac import compare_digest
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query
from fastapi.responses import HTMLResponse

from contract.forms.digest import unit_of
from gateway.api.report_pdf import moment, paper, speech
from gateway.api.services import Here, Id, Services
from gateway.api.writer import Writer
from gateway.usecases import proof
from gateway.usecases.document import Paper, document
from gateway.usecases.proof import Aspect, CaptureProof, Proof
from gateway.usecases.reports import FilledReport

router = APIRouter()


@dataclass(frozen=True, slots=True)
class OnPaper:
    """What the code on the paper says."""

    paper: Annotated[
        str | None,
        Query(pattern="^[0-9a-f]{16,64}$", description="the fingerprint that is printed"),
    ] = None
    code: Annotated[
        str | None,
        Query(max_length=64, description="what only the paper says; without it no value is shown"),
    ] = None


Printed = Annotated[OnPaper, Depends()]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """A report as it stands now, and whether it holds."""

    paper: Paper
    proof: Proof
    same: bool | None
    """Whether the report shows what it showed when it was printed; None when nobody said what that was."""
    open: bool
    """Whether the reader has the paper, and may see the values."""


@router.get("/v1/verify/{id}.{report}")
async def verify(here: Here, id: Id, report: Id, printed: Printed) -> dict[str, Any]:
    """Check a report again from what is kept: hashes, signatures, chain; its values are told with the code alone."""
    found = await _verified(here, id, report, printed)
    stands = found.paper.report
    at = found.paper.at
    return {
        "intervention": id,
        "report": report,
        "form": {"id": stands.form.id, "version": stands.form.version},
        "title": stands.form.title.model_dump(),
        "verdict": found.proof.verdict.value,
        "at": at.isoformat() if at is not None else None,
        "digest": stands.digest,
        "same_as_paper": found.same,
        "links": found.proof.links,
        "captures": [_capture(each) for each in found.proof.captures],
        "keys": [{"id": key, "owner": owner} for key, owner in sorted(found.proof.keys.items())],
        "faults": list(found.proof.faults),
        "fields": _fields(stands) if found.open else None,
    }


@router.get("/verify/{id}.{report}", include_in_schema=False)
async def verify_page(
    here: Here, page: Annotated[Writer, Depends()], id: Id, report: Id, printed: Printed
) -> HTMLResponse:
    """Show whether a report holds, to whoever holds its paper."""
    found = await _verified(here, id, report, printed)
    zone = here.papers.zone
    return page.page(
        "verify.html",
        found=found,
        proof=found.proof,
        document=document(found.paper, speech(page.language, zone)),
        local=moment(page.language, zone),
        aspects=tuple(Aspect),
        known={"paper": printed.paper, "code": printed.code},
        broken=_broken(found.proof),
    )


async def _verified(here: Services, id: str, report: str, printed: OnPaper) -> Verified:
    held = await paper(here, id, report)
    said = printed.paper
    code = proof.code(here.key, here.tenant, id, report)
    return Verified(
        paper=held,
        proof=await proof.prove(here.exporter, id, report, held.captures),
        same=None if said is None else held.report.digest.startswith(said),
        open=compare_digest(code.encode(), (printed.code or "").encode()),
    )


def _broken(found: Proof) -> list[str]:
    """Return the checks that failed, each once, in their order."""
    failed = {proof.aspect_of(each).value for each in found.faults}
    return [each.value for each in Aspect if each.value in failed]


def _capture(one: CaptureProof) -> dict[str, Any]:
    return {
        "agent": one.capture.agent,
        "epoch": one.capture.epoch,
        "seq": one.capture.seq,
        "link": one.capture.hash,
        "kind": one.capture.kind,
        "key": one.capture.key,
        "outcome": one.capture.outcome.value,
        "at": one.at.isoformat() if one.at is not None else None,
        "checks": {each.value: one.check(each).value for each in Aspect},
        "faults": list(one.faults),
    }


def _fields(report: FilledReport) -> list[dict[str, Any]]:
    return [
        {
            "name": each.named.name,
            "label": each.named.field.label.model_dump(),
            "state": each.value.state.value,
            "value": each.value.value,
            "unit": unit_of(each.value),
            "status": each.value.status.value if each.value.status is not None else None,
        }
        for each in report.fields
    ]
