"""Routes for whoever runs the gateway."""

from http import HTTPStatus
from typing import Any

from fastapi import APIRouter, Response

from gateway.api.services import Here

router = APIRouter()


@router.get("/healthz")
async def healthy() -> dict[str, str]:
    """Say that the process runs."""
    return {"status": "ok"}


@router.get("/readyz")
async def ready(here: Here, response: Response) -> dict[str, Any]:
    """Say whether captures can be taken in now."""
    checks = {"broker": here.down.connected, "store": here.store_answers()}
    if not all(checks.values()):
        response.status_code = HTTPStatus.SERVICE_UNAVAILABLE
    return {"ready": all(checks.values()), "checks": checks}


@router.get("/metrics", response_model=None)
async def metrics(here: Here) -> Response:
    """Return the counts, for Prometheus."""
    return Response(here.metrics(), media_type="text/plain; version=1.0.0; charset=utf-8")


@router.get("/v1/gateway")
async def gateway(here: Here) -> dict[str, str]:
    """Say who this gateway is: what agents pin at enrolment."""
    return {"tenant": here.tenant, "key": here.key.public, "key_id": here.key.id}
