"""The local API, version 1: signatures."""

from fastapi import APIRouter, Depends, status

from agent.api import bodies, models
from agent.api.guard import By, Uses, technician
from agent.api.models import Json
from agent.usecases.signing import Hand

router = APIRouter(prefix="/v1", dependencies=[Depends(technician)])


@router.post("/signatures", status_code=status.HTTP_201_CREATED)
async def sign(body: bodies.SignatureBody, by: By, uses: Uses) -> Json:
    """Save a signature under a report as it was shown; refused when it shows something else by now."""
    hand = Hand(
        signatory=body.signatory,
        name=body.name,
        capacity=body.capacity,
        drawing=body.drawing,
        shown=body.shown,
    )
    return models.saved(await uses.signing.sign(body.intervention, body.report, hand, by))
