"""From entries to what a form says."""

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from connectors.forms.form_channel import FormChannel
from connectors.forms.inquiry import complete, external_id
from connectors.forms.post import Post
from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.field_table import field_table
from connectors.forms.providers.generic.translate import translate
from connectors.forms.providers.generic.understood import Understood

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
CHANNEL = FormChannel(uuid4(), 1, "a-key-of-a-form", "generic", is_active=True)


def said(*traps: str, **values: str) -> Understood:
    return translate([Entry(name, value) for name, value in values.items()], field_table(), traps)


def shown(form: Understood) -> list[tuple[str, str]]:
    return [(field.label, field.value) for field in form.fields]


def test_a_name_is_put_together_of_its_parts() -> None:
    assert (
        said(last_name="Сидоров", first_name="Пётр", middle_name="Иванович").name == "Пётр Иванович Сидоров"
    )
    assert said(name="Пётр", Фамилия="Сидоров").name == "Пётр Сидоров"
    assert said(name="Пётр Сидоров", last_name="Сидоров").name == "Пётр Сидоров"


def test_a_second_name_is_shown_not_lost() -> None:
    form = translate([Entry("name", "Пётр"), Entry("Ваше имя", "Анна")], field_table())
    assert form.name == "Пётр"
    assert shown(form) == [("Имя", "Анна")]


@pytest.mark.feature("S046")
def test_phones_and_addresses_are_found_inside_any_value() -> None:
    form = said(
        Контакты="8 (900) 000-00-01 или client@example.org",
        message="второй номер +7 900 000 00 02, почта x@y.ru",
    )
    assert form.phones == ["8 (900) 000-00-01", "+7 900 000 00 02"]
    assert form.emails == ["client@example.org", "x@y.ru"]
    assert shown(form) == [("Контакты", "8 (900) 000-00-01 или client@example.org")]


def test_a_phone_is_one_phone_however_it_is_written() -> None:
    assert said(phone="89000000001", message="звоните +7 900 000-00-01").phones == ["89000000001"]


@pytest.mark.parametrize(
    ("value", "phones", "left"),
    [
        ("8 900 000-00-01; 8 900 000-00-02", ["8 900 000-00-01", "8 900 000-00-02"], False),
        ("89000000001;89000000002;", ["89000000001", "89000000002"], False),
        ("89000000001; 89000000001", ["89000000001"], False),
        ("8 495 123-45-67; доб. 12; 8 900 000-00-02", ["8 495 123-45-67; доб. 12", "8 900 000-00-02"], False),
        ("tel:+74951234567;ext=12", ["tel:+74951234567;ext=12"], False),
        ('"Оля; склад" <sip:+74951234567@x>', ['"Оля; склад" <sip:+74951234567@x>'], False),
        ("89000000001; звонить после шести", ["89000000001"], True),
        ("89000000001; или на i@example.com", ["89000000001"], True),
        ("89000000001; тёте Оле 8 900 000-00-02", ["89000000001", "8 900 000-00-02"], True),
    ],
)
def test_of_phones_in_one_field_none_is_lost(value: str, phones: list[str], left: bool) -> None:  # noqa: FBT001 - a column
    form = said(phone=value)
    assert form.phones == phones
    assert shown(form) == ([("Телефон", value)] if left else [])
    assert form.emails == (["i@example.com"] if "i@example.com" in value else [])


@pytest.mark.parametrize(
    "name",
    [
        *("ИНН", "Ваш ИНН", "ИНН организации", "company_inn", "КПП", "ОГРН ИП", "Паспорт (серия, номер)"),
        *("Номер карты", "card-number", "Расчётный счёт", "Номер счёта в банке", "bank_account"),
    ],
)
@pytest.mark.parametrize("number", ["7714123456", "9001234567", "+7 900 000-00-02"])
def test_a_number_of_a_taxpayer_a_card_or_an_account_is_never_a_phone(name: str, number: str) -> None:
    form = said(**{"phone": "8 900 000-00-01", name: number})
    assert form.phones == ["8 900 000-00-01"]
    assert shown(form) == [(name, number)]


def test_ten_digits_from_a_seven_in_a_field_of_telegram_are_its_number() -> None:
    form = said(telegram="7714123456")
    assert (form.telegram_id, form.phones) == ("7714123456", [])
    assert said(telegram="+77771234567").phones == ["+77771234567"]


def test_numbers_that_are_no_phones_are_not_taken_for_phones() -> None:
    form = said(inn="7707083893", yclid="89000000001", order_id="89000000002", budget="9000000003")
    assert form.phones == []
    assert len(form.fields) == 4


def test_the_toll_free_number_that_was_called_is_not_the_senders() -> None:
    assert said(message="Звонил вам на 8 800 555-35-35").phones == []
    assert said(phone="8 800 555-35-35").phones == ["8 800 555-35-35"]


def test_a_phone_field_without_a_phone_is_shown() -> None:
    form = said(phone="позвоните после 6")
    assert form.phones == []
    assert shown(form) == [("Телефон", "позвоните после 6")]
    assert form.text == "Телефон: позвоните после 6"


def test_more_than_a_phone_in_a_phone_field_is_shown_whole() -> None:
    form = said(phone="8 900 000-00-01, после 18:00")
    assert form.phones == ["8 900 000-00-01"]
    assert shown(form) == [("Телефон", "8 900 000-00-01, после 18:00")]


def test_a_form_without_a_message_is_summed_up() -> None:
    form = said(phone="89000000001", Какой_кирпич="Облицовочный", consent="on", yclid="1", Город="Тверь")
    assert form.text == "Какой_кирпич: Облицовочный\nГород: Тверь"
    assert [label for label, _ in shown(form)] == ["Какой_кирпич", "Согласие", "yclid", "Город"]


def test_several_messages_are_one_text() -> None:
    assert said(message="первое", comment="второе").text == "первое\n\nвторое"


def test_markup_stays_text() -> None:
    form = said(
        name="<script>alert(1)</script>", message="<b>жирно</b>", Цвет='"><img src=x onerror=alert(1)>'
    )
    assert form.name == "<script>alert(1)</script>"
    assert form.text == "<b>жирно</b>"
    assert shown(form) == [("Цвет", '"><img src=x onerror=alert(1)>')]


def test_what_cannot_be_stored_is_replaced() -> None:
    form = said(name="Пётр\x00\ud800", message="a\x01b\nc\x1fd", **{"поле\x00": "\udfff"})
    assert form.name == "Пётр\ufffd\ufffd"
    assert form.text == "ab\ncd"
    assert shown(form) == [("поле\ufffd", "\ufffd")]


def test_a_trap_that_is_filled_makes_the_form_suspect() -> None:
    assert said(phone="89000000001", _gotcha="x").suspected_spam
    assert not said(phone="89000000001", _gotcha="").suspected_spam
    assert said("fax", phone="89000000001", FAX="123").suspected_spam
    assert not said(phone="89000000001", fax="123").suspected_spam


def test_a_site_address_is_a_trap_only_in_a_form_of_ours() -> None:
    assert said(website="https://x.ru", form_rendered_at="1795166090").suspected_spam
    ordinary = said(website="https://x.ru", phone="89000000001")
    assert not ordinary.suspected_spam
    assert shown(ordinary) == [("website", "https://x.ru")]


def test_marks_come_from_fields_first_then_from_the_page() -> None:
    form = said(utm_source="vk", page_url="https://example.ru/?utm_source=yandex&utm_medium=cpc&x=1")
    assert form.utm == {"utm_source": "vk", "utm_medium": "cpc"}


def test_marks_of_an_address_are_made_storable_too() -> None:
    form = said(page_url="https://example.ru/?utm_source=a%00b%01&utm_x%00y=%ff")
    assert form.utm == {"utm_source": "a\ufffdb", "utm_x\ufffdy": "\ufffd"}


def test_only_an_address_of_the_web_is_a_page() -> None:
    form = said(page_url="javascript:alert(1)", referrer="//evil", url="https://example.ru/a")
    assert form.page_url == "https://example.ru/a"
    assert form.referrer == ""
    assert shown(form) == [("Страница", "javascript:alert(1)"), ("Источник перехода", "//evil")]


def test_the_page_of_the_browser_fills_what_the_form_did_not_say() -> None:
    form = said(phone="1")
    complete(form, Post(b"", page="https://example.ru/p?utm_campaign=brand"), CHANNEL, NOW)
    assert form.page_url == form.referrer == "https://example.ru/p?utm_campaign=brand"
    assert form.utm == {"utm_campaign": "brand"}
    spoken = said(page_url="https://a.ru/", referrer="https://ya.ru/")
    complete(spoken, Post(b"", page="https://example.ru/"), CHANNEL, NOW)
    assert (spoken.page_url, spoken.referrer) == ("https://a.ru/", "https://ya.ru/")


def test_networks_are_understood_and_shown() -> None:
    form = said(telegram="@petrov", vk="https://vk.com/id42")
    assert (form.telegram_id, form.vk_id) == ("petrov", "42")
    assert shown(form) == [("Telegram", "@petrov"), ("ВКонтакте", "https://vk.com/id42")]
    assert said(telegram="+7 900 000-00-01").phones == ["+7 900 000-00-01"]


def test_fields_are_cut_to_what_a_message_carries() -> None:
    form = translate([Entry(f"поле {n}", "я" * 5_000) for n in range(500)], field_table())
    assert 5 < len(form.fields) <= 200
    assert sum(len(field.value.encode()) for field in form.fields) < 40 * 1024
    many = translate([Entry(f"f{n}", "1") for n in range(10_000)], field_table())
    assert [field.name for field in many.fields] == [f"f{n}" for n in range(200)]


def test_a_phone_in_the_last_of_ten_thousand_fields_is_found() -> None:
    entries = [*(Entry(f"f{n}", "1") for n in range(9_999)), Entry("phone", "89000000001")]
    assert translate(entries, field_table()).phones == ["89000000001"]


def test_an_event_is_named_by_its_sender_then_its_provider_then_its_number() -> None:
    form = said(submission_id="s-1")
    assert external_id(Post(b"", idempotency_key="k-1"), form, "f:1") == "k-1"
    assert external_id(Post(b""), form, "f:1") == "f:1"
    assert external_id(Post(b""), form, "") == "s-1"
    assert external_id(Post(b""), said(), "") != external_id(Post(b""), said(), "")
    assert len(external_id(Post(b"", idempotency_key="k" * 5_000), form, "")) == 64


@pytest.mark.parametrize(
    "address", ["a@b.ru", "ivan.petrov+work@mail.example.co.uk", "x_y-z@sub-domain.xn--p1ai"]
)
def test_an_address_in_its_field_is_taken_as_it_is(address: str) -> None:
    form = said(email=f" {address} ")
    assert form.emails == [address]
    assert form.fields == []


@pytest.mark.parametrize("value", ["a..b@c.ru", "a@b", "нет почты", "@", "a@-b.ru", "x" * 300 + "@b.ru"])
def test_what_is_no_address_is_shown(value: str) -> None:
    form = said(email=value)
    assert shown(form) == [("Почта", value)]
