"""Settings of channels."""

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from shared.kernel.sealing import SealingKeys
from shared.runtime.settings import DatabaseSettings


class ChannelsSettings(DatabaseSettings):
    """What channels needs from the environment."""

    model_config = SettingsConfigDict(env_prefix="CHANNELS_", extra="ignore", frozen=True)

    secret_keys: str = Field(validation_alias="VORONKA_SECRET_KEYS", repr=False)

    forms_url: str = Field("", pattern="^(https?://.*)?$")
    """Where the connector of forms is reached from here, if not at `VORONKA_HOOKS_URL`."""

    @field_validator("secret_keys")
    @classmethod
    def usable_keys(cls, value: str) -> str:
        """Accept a ring of sealing keys only."""
        SealingKeys.parse(value)
        return value
