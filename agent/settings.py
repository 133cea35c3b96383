"""The agent's settings: environment ``RELEVE_AGENT_…``, a TOML file, flags; a flag wins, then the environment."""

from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, SecretStr
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from contract.wire.base import Name


class SerialInstrument(BaseModel):
    """An instrument on a serial line; ``path`` is best one of ``/dev/serial/by-id``."""

    slug: str
    path: str


class Settings(BaseSettings):
    """Everything that can be set."""

    model_config = SettingsConfigDict(
        env_prefix="RELEVE_AGENT_", env_nested_delimiter="__", extra="forbid"
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
    broker_host: str = "127.0.0.1"
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
    """Instruments on serial lines: a slug and a path each."""

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources; the file's name comes from ``load``."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)


def load(file: Path | None, flags: dict[str, Any]) -> Settings:
    """Return the settings; raises ValidationError, which names what is wrong, or ValueError for the file."""

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    return FromFile(**{key: value for key, value in flags.items() if value is not None})
