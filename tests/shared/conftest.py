"""Plain logs in the tests of shared code, as the product writes them: a failed job must not print local variables."""

import logging
from collections.abc import Iterator

import pytest
import structlog

from shared.observability import logs


@pytest.fixture(scope="session", autouse=True)
def plain_logs() -> None:
    """Configure logging once."""
    logs.configure("tests", fmt="console", level="info")


@pytest.fixture
def logs_restored() -> Iterator[None]:
    """Leave logging as it was before a test that configures it."""
    root = logging.getLogger()
    handlers, level, before = root.handlers, root.level, structlog.get_config()
    yield
    root.handlers, root.level = handlers, level
    structlog.configure(**before)
    structlog.contextvars.clear_contextvars()
