"""Settings from the environment: what all units share and what each has under its own prefix."""

import sys
from typing import Annotated, Literal, TypeVar

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.http.client_address import TrustedProxies
from shared.http.tokens import KeyRing, SigningKey

Port = Annotated[int, Field(ge=1, le=65535)]


class UnitSettings(BaseSettings):
    """What every unit needs; a unit's own class sets `env_prefix` and adds its own variables."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    amqp_url: str = Field(validation_alias="VORONKA_AMQP_URL", repr=False)
    public_keys: str = Field(validation_alias="VORONKA_PUBLIC_KEYS")
    log_format: Literal["json", "console"] = Field("json", validation_alias="VORONKA_LOG_FORMAT")
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        "info", validation_alias="VORONKA_LOG_LEVEL"
    )
    public_url: str = Field("http://127.0.0.1:8000", validation_alias="VORONKA_PUBLIC_URL")
    hooks_url: str = Field("http://127.0.0.1:8001", validation_alias="VORONKA_HOOKS_URL")
    trusted_proxies: str = Field("", validation_alias="VORONKA_TRUSTED_PROXIES")
    most_connections: int = Field(2_000, ge=10, le=1_000_000, validation_alias="VORONKA_MOST_CONNECTIONS")
    """How many one process takes; one more is answered 503. An open browser holds one with its live stream."""
    staff_url: str = Field("", validation_alias="VORONKA_STAFF_URL")
    channels_url: str = Field("", validation_alias="VORONKA_CHANNELS_URL")
    contacts_url: str = Field("", validation_alias="VORONKA_CONTACTS_URL")
    leads_url: str = Field("", validation_alias="VORONKA_LEADS_URL")
    files_url: str = Field("", validation_alias="VORONKA_FILES_URL")

    signing_key: str = Field(repr=False)
    http_host: str = "127.0.0.1"
    http_port: Port

    @field_validator("public_keys")
    @classmethod
    def readable_keys(cls, value: str) -> str:
        """Accept a ring of public keys only."""
        KeyRing.parse(value)
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def networks(cls, value: str) -> str:
        """Accept addresses and networks only."""
        TrustedProxies.parse(value)
        return value

    @field_validator("signing_key")
    @classmethod
    def usable_key(cls, value: str) -> str:
        """Accept a seed of 32 bytes in base64 only."""
        if not SigningKey("", value).public:
            raise ValueError
        return value


class DatabaseSettings(UnitSettings):
    """Settings of a unit that has a database: the role that runs and the role that migrates."""

    database_url: str = Field(repr=False)
    database_owner_url: str = Field("", repr=False)


class EdgeSettings(UnitSettings):
    """Settings of a unit that answers providers: where it keeps what the broker does not take for a while."""

    spool_dir: str = ""
    """A folder on a volume that outlives the process; without one, such messages are not accepted."""
    spool_mb: int = Field(512, ge=1, le=1_000_000)
    """How many megabytes of messages one process keeps there."""


S = TypeVar("S", bound=BaseSettings)


def load(settings: type[S]) -> S:
    """Read the settings; a wrong one ends the process with code 2 and one line that names the variable."""
    try:
        return settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = _variable(settings, str(first["loc"][0]) if first["loc"] else "")
        sys.stderr.write(f"wrong setting {name}: {first['msg']}\n")
        raise SystemExit(2) from None


def _variable(settings: type[BaseSettings], location: str) -> str:
    prefix = settings.model_config.get("env_prefix", "")
    for name, field in settings.model_fields.items():
        alias = field.validation_alias
        known = alias.choices if isinstance(alias, AliasChoices) else [alias]
        if location in {name, *(str(item) for item in known if item)}:
            return str(alias) if isinstance(alias, str) else f"{prefix}{name.upper()}"
    return location.upper()
