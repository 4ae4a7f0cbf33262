"""Settings of contacts."""

from pydantic_settings import SettingsConfigDict

from shared.runtime.settings import DatabaseSettings


class ContactsSettings(DatabaseSettings):
    """What contacts needs from the environment."""

    model_config = SettingsConfigDict(env_prefix="CONTACTS_", extra="ignore", frozen=True)
