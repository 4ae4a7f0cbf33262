"""Settings of staff."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import DatabaseSettings


class StaffSettings(DatabaseSettings):
    """What staff needs from the environment."""

    model_config = SettingsConfigDict(env_prefix="STAFF_", extra="ignore", frozen=True)

    admin_password: str = Field("", validation_alias="VORONKA_ADMIN_PASSWORD", repr=False)
