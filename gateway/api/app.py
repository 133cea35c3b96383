"""The application: routes, pages, guard."""

from collections.abc import Iterable
from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles

from gateway.api import events, fleet, office, operations, pages, problems
from gateway.api.guard import Guard
from gateway.api.services import Services

STATIC = Path(__file__).parent / "static"


def create_app(services: Services, hosts: Iterable[str]) -> FastAPI:
    """Return the application that serves ``services`` under these hosts, and under no other."""
    # The usual pages of documentation load scripts from elsewhere: the document alone is served.
    app = FastAPI(title="Relevé gateway", version="1", docs_url=None, redoc_url=None)
    app.state.services = services
    problems.install(app)
    for each in (office, fleet, events, operations, pages):
        app.include_router(each.router)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.add_middleware(Guard, hosts=frozenset(hosts))
    return app
