"""Files that come with a form: stored before the inquiry is published, named in it, limited."""

from typing import Any

import pytest

from connectors.forms.body_reader import BodyReader
from shared.files.errors import FileStoreAwayError
from shared.files.store import FileStore
from tests.connectors.forms.site import Site

PERSON = {"name": "Пётр", "phone": "89000000001"}
PDF = b"%PDF-1.7\n" + bytes(100)


@pytest.mark.feature("S046")
async def test_files_travel_by_key_with_the_type_that_they_have(site: Site, channel: dict[str, Any]) -> None:
    files = [
        ("план", ("../план участка.html", PDF, "text/html")),
        ("photo[]", ("фото.jpg", b"\xff\xd8\xff\xe0 picture", "image/jpeg")),
        ("photo[]", ("page.jpg", b"<script>alert(1)</script>", "image/jpeg")),
    ]
    inquiry = await site.accepted(channel, data=PERSON, files=files)
    assert [(item.name, item.content_type, item.size) for item in inquiry.attachments] == [
        ("план участка.html", "application/pdf", len(PDF)),
        ("фото.jpg", "image/jpeg", 12),
        ("page.jpg", "application/octet-stream", 25),
    ]
    assert [await site.files.get(item.key) for item in inquiry.attachments] == [
        PDF,
        b"\xff\xd8\xff\xe0 picture",
        b"<script>alert(1)</script>",
    ]
    assert inquiry.sender.name == "Пётр"
    assert [field.name for field in inquiry.fields] == []


@pytest.mark.feature("S046")
async def test_a_file_alone_is_an_inquiry(site: Site, channel: dict[str, Any]) -> None:
    inquiry = await site.accepted(channel, files={"план": ("план.pdf", PDF)})
    assert ([item.name for item in inquiry.attachments], inquiry.fields) == (["план.pdf"], ())


async def test_a_form_with_a_large_file_is_accepted_and_its_raw_body_lies_in_the_store(
    site: Site, channel: dict[str, Any]
) -> None:
    large = PDF + bytes(3 * 1024 * 1024)
    inquiry = await site.accepted(channel, data=PERSON, files={"f": ("a.pdf", large)})
    assert inquiry.attachments[0].size == len(large)
    assert inquiry.raw.file_key
    assert large in await site.files.get(inquiry.raw.file_key)
    bodies: BodyReader = site.forms.app.bodies
    assert bodies._left == BodyReader()._left


async def test_too_much_in_files_is_refused_with_the_field(site: Site, channel: dict[str, Any]) -> None:
    many = [(f"f{number}", (f"{number}.txt", b"text")) for number in range(11)]
    refused = await site.post(channel, data=PERSON, files=many)
    assert refused.status_code == 413
    assert refused.json()["errors"][0]["field"] == "f10"
    large = await site.post(
        channel,
        data=PERSON,
        files={"план": ("a.bin", bytes(11 * 1024 * 1024))},
        headers={"Origin": "https://a.ru"},
    )
    assert (large.status_code, large.json()["errors"][0]["field"]) == (413, "план")
    assert large.headers["Access-Control-Allow-Origin"] == "*"
    whole = await site.post(channel, content=bytes(22 * 1024 * 1024))
    assert whole.status_code == 413


async def test_a_body_without_files_stays_within_the_ordinary_limit(
    site: Site, channel: dict[str, Any]
) -> None:
    answer = await site.post(channel, json={"text": "ы" * 700_000})
    assert (answer.status_code, answer.json()["type"]) == (413, "urn:voronka:problem:too-large")


async def test_files_that_cannot_be_stored_now_are_asked_for_again(
    site: Site, channel: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object, **__: object) -> str:
        raise FileStoreAwayError

    monkeypatch.setattr(FileStore, "put", fail)
    answer = await site.post(channel, data=PERSON, files={"f": ("a.pdf", PDF)})
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "1")
    assert (await site.post(channel, data=PERSON)).status_code == 202


async def test_so_many_files_at_once_that_no_more_fit_are_asked_for_again(
    site: Site, channel: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(site.forms.app.bodies, "_left", 100_000)
    answer = await site.post(channel, data=PERSON, files={"f": ("a.pdf", bytes(2 * 1024 * 1024))})
    assert (answer.status_code, answer.json()["type"]) == (503, "urn:voronka:problem:too-many-files")
    assert site.forms.app.bodies._left == 100_000
