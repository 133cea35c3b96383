"""`releve agent`: run one, and prepare one."""

import asyncio
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from agent import settings as agent_settings
from agent.cli import output
from agent.cli.folder import folder
from agent.settings import Settings, SettingsError
from contract.words import counted

app = typer.Typer(no_args_is_help=False, help="Run the edge agent, or prepare one.")


class Level(StrEnum):
    """How important a log entry is."""

    DEBUG = "DEBUG"
    INFO = "INFO"
    WARNING = "WARNING"
    ERROR = "ERROR"


Name = Annotated[
    str | None, typer.Option("--name", help="The agent's name, known to the gateway.")
]
Data = Annotated[Path | None, typer.Option("--data", help="Folder of the store and the key.")]
Config = Annotated[
    Path | None, typer.Option("--config", help="Settings in TOML.", exists=True, dir_okay=False)
]


@app.callback(invoke_without_command=True)
def agent(
    context: typer.Context,
    *,
    name: Name = None,
    data: Data = None,
    config: Config = None,
    tenant: Annotated[str | None, typer.Option(help="Whose fleet it belongs to.")] = None,
    gateway_key: Annotated[
        list[str] | None, typer.Option(help="Public key of the gateway, in base64.")
    ] = None,
    broker_host: Annotated[str | None, typer.Option(help="Where the broker is.")] = None,
    broker_port: Annotated[int | None, typer.Option(help="Port of the broker.")] = None,
    http_port: Annotated[
        int | None, typer.Option(help="Port of the local API; 0 takes a free one.")
    ] = None,
    log_level: Annotated[Level, typer.Option(help="From which importance up.")] = Level.INFO,
    as_json: output.AsJson = False,
) -> None:
    """Run the agent until Ctrl-C. Every setting can also be given as RELEVE_AGENT_… or in a TOML file.

    Example: releve agent --name van-7 --gateway-key 11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=
    """
    flags: dict[str, Any] = {
        "name": name,
        "data": data,
        "tenant": tenant,
        "gateway_keys": tuple(gateway_key) if gateway_key else None,
        "broker_host": broker_host,
        "broker_port": broker_port,
        "http_port": http_port,
    }
    context.obj = (config, flags)
    if context.invoked_subcommand is None:
        _run(_settings(context), config, log_level, as_json=as_json)


def _settings(context: typer.Context) -> Settings:
    config, flags = context.obj
    try:
        return agent_settings.load(config, flags)
    except SettingsError as error:
        output.misused(f"settings: {error}")


def _run(settings: Settings, config: Path | None, log_level: Level, *, as_json: bool) -> None:
    from agent import logs, main
    from agent.adapters.gatt import BackendError

    logs.configure(log_level)

    def ready(address: str) -> None:
        if as_json:
            output.json_line({"agent": settings.name, "address": address, "ready": True})
        else:
            output.line(f"Agent {settings.name}: {address}  (Ctrl-C stops it)")

    with folder(settings):
        try:
            asyncio.run(main.run(settings, ready))
        except main.PortTakenError as error:
            output.fail(f"http_port {error}; choose another with --http-port")
        except SettingsError as error:
            output.misused(f"settings: {agent_settings.located(config, error)}")
        except BackendError as error:
            wrong = SettingsError(f"ble_backend: {error}")
            output.misused(f"settings: {agent_settings.located(config, wrong)}")


@app.command()
def key(context: typer.Context, *, as_json: output.AsJson = False) -> None:
    """Print the agent's public key, made at the first call, for `releve gateway enrol`.

    Example: releve agent --name van-7 key
    """
    from agent.stored import key_of

    settings = _settings(context)
    with folder(settings):
        public = key_of(settings)
    document: dict[str, object] = {
        "agent": settings.name,
        "key": public.public,
        "id": public.id,
    }
    output.document(document, lambda each: str(each["key"]), as_json=as_json)


@app.command()
def technician(
    context: typer.Context,
    id: Annotated[str, typer.Argument(help="Short name, to sign in with.")],
    full_name: Annotated[str, typer.Argument(help="Name as it stands on reports.")],
    *,
    refunds: Annotated[
        bool | None,
        typer.Option(
            "--refunds/--no-refunds",
            help="Whether they may give money back at a payment terminal.",
            show_default="as before; at first not",
        ),
    ] = None,
    as_json: output.AsJson = False,
) -> None:
    """Let a technician sign in on this agent; prints a new PIN, once. Calling it again replaces the PIN.

    Example: releve agent --name van-7 technician amira "Amira Benali"
    """
    from agent.adapters import pins
    from contract.wire.captured import Technician

    settings = _settings(context)
    try:
        person = Technician(id=id, name=full_name)
    except ValidationError as error:
        if error.errors()[0]["loc"] == ("name",):
            output.misused(f"{full_name[:40]!r}: a name is 1 to 200 characters")
        output.misused(f"{id[:70]!r}: a short name is 1 to 64 characters of a-z, 0-9 and '-'")
    pin = pins.new_pin()
    with folder(settings):
        asyncio.run(_keep(settings, person, pins.hash_pin(pin), refunds))
    document: dict[str, object] = {"technician": id, "name": full_name, "pin": pin}
    output.document(document, lambda each: f"PIN of {full_name}: {each['pin']}", as_json=as_json)


@app.command()
def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to write it; must not exist.")],
) -> None:
    """Write every capture of this agent, with the keys to verify them, as CloudEvents, one a line.

    Example: releve agent --name van-7 export van-7.jsonl && releve verify van-7.jsonl
    """
    from agent.cli.export import export_lines

    if file.exists():
        output.misused(f"{file} exists: choose another name")
    settings = _settings(context)
    with folder(settings, may_make=False):
        lines = asyncio.run(export_lines(settings))
    try:
        file.write_text("".join(f"{each}\n" for each in lines), encoding="utf-8")
    except OSError as error:
        output.fail(f"{file}: {error.strerror}")
    output.line(f"{file}: {counted(len(lines), 'line')}")


async def _keep(settings: Settings, person: Any, pin_hash: str, refunds: bool | None) -> None:
    from agent.cli.export import opened

    async with opened(settings) as store:
        await store.records.keep_technician(person, pin_hash, refunds=refunds)
