"""Settings of leads."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import DatabaseSettings


class LeadsSettings(DatabaseSettings):
    """What leads needs from the environment."""

    model_config = SettingsConfigDict(env_prefix="LEADS_", extra="ignore", frozen=True)

    batch_size: int = Field(default=500, ge=1, le=2_000)
