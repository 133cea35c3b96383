"""The agent's settings: environment ``RELEVE_AGENT_…``, then a TOML file, then flags; the later wins."""

import tomllib
from pathlib import Path
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    StringConstraints,
    ValidationError,
    field_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.signing import key_id
from contract.wire import settings as settings_wire
from contract.wire.base import Name
from contract.wire.origin import checked_origin, checked_scheme
from contract.wire.position import line_of
from contract.wire.settings import SettingsFile, Ways

PREFIX = "RELEVE_AGENT_"
LINE = r"^[1-9]\d{2,6} [78][NEO][12]$"
"""Bits a second, then data bits, parity and stop bits: ``9600 8N1``."""
FLAGS = {
    "name": "--name",
    "data": "--data",
    "tenant": "--tenant",
    "gateway_keys": "--gateway-key",
    "broker_host": "--broker-host",
    "broker_port": "--broker-port",
    "http_port": "--http-port",
}
"""The settings that `releve agent` has a flag for."""


class SettingsError(Exception):
    """The settings cannot be used; the message names the setting and the remedy."""


class SerialInstrument(BaseModel):
    """An instrument on a serial line, or one that speaks like one.

    ``path`` is best one of ``/dev/serial/by-id``; it may be ``host:port``, or the address of a bonded Bluetooth device.
    """

    model_config = ConfigDict(extra="forbid")

    slug: str
    path: Annotated[str, Field(min_length=1)]


class ModbusInstrument(BaseModel):
    """An instrument on Modbus; ``port`` is a serial device or ``host:port``."""

    model_config = ConfigDict(extra="forbid")

    slug: str
    port: Annotated[str, Field(min_length=1)]
    device: Annotated[int, Field(ge=0, le=255)] | None = None
    """Its address on the line; None: the one it leaves the factory with."""


class PaymentTerminal(BaseModel):
    """A terminal that customers pay with.

    ``at`` is ``host:port``, a host alone, or a serial device; ``line`` its settings, as in ``9600 7E1``.
    """

    model_config = ConfigDict(extra="forbid")

    name: Name
    kind: str
    at: Annotated[str, Field(min_length=1, max_length=200)]
    line: Annotated[str, StringConstraints(pattern=LINE)] | None = None
    options: dict[str, str | bool] = Field(default_factory=dict[str, str | bool])
    """What differs from other terminals of its kind."""
    secrets: dict[str, SecretStr] = Field(default_factory=dict[str, SecretStr])
    """Options that nobody may read, such as a password."""


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter="__",
        extra="forbid",
        # We decode ourselves, so that what is wrong is named like every other fault.
        enable_decoding=False,
    )

    name: Name
    """The agent's name, known to the gateway."""
    tenant: Name = "main"
    """Whose fleet the agent belongs to."""
    data: Path = Field(
        default_factory=lambda: Path.home() / ".local" / "share" / "releve" / "agent"
    )
    """Folder of the store and the key; by default ``~/.local/share/releve/agent``."""
    gateway_keys: tuple[str, ...] = ()
    """Public keys of the gateway, in base64: only what they sign is believed."""
    broker_host: Annotated[str, Field(min_length=1)] = "127.0.0.1"
    """Where the MQTT broker is."""
    broker_port: int = Field(default=1883, ge=1, le=65535)
    """Its port."""
    broker_username: str | None = None
    """Our name there."""
    broker_password: SecretStr | None = None
    """Our password there."""
    http_port: int = Field(default=7300, ge=0, le=65535)
    """On the loopback; 0 takes a free one."""
    ble: bool = True
    """Whether to look for instruments over Bluetooth Low Energy."""
    ble_backend: str | None = None
    """Dotted name of a module with the classes ``Scanner`` and ``Client`` for bleak."""
    lan: bool = False
    """Whether to listen for instruments that announce themselves on the network."""
    lan_host: str = "0.0.0.0"  # noqa: S104 - instruments announce themselves by broadcast; only with ``lan``
    """Address to listen on for their announcements."""
    lan_ports: dict[str, int] = Field(default_factory=dict[str, int])
    """Other UDP ports than the instruments' own, by slug."""
    serial: tuple[SerialInstrument, ...] = ()
    """Instruments on serial lines: a slug and a path each; the path may be ``host:port`` or a Bluetooth address."""
    modbus: tuple[ModbusInstrument, ...] = ()
    """Instruments on Modbus: a slug, a port and, where it is not the usual one, a device address each."""
    bluetooth_classic: bool = False
    """Whether to speak with bonded devices over Bluetooth Classic."""
    usb: bool = False
    """Whether to look for instruments on USB."""
    terminals: tuple[PaymentTerminal, ...] = ()
    """Payment terminals: a name, a kind and a place each; what differs from others of the kind under ``options``."""
    instrument_files: tuple[Path, ...] = ()
    """Descriptions of further instruments, in TOML."""

    form_origins: tuple[str, ...] = ()
    """Pages of form engines that may have fields filled by this device, as in ``https://forms.example.net``."""

    return_schemes: tuple[str, ...] = ()
    """Schemes of apps that a technician may be led back to with values, as in ``truecontext``."""
    import_folder: Path | None = None
    """Folder in which other programs leave files of measurements, and mappings for them; none: uploads alone."""

    _decoded = field_validator(
        *(
            "gateway_keys",
            "lan_ports",
            "serial",
            "modbus",
            "terminals",
            "instrument_files",
            "form_origins",
        ),
        "return_schemes",
        mode="before",
    )(settings_wire.decoded)

    @field_validator("form_origins")
    @classmethod
    def _are_origins(cls, origins: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked_origin(each) for each in origins)

    @field_validator("return_schemes")
    @classmethod
    def _are_schemes(cls, schemes: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(checked_scheme(each) for each in schemes)

    @field_validator("gateway_keys")
    @classmethod
    def _are_keys(cls, keys: tuple[str, ...]) -> tuple[str, ...]:
        for each in keys:
            key_id(each)
        return keys


def load(file: Path | None, flags: dict[str, Any]) -> Settings:
    """Return the settings; a flag that is None was not given. Raises SettingsError."""
    given = {key: value for key, value in flags.items() if value is not None}
    read = SettingsFile() if file is None else _read(file)
    try:
        return Settings(**{**read.values, **given})
    except ValidationError as error:
        ways = Ways(PREFIX, FLAGS, Settings.model_fields)
        wrong = settings_wire.complaints(error, ways, read, given)
        raise SettingsError(wrong) from error


def located(file: Path | None, error: SettingsError) -> str:
    """Return what is wrong, after the file and the line that say it, where the file says it."""
    read = SettingsFile() if file is None else _read(file)
    place = str(error).partition(":")[0]
    keys = [int(each) if each.isdecimal() else each for each in place.split(".")]
    if keys[0] not in read.values:
        return str(error)
    return f"{read.name}:{line_of(read.text, keys)}: {error}"


def _read(file: Path) -> SettingsFile:
    try:
        text = file.read_text(encoding="utf-8")
        return SettingsFile(str(file), text, tomllib.loads(text))
    except OSError as error:
        raise SettingsError(f"{file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"{file} cannot be read: save it as UTF-8") from error
    except ValueError as error:
        raise SettingsError(f"{file} cannot be read: {error}") from error
