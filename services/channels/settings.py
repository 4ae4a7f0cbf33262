"""Settings of channels."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import DatabaseSettings


class ChannelsSettings(DatabaseSettings):
    """What channels needs from the environment."""

    model_config = SettingsConfigDict(env_prefix="CHANNELS_", extra="ignore", frozen=True)

    secret_keys: str = Field(validation_alias="VORONKA_SECRET_KEYS")
