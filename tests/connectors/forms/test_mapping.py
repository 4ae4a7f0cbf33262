"""What the fields of one channel's forms mean where the table does not know it or is wrong."""

from typing import Any, get_args

from connectors.forms.form_channel import FormChannel
from connectors.forms.providers.generic.field_table import field_table
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.providers.generic.translate import translate
from connectors.forms.providers.generic.understood import Understood
from shared.contracts.channels import FormMeaning
from tests.connectors.forms.site import Site

BODY = '{"Имя":"Пётр","q1":"89000000001","q2":"Нужна доставка","from":{"code":"A7"},"comment":"внутреннее"}'.encode()
MAPPING = {"q1": "phone", " Q2 ": "text", "from.code": "utm_source", "comment": "service", "имя": "field"}


def said(mapping: dict[str, str]) -> Understood:
    return translate(read_body(BODY, ""), field_table(), (), mapping)


def channel_of(**connection: Any) -> FormChannel:
    answer = {
        "id": "0193a5c4-0000-7000-8000-000000000001",
        "version": 1,
        "number": 1,
        "kind": "form",
        "provider": "generic",
        "name": "Сайт",
        "key": "a-key-of-a-form",
        "connection": connection,
    }
    return FormChannel.of_answer(answer)


def test_a_mapping_decides_what_a_field_means() -> None:
    plain = said({})
    assert (plain.name, plain.text) == ("Пётр", "внутреннее")
    mapped = said(dict(channel_of(mapping=MAPPING).mapping))
    assert (mapped.phones, mapped.text, mapped.utm) == (
        ["89000000001"],
        "Нужна доставка",
        {"utm_source": "A7"},
    )
    assert (mapped.name, [(field.label, field.value) for field in mapped.fields]) == ("", [("Имя", "Пётр")])


def test_settings_that_are_not_what_they_should_be_count_as_absent() -> None:
    wrong = channel_of(
        mapping={"a": "nonsense", "b": 1, "c": "phone"}, min_fill_seconds="x", posts_per_minute=-1
    )
    assert (wrong.mapping, wrong.least_fill_s, wrong.posts_per_minute) == ({"c": "phone"}, 2, 0)
    assert channel_of(mapping=["x"], min_fill_seconds=True, consent_version=7) == channel_of()


def test_every_meaning_does_something() -> None:
    table = field_table()
    known = {table.meaning(name.replace("_", " ")) for name in get_args(FormMeaning)}
    assert set(get_args(FormMeaning)) - known <= {
        "field",
        "number",
        "service",
        "tracking",
        "submission",
        "text",
    }


async def test_a_channels_mapping_is_heeded_at_its_address(site: Site) -> None:
    channel = await site.open_channel(connection={"mapping": MAPPING})
    inquiry = await site.accepted(channel, content=BODY)
    assert (inquiry.sender.phones, inquiry.text) == (("89000000001",), "Нужна доставка")
