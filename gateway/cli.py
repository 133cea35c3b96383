"""The command ``releve gateway``."""

import asyncio
import json
from collections.abc import AsyncGenerator, Coroutine, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any, NoReturn, TypeVar

import typer

from contract.signing import KeyRecord, SignatureError
from contract.topics import TopicNameError, checked_name
from contract.words import counted
from gateway.ports.fleet import Agent, Key, Registry
from gateway.settings import Settings, SettingsError, load

app = typer.Typer(
    name="gateway",
    help="The server: takes captures in, keeps interventions, answers programs and people.",
    invoke_without_command=True,
    no_args_is_help=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
FAILED, USAGE = 1, 2
PAGE = 200

Result = TypeVar("Result")


class NoGatewayError(Exception):
    """No gateway was ever started where the settings say; the message names the place and the remedy."""


Json = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


@app.callback(
    epilog="Examples:  releve gateway --data ./here --port 0 --json   |   releve gateway --data ./here agents"
)
def gateway(
    context: typer.Context,
    *,
    as_json: Json = False,
    config: Annotated[Path | None, typer.Option(help="Settings file (TOML).")] = None,
    data: Annotated[
        Path | None, typer.Option(help="Directory of the database and the key.")
    ] = None,
    database: Annotated[str | None, typer.Option(help="sqlite:///… or postgresql://…")] = None,
    key_file: Annotated[
        Path | None, typer.Option(help="The signing key, same for replicas.")
    ] = None,
    tenant: Annotated[str | None, typer.Option(help="Whose gateway this is.")] = None,
    broker_host: Annotated[str | None, typer.Option(help="Where the MQTT broker is.")] = None,
    broker_port: Annotated[int | None, typer.Option(help="Its port.")] = None,
    broker_username: Annotated[str | None, typer.Option(help="Our name there.")] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on; 0: any.")] = None,
    serve_as: Annotated[
        list[str] | None, typer.Option(help="One more name (name or name:port) browsers use.")
    ] = None,
    expose_without_authentication: Annotated[
        bool, typer.Option(help="Listen beyond the loopback although nobody has to sign in.")
    ] = False,
) -> None:
    """Run the gateway, or one of the commands below.

    A password for the broker is given in the environment, as RELEVE_GATEWAY_BROKER_PASSWORD.
    """
    flags: dict[str, Any] = {
        "data": data,
        "database": database,
        "key_file": key_file,
        "tenant": tenant,
        "broker_host": broker_host,
        "broker_port": broker_port,
        "broker_username": broker_username,
        "host": host,
        "port": port,
        "hosts": tuple(serve_as) if serve_as else None,
        "expose_without_authentication": expose_without_authentication or None,
    }
    try:
        settings = load(flags, config)
    except SettingsError as error:
        _stop(str(error), USAGE)
    if settings.data.exists() and not settings.data.is_dir():
        _stop(f"data: {settings.data} is not a folder: name one with --data", USAGE)
    context.obj = settings
    if context.invoked_subcommand is None:
        _serve(settings, as_json)


def _serve(settings: Settings, as_json: bool) -> None:
    from gateway import logs
    from gateway.main import Ready, serve

    def announce(ready: Ready) -> None:
        if as_json:
            said = {"gateway": ready.url, "key": ready.key, "created": ready.created}
            typer.echo(json.dumps({**said, "ready": True}))
        else:
            if ready.created:
                typer.echo(f"A new gateway was made in {settings.data.absolute()}")
            typer.echo(f"The gateway is ready at {ready.url}; its key is {ready.key}")

    logs.configure()
    _attempt(serve(settings, announce))


@app.command(
    epilog="Example:  releve gateway --data ./here enrol van-7 --key 6C0y2hYt1t6n0T0iU0k2mW8m7hQ8vN3kJr1q0m3o4xA="
)
def enrol(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The agent's name: a-z, 0-9 and '-', at most 64.")],
    key: Annotated[str, typer.Option(help="The agent's public key, in base64.")],
    as_json: Json = False,
) -> None:
    """Register an agent's key, and say what the agent's settings need."""
    settings: Settings = context.obj
    try:
        record = KeyRecord(checked_name(name), key)
        registered = record.id
    except (TopicNameError, SignatureError) as error:
        _stop(str(error), USAGE)
    public = _attempt(_enrol(settings, record))
    if as_json:
        shown = {"agent": name, "key_id": registered, "tenant": settings.tenant, "gateway": public}
        typer.echo(json.dumps(shown))
        return
    typer.echo(f"Agent {name} is enrolled with key {registered}.")
    typer.echo("Put these lines into the agent's settings:")
    typer.echo()
    for line in _agent_settings(settings, name, public):
        typer.echo(line)


def _agent_settings(settings: Settings, name: str, public: str) -> Iterator[str]:
    yield f"name = {json.dumps(name)}"
    yield f"tenant = {json.dumps(settings.tenant)}"
    for setting in ("broker_host", "broker_port"):
        if setting in settings.model_fields_set:
            yield f"{setting} = {json.dumps(getattr(settings, setting))}"
        else:
            # A default would be taken for what the running gateway uses.
            yield f"# {setting} = …  where the device finds the broker"
    yield f"gateway_keys = {json.dumps([public])}"


async def _enrol(settings: Settings, record: KeyRecord) -> str:
    import os

    from gateway.adapters.keyfile import load_key

    async with _registry(settings) as registry:
        own = load_key(settings.key_path, os.urandom)
        await registry.enrol(record)
    return own.public


@app.command(epilog="Example:  releve gateway --data ./here revoke van-7")
def revoke(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="The agent's name.")],
    as_json: Json = False,
) -> None:
    """Stop believing an agent: nothing it sends from now on is attached or answered."""
    settings: Settings = context.obj
    number = _attempt(_revoke(settings, name))
    if as_json:
        typer.echo(json.dumps({"agent": name, "revoked": number}))
    else:
        typer.echo(f"{counted(number, 'key')} revoked.")


async def _revoke(settings: Settings, name: str) -> int:
    async with _registry(settings) as registry:
        return await registry.revoke(name)


@app.command(epilog="Example:  releve gateway --data ./here agents --json")
def agents(context: typer.Context, as_json: Json = False) -> None:
    """List the agents, with their keys."""
    settings: Settings = context.obj
    for each in _attempt(_agents(settings)):
        if as_json:
            typer.echo(json.dumps(_document(each)))
        else:
            state = "revoked" if each.revoked else "enrolled"
            typer.echo(f"{each.name}\t{state}\t{', '.join(_shown(key) for key in each.keys)}")


def _document(agent: Agent) -> dict[str, Any]:
    return {
        "name": agent.name,
        "revoked": agent.revoked,
        "keys": [each.record.id for each in agent.keys if each.revoked_at is None],
        "revoked_keys": [
            {"id": each.record.id, "revoked_at": each.revoked_at}
            for each in agent.keys
            if each.revoked_at is not None
        ],
    }


def _shown(key: Key) -> str:
    return f"{key.record.id} (revoked {key.revoked_at[:10]})" if key.revoked_at else key.record.id


async def _agents(settings: Settings) -> list[Agent]:
    found: list[Agent] = []
    cursor: str | None = None
    async with _registry(settings) as registry:
        while True:
            page = await registry.agents(cursor, PAGE)
            found += page.items
            cursor = page.next
            if cursor is None:
                return found


@asynccontextmanager
async def _registry(settings: Settings) -> AsyncGenerator[Registry]:
    """Give the registry of a gateway that was started before; raises NoGatewayError."""
    import os

    from gateway.adapters.store.fleet import SqlRegistry
    from gateway.main import lacking, now, open_store

    # A mistyped folder would become a gateway of its own, which no agent knows.
    if (missing := await lacking(settings)) is not None:
        data = settings.data.absolute()
        raise NoGatewayError(
            f"no gateway lives in {data}: {missing}. Give the --data of the one that runs, "
            f"or make one: start it once with `releve gateway --data {data}`"
        )
    database = await open_store(settings)
    try:
        yield SqlRegistry(database, settings.tenant, now, os.urandom)
    finally:
        await database.close()


def _attempt(work: Coroutine[Any, Any, Result]) -> Result:
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
        _stop(str(error), FAILED)


def _stop(message: str, code: int) -> NoReturn:
    typer.echo(f"releve gateway: {message}", err=True)
    raise typer.Exit(code)
