"""Settings of the gateway."""

from pydantic import Field
from pydantic_settings import SettingsConfigDict

from services.gateway.domain.owners import UnitName
from shared.http.client_address import TrustedProxies
from shared.runtime.settings import UnitSettings


class GatewaySettings(UnitSettings):
    """What the gateway needs from the environment: where the other units are."""

    model_config = SettingsConfigDict(env_prefix="GATEWAY_", extra="ignore", frozen=True)

    staff_url: str = Field(min_length=1, validation_alias="VORONKA_STAFF_URL")
    channels_url: str = Field(min_length=1, validation_alias="VORONKA_CHANNELS_URL")
    contacts_url: str = Field(min_length=1, validation_alias="VORONKA_CONTACTS_URL")
    leads_url: str = Field(min_length=1, validation_alias="VORONKA_LEADS_URL")
    reload: bool = False
    """Read templates and static files anew for each request: for work on the pages."""

    @property
    def units(self) -> dict[UnitName, str]:
        """The address of each unit."""
        return {
            "staff": self.staff_url,
            "channels": self.channels_url,
            "contacts": self.contacts_url,
            "leads": self.leads_url,
        }

    @property
    def secure(self) -> bool:
        """Whether readers come by https."""
        return self.public_url.startswith("https://")

    @property
    def proxies(self) -> TrustedProxies:
        """Whose word counts for where readers come from."""
        return TrustedProxies.parse(self.trusted_proxies)
