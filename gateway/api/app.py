"""The application: routes, pages, guard."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI, Response
from fastapi.staticfiles import StaticFiles

from gateway.api import (
    events,
    fleet,
    form_engines,
    office,
    operations,
    pages,
    problems,
    report_pdf,
    verify,
)
from gateway.api.crossing import Crossing
from gateway.api.guard import Guard
from gateway.api.services import Services

COMPONENT = ("contract.forms.component", "web")
STATIC = Path(__file__).parent / "static"


class _ForEveryPage(StaticFiles):
    """Files that pages of any origin may load: they hold no data."""

    def file_response(self, *arguments: Any, **more: Any) -> Response:
        response = super().file_response(*arguments, **more)
        response.headers["Access-Control-Allow-Origin"] = "*"
        response.headers["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response


def create_app(services: Services, hosts: Iterable[str]) -> FastAPI:
    """Return the application that serves ``services`` under these hosts, and under no other."""
    # A report's PDF first: the route of the report itself would take its address.
    routers = (report_pdf, office, fleet, form_engines, events, operations, verify, pages)
    return _app("Relevé gateway", services, hosts, [each.router for each in routers])


def create_forms_app(services: Services, hosts: Iterable[str]) -> FastAPI:
    """Return the application for whoever is not of the office: form engines with a key, readers of printed reports."""
    routers = [form_engines.router, verify.router]
    return _app("Relevé gateway for form engines", services, hosts, routers)


def _app(
    title: str, services: Services, hosts: Iterable[str], routers: Iterable[APIRouter]
) -> FastAPI:
    # The usual pages of documentation load scripts from elsewhere: the document alone is served.
    app = FastAPI(title=title, version="1", docs_url=None, redoc_url=None)
    app.state.services = services
    problems.install(app)
    for each in routers:
        app.include_router(each)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount("/component", _ForEveryPage(packages=[COMPONENT]), name="component")
    app.add_middleware(Crossing, keyring=services.keyring)
    app.add_middleware(Guard, hosts=frozenset(hosts))
    return app
