"""Versions on the wire: what If-Match may hold, and what a 412 shows."""

import pytest
from fastapi import Request, Response

from shared.http.etag import VersionNeededError, if_match, put_etag, showing_current, version_seen
from shared.kernel.errors import StaleVersionError


def request(if_match_header: str | None) -> Request:
    """Return a request with this If-Match."""
    headers = [] if if_match_header is None else [(b"if-match", if_match_header.encode("latin-1"))]
    return Request({"type": "http", "headers": headers})


@pytest.mark.parametrize(
    ("given", "version"), [('"7"', 7), ('W/"7"', 7), ("7", 7), ("*", None), (' "12" ', 12), ('"0"', 0)]
)
def test_if_match_names_a_version(given: str, version: int | None) -> None:
    assert if_match(request(given)) == version


@pytest.mark.parametrize("given", ['"x"', '""', '"1", "2"', "-1", '"\u00b2"', '"1.5"', f'"{"9" * 5000}"'])
def test_if_match_without_a_version_of_ours_is_400(given: str) -> None:
    with pytest.raises(VersionNeededError) as caught:
        if_match(request(given))
    assert caught.value.extra["status"] == 400


@pytest.mark.parametrize("given", [None, "", "  "])
def test_a_missing_if_match_is_428(given: str | None) -> None:
    with pytest.raises(VersionNeededError) as caught:
        if_match(request(given))
    assert caught.value.extra["status"] == 428


def test_where_naming_a_version_is_free_its_absence_is_no_error() -> None:
    assert version_seen(request(None)) is None
    assert version_seen(request('"3"')) == 3


def test_the_etag_is_the_quoted_version() -> None:
    response = Response()
    put_etag(response, 12)
    assert response.headers["etag"] == '"12"'


def test_a_stale_version_shows_the_record_as_it_is_shown() -> None:
    with pytest.raises(StaleVersionError) as caught, showing_current(lambda current: {"name": current}):
        raise StaleVersionError(current="Анна")
    assert caught.value.extra["current"] == {"name": "Анна"}
