"""Files that came with an inquiry: named in it, given to whoever may see it, never to be run."""

from urllib.parse import quote

import pytest

from shared.contracts.inquiries import Attachment
from shared.files.store import FileStore
from tests.services.leads.desk import Desk


@pytest.mark.feature("S046")
async def test_a_file_of_an_inquiry_is_given_to_be_saved(desk: Desk) -> None:
    files: FileStore = desk.running.app.files
    name = 'план "участка".html'
    key = await files.put(b"<script>alert(1)</script>")
    attachment = Attachment(name=name, content_type="application/octet-stream", size=25, key=key)
    inquiry = await desk.post(
        "89000000001", attachments=(attachment,), spam_reasons=("too_fast",), suspected_spam=True
    )
    found = await desk.inquiry(inquiry)
    assert found["attachments"] == [attachment.model_dump()]
    assert found["spam_reasons"] == ["too_fast"]
    path, unit = f"/api/v1/inquiries/{inquiry}/attachments", desk.keys.unit("gateway")
    answer = await desk.http.get(f"{path}/1", headers=unit)
    assert answer.content == b"<script>alert(1)</script>"
    assert answer.headers["Content-Type"] == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{quote(name)}"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert (await desk.http.get(f"{path}/1", headers=desk.as_(desk.anna))).status_code == 404  # nobody's
    for number in ("0", "2", "-1"):
        missing = await desk.http.get(f"{path}/{number}", headers=unit)
        assert missing.status_code == 404
        assert missing.json()["type"] == "urn:voronka:problem:attachment-not-found"
