"""The commands ``releve gateway key``: keys of form engines."""

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Annotated, Any

import typer

from contract.topics import TopicNameError
from contract.wire.origin import OriginError
from gateway.cli.store import USAGE, Json, attempt, stop, store
from gateway.ports.requests import ApiKey
from gateway.settings import Settings
from gateway.usecases.keys import Keyring

app = typer.Typer(
    name="key",
    help="Keys with which form engines have fields filled, and do nothing else.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.command(
    epilog="Example:  releve gateway --data ./here key add praxis --origin https://forms.example.net"
)
def add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What to call it: a-z, 0-9 and '-', at most 64.")],
    origin: Annotated[
        list[str] | None,
        typer.Option(help="A page's origin that may use it; may be given several times."),
    ] = None,
    server: Annotated[
        bool, typer.Option("--server", help="For a program without a page: a server of yours.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Make a key and print its secret, this once.

    It opens the routes under /v1/form alone, and those only to the pages that it is for.
    """
    settings: Settings = context.obj
    if origin and server:
        stop("--origin and --server do not go together: a key is for pages or for a server", USAGE)
    if not origin and not server:
        stop("say --origin for the page that uses the key, or --server", USAGE)
    try:
        secret = attempt(_add(settings, name, tuple(origin or ())))
    except (TopicNameError, OriginError) as error:
        stop(str(error), USAGE)
    if as_json:
        typer.echo(json.dumps({"name": name, "origins": origin or [], "key": secret}))
        return
    typer.echo(f"The key {name} is made. Keep it now, it is not shown again:")
    typer.echo()
    typer.echo(secret)


@app.command(name="list", epilog="Example:  releve gateway --data ./here key list")
def list_keys(context: typer.Context, as_json: Json = False) -> None:
    """List the keys, without their secrets."""
    keys = attempt(_keys(context.obj))
    for each in keys:
        typer.echo(json.dumps(_document(each)) if as_json else _line(each))
    if not keys and not as_json:
        typer.echo("There is no key: form engines open nothing here.", err=True)


@app.command(epilog="Example:  releve gateway --data ./here key revoke praxis")
def revoke(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What the key is called.")],
    as_json: Json = False,
) -> None:
    """Let a key open nothing more, from now on."""
    attempt(_revoke(context.obj, name))
    typer.echo(json.dumps({"name": name, "revoked": True}) if as_json else f"{name} is revoked.")


def _document(key: ApiKey) -> dict[str, Any]:
    return {
        "name": key.name,
        "origins": list(key.origins),
        "created_at": key.created_at,
        "revoked_at": key.revoked_at,
    }


def _line(key: ApiKey) -> str:
    state = f"revoked {key.revoked_at[:10]}" if key.revoked_at else "open"
    return f"{key.name}\t{state}\t{', '.join(key.origins) or 'no page'}"


async def _add(settings: Settings, name: str, origins: tuple[str, ...]) -> str:
    async with _keyring(settings) as keyring:
        return await keyring.add(name, origins)


async def _keys(settings: Settings) -> Sequence[ApiKey]:
    async with _keyring(settings) as keyring:
        return await keyring.kept.keys()


async def _revoke(settings: Settings, name: str) -> None:
    async with _keyring(settings) as keyring:
        await keyring.kept.revoke(name)


@asynccontextmanager
async def _keyring(settings: Settings) -> AsyncGenerator[Keyring]:
    import os

    from gateway.adapters.store.keys import SqlApiKeys
    from gateway.main import now

    async with store(settings) as database:
        yield Keyring(SqlApiKeys(database, settings.tenant, now), now, os.urandom)
