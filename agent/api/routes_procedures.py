"""The local API, version 1: procedures."""

from typing import Annotated

from fastapi import APIRouter, Depends, status
from pydantic import Field

from agent.api import models
from agent.api.bodies import Body
from agent.api.guard import By, Uses, technician
from agent.api.models import Json
from agent.usecases.procedures import Said, StepAct, StepPlace


class SayBody(Body):
    """What the technician says of a step; a choice where the step is a decision."""

    event: StepAct
    choice: Annotated[str, Field(min_length=1, max_length=200)] | None = None


def place_of(id: str, report: str, procedure: str, step: str) -> StepPlace:
    """Return the step that a path names."""
    return StepPlace(intervention=id, report=report, procedure=procedure, step=step)


KnownStep = Annotated[StepPlace, Depends(place_of)]

router = APIRouter(prefix="/v1", dependencies=[Depends(technician)])


@router.post(
    "/interventions/{id}/reports/{report}/procedures/{procedure}/steps/{step}",
    status_code=status.HTTP_201_CREATED,
)
async def say(place: KnownStep, body: SayBody, by: By, uses: Uses) -> Json:
    """Save that a step is begun, done, decided or acknowledged; with the answer that it gives, all or nothing."""
    said = Said(act=body.event, choice=body.choice)
    saved = await uses.procedures.say(place, said, by)
    return {"captures": [models.saved(each) for each in saved]}
