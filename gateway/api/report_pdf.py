"""The route of the printed report."""

from collections.abc import Callable
from datetime import datetime, tzinfo
from functools import partial
from hashlib import sha256
from http import HTTPStatus
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Response

from contract.forms.french import FRENCH
from contract.forms.official import entries
from contract.wire.problem import Fault
from contract.words import translated
from gateway.api import texts, writer
from gateway.api.office import stands_now
from gateway.api.problems import ProblemError
from gateway.api.services import Here, Id, Services
from gateway.ports.office import AbsentError
from gateway.ports.official import OfficialPdfError
from gateway.ports.typesetting import TypesettingError
from gateway.usecases import proof
from gateway.usecases.document import FINGERPRINT, Paper, document
from gateway.usecases.document_speech import Speech
from gateway.usecases.reports import filled, placed

router = APIRouter(prefix="/v1")
MEDIA_TYPE = "application/pdf"
POLICY = "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
"""Browsers show a PDF in a page of their own, with a style and an object in it."""

Language = Annotated[Literal["fr", "en"], Query(description="of the document; French unless told")]


@router.get("/interventions/{id}/reports/{report}.pdf", response_class=Response)
async def report_pdf(here: Here, id: Id, report: Id, language: Language = "fr") -> Response:
    """Return a report as a PDF/A: its values, the evidence behind each, and where it can be verified."""
    said = document(await paper(here, id, report), speech(language, here.papers.zone))
    try:
        printed = await here.papers.typesetter.render(said)
    except TypesettingError as error:
        detail = f"the report could not be set: {error}"
        raise ProblemError(HTTPStatus.INTERNAL_SERVER_ERROR, "typesetting", detail) from error
    headers = {
        "Content-Disposition": f'inline; filename="{said.reference}.pdf"',
        "Content-Security-Policy": POLICY,
        "ETag": f'"{sha256(printed).hexdigest()}"',
    }
    return Response(printed, media_type=MEDIA_TYPE, headers=headers)


@router.get("/interventions/{id}/reports/{report}/official.pdf", response_class=Response)
async def official_pdf(here: Here, id: Id, report: Id) -> Response:
    """Return the official PDF of a form, which the user supplied, with its fields filled from the report."""
    stands = await stands_now(here, id, report)
    fields = stands.form.form.acroform
    if fields is None:
        raise AbsentError(f"there is no official PDF for the form {stands.form.id}")
    said = entries(fields, stands.values, stands.signatures)
    try:
        filled_in = await here.official.fill(stands.form.id, said, fields)
    except OfficialPdfError as error:
        fault = Fault(field="official_forms", remedy=str(error))
        raise ProblemError(HTTPStatus.CONFLICT, "official-pdf", str(error), (fault,)) from error
    headers = {
        "Content-Disposition": f'inline; filename="{stands.form.id}-{id}-{report}.pdf"',
        "Content-Security-Policy": POLICY,
    }
    return Response(filled_in, media_type=MEDIA_TYPE, headers=headers)


async def paper(here: Services, id: str, report: str) -> Paper:
    """Return what is printed of a report as it stands now; raises AbsentError."""
    job = await here.office.job(id)
    wanted = job.intervention.report(report)
    if wanted is None:
        raise AbsentError(f"intervention {id} has no report {report}")
    form = await here.shelf.form(wanted.form)
    captures = await here.archive.of_intervention(id)
    held = placed(captures)
    stands = filled(job.intervention, wanted, form, held)
    code = proof.code(here.key, here.tenant, id, report)
    fingerprint = stands.digest[:FINGERPRINT]
    return Paper(
        intervention=job.intervention,
        report=stands,
        captures=captures,
        held=held,
        url=f"{here.papers.public_url}/verify/{id}.{report}?paper={fingerprint}&code={code}",
        created_at=datetime.fromisoformat(job.created_at),
    )


def speech(language: str, zone: tzinfo) -> Speech:
    """Return how documents speak a language."""
    return Speech(
        language=language,
        text=partial(texts.text, language=language),
        number=partial(texts.figure, language=language),
        unit=partial(texts.unit, language=language),
        day=partial(writer.day, language=language),
        moment=moment(language, zone),
        reason=lambda said: translated(said, FRENCH, ",") if language == "fr" else said,
    )


def moment(language: str, zone: tzinfo) -> Callable[[datetime], str]:
    """Return how a time is written for people: that of the place of the visit, with its offset."""
    pattern = "%d/%m/%Y %H:%M:%S" if language == "fr" else "%Y-%m-%d %H:%M:%S"

    def written(at: datetime) -> str:
        local = at.astimezone(zone)
        offset = local.strftime("%z")
        return f"{local.strftime(pattern)} (UTC{offset[:3]}:{offset[3:5]})"

    return written
