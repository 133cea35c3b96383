"""Files of measurements, in the local API: given, listed, used."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Request, status

from agent.api import bodies, models, models_files
from agent.api.guard import By, Uses, technician
from agent.api.models import Json
from agent.api.reasons import Language
from agent.usecases.importing import Use

Name = Annotated[str, Query(min_length=1, max_length=200)]
MappingName = Annotated[str | None, Query(min_length=1, max_length=200)]

router = APIRouter(prefix="/v1/files", dependencies=[Depends(technician)])


@router.get("")
async def files(_: By, uses: Uses, language: Language) -> Json:
    """List the latest files with their measurements, newest first, and the mappings for delimited ones."""
    kept = uses.importing.files
    return {
        "items": [models_files.file(each, language) for each in kept.recent()],
        "mappings": kept.mappings(),
    }


@router.post("", status_code=status.HTTP_201_CREATED)
async def give(
    request: Request,
    name: Name,
    _: By,
    uses: Uses,
    language: Language,
    mapping: MappingName = None,
) -> Json:
    """Read a file, or take a mapping; the body holds its very bytes, and the end of ``name`` says what it is."""
    kept = await uses.importing.files.give(name, await request.body(), mapping)
    return {"mapping": kept} if isinstance(kept, str) else models_files.file(kept, language)


@router.post("/{id}/use", status_code=status.HTTP_201_CREATED)
async def use(id: str, body: bodies.UseBody, by: By, uses: Uses) -> Json:
    """Save readings of one measurement as the values of fields, in one capture or not at all."""
    wanted = Use(
        file=id,
        intervention=body.intervention,
        report=body.report,
        fields=body.fields,
        measurement=body.measurement,
        group=body.group,
    )
    return models.saved(await uses.importing.use(wanted, by))
