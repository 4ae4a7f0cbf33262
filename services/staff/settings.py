"""Settings of staff."""

from pydantic import Field, field_validator
from pydantic_settings import SettingsConfigDict

from services.staff.application.commands.set_up_company import ADMINISTRATOR
from services.staff.domain.employee import require_strong
from services.staff.domain.errors import WeakPasswordError
from shared.runtime.settings import DatabaseSettings


class StaffSettings(DatabaseSettings):
    """What staff needs from the environment."""

    model_config = SettingsConfigDict(env_prefix="STAFF_", extra="ignore", frozen=True)

    admin_password: str = Field("", validation_alias="VORONKA_ADMIN_PASSWORD", repr=False)

    @field_validator("admin_password")
    @classmethod
    def strong_password(cls, value: str) -> str:
        """Accept no password that could be guessed; empty means that none is set."""
        if value:
            try:
                require_strong(value, ADMINISTRATOR)
            except WeakPasswordError as error:
                raise ValueError(error.detail) from error
        return value
