"""The application that uvicorn serves."""

from collections.abc import Iterable

from fastapi import FastAPI

from agent.api import problems, routes
from agent.api.guard import LocalOnly
from agent.api.services import Services


def application(services: Services, hosts: Iterable[str]) -> LocalOnly:
    """Return the local API; it answers only requests made to one of ``hosts`` (address and port)."""
    app = FastAPI(
        title="Relevé agent",
        version=services.version,
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    problems.install(app)
    app.include_router(routes.public)
    app.include_router(routes.router)
    return LocalOnly(app, hosts)
