"""The demo speaks to the product as its users do: the API with a login, the hooks without one."""

import time
from typing import Any

import httpx2

_PATIENCE_S = 60.0


class Api:
    """The public API as one employee."""

    def __init__(self, public_url: str, login: str, password: str) -> None:
        self._http = httpx2.Client(base_url=public_url, timeout=10, trust_env=False)
        answer = self._http.post("/api/v1/session", json={"login": login, "password": password})
        answer.raise_for_status()
        self._http.headers["Authorization"] = f"Bearer {answer.json()['token']}"

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def get(self, path: str, **params: Any) -> Any:
        """Read."""
        return self._send("GET", path, params=params)

    def post(self, path: str, body: Any) -> Any:
        """Create, or do something."""
        return self._send("POST", path, json=body)

    def patch(self, path: str, body: Any) -> Any:
        """Change whatever the version is."""
        return self._send("PATCH", path, json=body, headers={"If-Match": "*"})

    def _send(self, method: str, path: str, **options: Any) -> Any:
        """Send, again while a unit is still busy starting; httpx2.HTTPStatusError for what the product refuses."""
        until = time.monotonic() + _PATIENCE_S
        while True:
            answer = self._http.request(method, f"/api/v1{path}", **options)
            if answer.status_code != httpx2.codes.SERVICE_UNAVAILABLE or time.monotonic() > until:
                answer.raise_for_status()
                return answer.json() if answer.content else None
            time.sleep(0.3)
