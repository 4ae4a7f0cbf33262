"""A site that posts forms: the connector, the channels service that it asks, and what reached intake."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx2

from shared.contracts.inquiries import InquiryReceived
from shared.files.store import FileStore
from tests.booting import Running
from tests.connectors.forms.intake import Intake
from tests.keys import TestKeys

GRANTS = {"channels.read": "all", "channels.edit": "all"}


@dataclass
class Site:
    """Posts to the running connector."""

    forms: Running
    channels: Running
    intake: Intake
    keys: TestKeys
    http: httpx2.AsyncClient

    @property
    def files(self) -> FileStore:
        """The file store that the connector writes to."""
        found: FileStore = self.forms.app.files
        return found

    async def open_channel(self, **settings: Any) -> dict[str, Any]:
        """Create a channel at channels; a form unless said otherwise."""
        body = {"kind": "form", "provider": "generic", "name": "Сайт", **settings}
        answer = await self.http.post(
            f"{self.channels.url}/api/v1/channels", json=body, headers=self._manager()
        )
        assert answer.status_code == 201, answer.text
        found: dict[str, Any] = answer.json()
        return found

    async def change_channel(self, channel: Mapping[str, Any], **settings: Any) -> None:
        """Change settings of a channel at channels."""
        url = f"{self.channels.url}/api/v1/channels/{channel['id']}"
        headers = {**self._manager(), "If-Match": f'"{channel["version"]}"'}
        answer = await self.http.patch(url, json=settings, headers=headers)
        assert answer.status_code == 200, answer.text

    async def ask(
        self, method: str, channel: Mapping[str, Any], verb: str, **request: Any
    ) -> httpx2.Response:
        """Ask channels something about a form, as somebody who may set it up."""
        url = f"{self.channels.url}/api/v1/channels/{channel['id']}/{verb}"
        return await self.http.request(method, url, headers=self._manager(), **request)

    async def post(self, channel: Mapping[str, Any], **request: Any) -> httpx2.Response:
        """Post a form to the channel's address."""
        return await self.post_to(channel["key"], **request)

    async def post_to(self, key: str, **request: Any) -> httpx2.Response:
        """Post a form to a key."""
        return await self.http.post(f"{self.forms.url}/hooks/forms/{key}", **request)

    async def accepted(self, channel: Mapping[str, Any], **request: Any) -> InquiryReceived:
        """Post a form that must be accepted, and return the inquiry that reached intake."""
        answer = await self.post(channel, **request)
        assert answer.status_code in {200, 202}, answer.text
        return await self.intake.inquiry(answer.json()["inquiry_id"])

    def _manager(self) -> dict[str, str]:
        return self.keys.employee(UUID(int=uuid4().int), grants=GRANTS)  # type: ignore[arg-type]
