"""Real posts of forms and builders: what is understood of each."""

import pytest

from connectors.forms.inquiry import external_id
from connectors.forms.post import Post
from connectors.forms.providers.generic.field_table import field_table
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.providers.generic.translate import translate
from connectors.forms.providers.generic.understood import Understood
from connectors.forms.providers.tilda.payloads import event_id, is_probe
from connectors.forms.providers.tilda.translate import unpack
from tests.connectors.forms.samples import FOLDER, SAMPLES, URLENCODED, Sample


def understood(sample: Sample) -> tuple[Understood, str]:
    entries = read_body(sample.body, sample.headers["Content-Type"])
    return translate(unpack(entries), field_table()), event_id(entries)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: sample.file)
@pytest.mark.feature("S046")
def test_a_sample_says_what_its_sender_meant(sample: Sample) -> None:
    said, number = understood(sample)
    wanted = sample.said
    assert said.name == wanted["name"]
    assert said.phones == wanted["phones"]
    assert said.emails == wanted.get("emails", [])
    assert said.subject == wanted.get("subject", "")
    if "text_has" in wanted:
        assert wanted["text_has"] in said.text
    else:
        assert said.text == wanted["text"]
    assert said.utm == wanted.get("utm", {})
    assert said.page_url == wanted.get("page_url", "")
    assert said.referrer == wanted.get("referrer", "")
    assert said.suspected_spam == wanted.get("suspected_spam", False)
    assert [[field.label, field.value] for field in said.fields] == wanted.get("fields", [])
    if sample.external_id and "Idempotency-Key" not in sample.headers:
        assert external_id(Post(sample.body), said, number) == sample.external_id


def test_tildas_probe_is_no_inquiry() -> None:
    entries = read_body((FOLDER / "tilda" / "00_test_probe.txt").read_bytes(), URLENCODED)
    assert is_probe(entries)


def test_a_form_with_a_field_called_test_is_an_inquiry() -> None:
    assert not is_probe(read_body(b"test=test&phone=89000000001", URLENCODED))
    assert not is_probe(read_body(b"test=1", URLENCODED))
