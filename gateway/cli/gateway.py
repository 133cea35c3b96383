"""The command ``releve gateway``."""

import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from contract.signing import KeyRecord, SignatureError
from contract.topics import TopicNameError, checked_name
from contract.words import counted
from gateway.cli import keys
from gateway.cli.store import USAGE, Json, attempt, stop, store
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
app.add_typer(keys.app)
PAGE = 200


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
    forms_host: Annotated[
        str | None, typer.Option(help="Address of a door for form engines and readers of reports.")
    ] = None,
    forms_port: Annotated[int | None, typer.Option(help="Its port; 0: any.")] = None,
    tls_certificate: Annotated[
        Path | None, typer.Option(help="Certificate of that door, in PEM.")
    ] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Private key of the certificate.")] = None,
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
        "forms_host": forms_host,
        "forms_port": forms_port,
        "tls_certificate": tls_certificate,
        "tls_key": tls_key,
        "hosts": tuple(serve_as) if serve_as else None,
        "expose_without_authentication": expose_without_authentication or None,
    }
    try:
        settings = load(flags, config)
    except SettingsError as error:
        stop(str(error), USAGE)
    if settings.data.exists() and not settings.data.is_dir():
        stop(f"data: {settings.data} is not a folder: name one with --data", USAGE)
    context.obj = settings
    if context.invoked_subcommand is None:
        _serve(settings, as_json)


def _serve(settings: Settings, as_json: bool) -> None:
    from gateway import logs
    from gateway.main import Ready, serve

    def announce(ready: Ready) -> None:
        if as_json:
            said = {"gateway": ready.url, "key": ready.key, "created": ready.created}
            said |= {"forms": ready.forms} if ready.forms else {}
            typer.echo(json.dumps({**said, "ready": True}))
        else:
            if ready.created:
                typer.echo(f"A new gateway was made in {settings.data.absolute()}")
            typer.echo(f"The gateway is ready at {ready.url}; its key is {ready.key}")
            if ready.forms:
                typer.echo(f"Form engines and readers of reports find it at {ready.forms}")

    logs.configure()
    attempt(serve(settings, announce))


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
        stop(str(error), USAGE)
    public = attempt(_enrol(settings, record))
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
    number = attempt(_revoke(settings, name))
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
    for each in attempt(_agents(settings)):
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
    import os

    from gateway.adapters.store.fleet import SqlRegistry
    from gateway.main import now

    async with store(settings) as database:
        yield SqlRegistry(database, settings.tenant, now, os.urandom)
