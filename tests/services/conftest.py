"""Plain logs in the tests of services, as the product writes them: a failed request must not print local variables."""

import pytest

from shared.observability import logs


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Configure logging once."""
    logs.configure("tests", fmt="console", level="info")
