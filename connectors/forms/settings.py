"""Settings of the forms connector."""

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import EdgeSettings

_FILE_STORES = ("file:///", "s3://")


class FormsSettings(EdgeSettings):
    """What forms needs from the environment."""

    model_config = SettingsConfigDict(env_prefix="FORMS_", extra="ignore", frozen=True)

    channels_url: str = Field(validation_alias="VORONKA_CHANNELS_URL", pattern="^https?://")
    posts_per_minute: int = Field(60, ge=1, le=1_000_000)
    """How many posts one address may send in a minute; this machine itself is exempt."""
    publish_timeout_ms: int = Field(1_000, ge=10, le=60_000)
    """How long the broker may take to confirm before the inquiry goes to the spool; without one the answer is 503."""
    files_timeout_ms: int = Field(10_000, ge=10, le=600_000)
    """How long the file store may take with what a post brings; for Tilda, which waits 5 s in all, 3 s at most."""
    lookup_timeout_ms: int = Field(500, ge=10, le=10_000)
    """How long channels may take to say whose key it is."""

    @field_validator("files_url")
    @classmethod
    def _store(cls, value: str) -> str:
        if value and not value.startswith(_FILE_STORES):
            raise ValueError(f"must begin with one of {', '.join(_FILE_STORES)}")
        return value
