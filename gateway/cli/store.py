"""What the commands on a gateway's store share: a store that is there, and errors in words."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated, Any, NoReturn, TypeVar

import typer

from gateway.settings import Settings

if TYPE_CHECKING:
    from gateway.adapters.store.engine import Database

FAILED, USAGE = 1, 2

Result = TypeVar("Result")
Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


class NoGatewayError(Exception):
    """No gateway was ever started where the settings say; the message names the place and the remedy."""


@asynccontextmanager
async def store(settings: Settings) -> "AsyncGenerator[Database]":
    """Give the store of a gateway that was started before; raises NoGatewayError."""
    from gateway.main import lacking, open_store

    # A mistyped folder would become a gateway of its own, which no agent knows.
    if (missing := await lacking(settings)) is not None:
        data = settings.data.absolute()
        raise NoGatewayError(
            f"no gateway lives in {data}: {missing}. Give the --data of the one that runs, "
            f"or make one: start it once with `releve gateway --data {data}`"
        )
    database = await open_store(settings)
    try:
        yield database
    finally:
        await database.close()


def attempt(work: Coroutine[Any, Any, Result]) -> Result:
    """Return what a command found; what can go wrong ends it with the reason."""
    from gateway.adapters.keyfile import KeyFileError
    from gateway.adapters.store.engine import StoreUrlError
    from gateway.ports.inbox import StoreUnavailableError
    from gateway.ports.office import AbsentError, ConflictError

    expected = (
        NoGatewayError,
        KeyFileError,
        StoreUrlError,
        StoreUnavailableError,
        AbsentError,
        ConflictError,
        OSError,
    )
    try:
        return asyncio.run(work)
    except expected as error:
        stop(str(error), FAILED)


def stop(message: str, code: int) -> NoReturn:
    """End a command with a reason."""
    typer.echo(f"releve gateway: {message}", err=True)
    raise typer.Exit(code)
