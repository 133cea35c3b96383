"""Settings: environment ``RELEVE_GATEWAY_…``, then a TOML file, then flags; the later wins."""

import os
import re
import tomllib
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from contract.wire import settings as settings_wire
from contract.wire.base import Name
from contract.wire.settings import SettingsFile, Ways

PREFIX = "RELEVE_GATEWAY_"
CONFIG = f"{PREFIX}CONFIG"
"""Names the settings file in the environment."""
FLAGS = {
    "data": "--data",
    "database": "--database",
    "key_file": "--key-file",
    "tenant": "--tenant",
    "broker_host": "--broker-host",
    "broker_port": "--broker-port",
    "broker_username": "--broker-username",
    "host": "--host",
    "port": "--port",
    "forms_host": "--forms-host",
    "forms_port": "--forms-port",
    "tls_certificate": "--tls-certificate",
    "tls_key": "--tls-key",
    "hosts": "--serve-as",
    "expose_without_authentication": "--expose-without-authentication",
}
"""The settings that `releve gateway` has a flag for."""
_PUBLIC_URL = re.compile(
    r"(https?)://((?:[a-z0-9.-]+|\[[0-9a-f:]+\])(?::[0-9]{1,5})?)(?:/[A-Za-z0-9._~-]+)*", re.ASCII
)
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


class SettingsError(Exception):
    """The settings cannot be used; the message names the setting and the remedy."""


def data_directory() -> Path:
    """Return where the gateway keeps its files unless told."""
    base = os.environ.get("XDG_DATA_HOME") or str(Path.home() / ".local" / "share")
    return Path(base) / "releve" / "gateway"


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        extra="forbid",
        frozen=True,
        # We decode ourselves, so that what is wrong is named like every other fault.
        enable_decoding=False,
    )

    data: Path = Field(default_factory=data_directory)
    """Directory of the database and the key."""
    database: SecretStr | None = None
    """URL; None: SQLite in the data directory. Secret, since it may hold a password."""
    key_file: Path | None = None
    """File of the signing key, the same for all replicas; None: in the data directory."""
    tenant: Name = "main"
    """Whose gateway this is."""
    broker_host: str = "127.0.0.1"
    """Where the MQTT broker is."""
    broker_port: int = Field(default=1883, ge=1, le=65535)
    """Its port."""
    broker_username: str | None = None
    """Our name there."""
    broker_password: SecretStr | None = None
    """Our password there."""
    host: str = "127.0.0.1"
    """Address to listen on."""
    port: int = Field(default=7400, ge=0, le=65535)
    """Port to listen on; 0 takes a free one."""
    hosts: tuple[str, ...] = ()
    """More names (``name`` or ``name:port``) under which browsers may reach the gateway."""
    forms_host: str | None = None
    """Address of a door for form engines and readers of printed reports alone; None: there is none."""
    forms_port: int = Field(default=7443, ge=0, le=65535)
    """Its port; 0 takes a free one."""
    tls_certificate: Path | None = None
    """Certificate of that door, with its chain, in PEM; beyond the loopback it must have one."""
    tls_key: Path | None = None
    """Private key of the certificate, in PEM."""
    official_forms: Path | None = None
    """Folder of official PDFs, each called as the form that fills it: ``cerfa-15497.pdf``."""
    public_url: str | None = None
    """Where readers of a printed report reach us, as in ``https://releve.example.net``; None: where we listen."""
    time_zone: str = "Europe/Paris"
    """Zone of the times on printed reports, by its name in the IANA database."""
    expose_without_authentication: bool = False
    """Listen beyond the loopback although everybody who reaches the port may do everything."""

    _decoded = field_validator("hosts", mode="before")(settings_wire.decoded)

    @field_validator("public_url")
    @classmethod
    def _reached(cls, url: str | None) -> str | None:
        if url is not None and _PUBLIC_URL.fullmatch(url) is None:
            raise ValueError(
                "must be an address as in https://releve.example.net, without a slash at its end"
            )
        return url

    @field_validator("time_zone")
    @classmethod
    def _known(cls, zone: str) -> str:
        try:
            ZoneInfo(zone)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError(
                "is no zone of the IANA database, such as Europe/Paris or UTC"
            ) from error
        return zone

    @property
    def tls(self) -> tuple[Path, Path] | None:
        """The certificate and its key, None without them."""
        if self.tls_certificate is None or self.tls_key is None:
            return None
        return self.tls_certificate, self.tls_key

    @property
    def public_hosts(self) -> frozenset[str]:
        """The name that the public address adds to those the gateway is reached under."""
        found = _PUBLIC_URL.fullmatch(self.public_url or "")
        return frozenset() if found is None else frozenset({found[2]})

    @property
    def database_url(self) -> str:
        if self.database is not None:
            return self.database.get_secret_value()
        return f"sqlite+aiosqlite:///{self.data.absolute() / 'gateway.db'}"

    @property
    def key_path(self) -> Path:
        return self.key_file if self.key_file is not None else self.data / "gateway.key"


def load(flags: dict[str, Any], config: Path | None = None) -> Settings:
    """Return the settings; a flag that is None was not given. Raises SettingsError."""
    given = {name: value for name, value in flags.items() if value is not None}
    named = config or (Path(file) if (file := os.environ.get(CONFIG)) else None)
    read = SettingsFile() if named is None else _read(named)
    try:
        settings = Settings(**{**read.values, **given})
    except ValidationError as error:
        ways = Ways(PREFIX, FLAGS, Settings.model_fields)
        wrong = settings_wire.complaints(error, ways, read, given)
        raise SettingsError(wrong) from error
    if settings.host not in LOOPBACK and not settings.expose_without_authentication:
        raise SettingsError(
            f"host: {settings.host} is not the loopback, and this version knows no sign-in: whoever reaches "
            "the port may do everything. Keep 127.0.0.1, or say --expose-without-authentication"
        )
    _check_door(settings)
    return settings


def _check_door(settings: Settings) -> None:
    if (settings.tls_certificate is None) is not (settings.tls_key is None):
        raise SettingsError("tls_certificate and tls_key go together: give both, or neither")
    for name in ("tls_certificate", "tls_key"):
        file = getattr(settings, name)
        if file is not None and not file.is_file():
            raise SettingsError(f"{name}: there is no file {file}")
    open_to_others = settings.forms_host is not None and settings.forms_host not in LOOPBACK
    if open_to_others and settings.tls is None:
        raise SettingsError(
            f"forms_host: {settings.forms_host} is not the loopback, and keys would travel in the clear: "
            "give tls_certificate and tls_key, or keep 127.0.0.1"
        )


def _read(file: Path) -> SettingsFile:
    try:
        text = file.read_text(encoding="utf-8")
        return SettingsFile(str(file), text, tomllib.loads(text))
    except OSError as error:
        raise SettingsError(f"config: {file} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise SettingsError(f"config: {file} cannot be read: save it as UTF-8") from error
    except ValueError as error:
        raise SettingsError(f"config: {file} cannot be read: {error}") from error
