"""The application that uvicorn serves."""

from collections.abc import Callable, Iterable
from pathlib import Path

from fastapi import FastAPI, Request, Response
from fastapi.staticfiles import StaticFiles

from agent.api import (
    pages,
    pages_callback,
    pages_payments,
    problems,
    routes,
    routes_files,
    routes_links,
    routes_payments,
    routes_procedures,
    routes_signatures,
)
from agent.api.guard import LocalOnly
from agent.api.services import Services

STATIC = Path(__file__).parent / "static"


Unforeseen = Callable[[Request, Exception], Response]


def application(
    services: Services,
    hosts: Iterable[str],
    unforeseen: Unforeseen | None = None,
    *,
    form_origins: Iterable[str] = (),
) -> LocalOnly:
    """Return the local API; it answers only requests made to one of ``hosts`` (address and port).

    ``unforeseen`` answers for errors that nothing else does. Pages of ``form_origins`` may have fields filled.
    """
    app = FastAPI(
        title="Relevé agent",
        version=services.version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
    )
    app.state.services = services
    problems.install(app)
    if unforeseen is not None:
        app.add_exception_handler(Exception, unforeseen)
    app.include_router(routes.public)
    app.include_router(routes.router)
    app.include_router(routes_files.router)
    app.include_router(routes_links.router)
    app.include_router(routes_payments.router)
    app.include_router(routes_procedures.router)
    app.include_router(routes_signatures.router)
    app.include_router(pages.shell)
    app.include_router(pages.fragments)
    app.include_router(pages_payments.shell)
    app.include_router(pages_payments.fragments)
    app.include_router(pages_callback.shell)
    app.include_router(pages_callback.fragments)
    app.mount("/static", StaticFiles(directory=STATIC), name="static")
    app.mount(
        "/component",
        StaticFiles(packages=[("contract.forms.component", "web")]),
        name="component",
    )
    return LocalOnly(app, hosts, form_origins)
