"""E-mail addresses: the value to write to and one key for one mailbox (B09)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.emails import find_emails, parse_email

CASES: dict[str, tuple[str, ...]] = {
    "ivan@example.com": (
        "ivan@example.com",
        "Ivan@Example.COM",
        " ivan@example.com ",
        "<ivan@example.com>",
        "mailto:ivan@example.com",
        "'ivan@example.com'",
        "ivan@example.com,",
    ),
    "ivan+shop@example.com": ("ivan+shop@example.com",),
    "ivan.petrov@example.com": ("ivan.petrov@example.com",),
    "ivan@yandex.ru": (
        "ivan@yandex.ru",
        "ivan@ya.ru",
        "ivan@yandex.com",
        "ivan@yandex.by",
        "ivan@yandex.kz",
        "IVAN+shop@ya.ru",
    ),
    "ivan-petrov@yandex.ru": ("ivan.petrov@yandex.ru", "ivan-petrov@ya.ru", "Ivan.Petrov+1@yandex.ru"),
    "ivanpetrov@gmail.com": (
        "ivanpetrov@gmail.com",
        "ivan.petrov@gmail.com",
        "i.v.a.n.petrov+crm@googlemail.com",
    ),
    "ivan@mail.ru": ("ivan@mail.ru", "ivan+x@mail.ru"),
    "ivan@list.ru": ("ivan@list.ru",),
    "ivan@xn--e1afmkfd.xn--p1ai": ("ivan@пример.рф", "ivan@xn--e1afmkfd.xn--p1ai", "ivan@ПРИМЕР.РФ"),
    "иван@xn--e1afmkfd.xn--p1ai": ("иван@пример.рф",),
}

NO_EMAILS = (
    "",
    "@",
    "ivan",
    "ivan@",
    "@example.com",
    "ivan@example",
    "ivan@@example.com",
    "ivan@example..com",
    ".ivan@example.com",
    "ivan.@example.com",
    "ivan petrov@example.com",
    "ivan@-example.com",
    "ivan@exa_mple.com",
    "a@b.c, d@e.f",
    "ivan@example.com\x00",
    "\ud800@example.com",
    "a" * 250 + "@example.com",
    "a@" + "b" * 260 + ".com",
    "ivan@[127.0.0.1]",
)


@pytest.mark.parametrize(("spelling", "key"), [(item, key) for key, all_ in CASES.items() for item in all_])
def test_every_spelling_of_a_mailbox_has_one_key(spelling: str, key: str) -> None:
    found = parse_email(spelling)
    assert found is not None
    assert found[1] == key


def test_the_value_keeps_what_must_be_written_to() -> None:
    assert parse_email("Ivan.Petrov+crm@Gmail.com") == ("Ivan.Petrov+crm@gmail.com", "ivanpetrov@gmail.com")
    assert parse_email("ivan@ПРИМЕР.РФ") == ("ivan@пример.рф", "ivan@xn--e1afmkfd.xn--p1ai")


@pytest.mark.parametrize("text", NO_EMAILS)
def test_what_is_no_address_has_no_key(text: str) -> None:
    assert parse_email(text) is None


local = st.from_regex(r"\A[A-Za-zа-я0-9.+_-]{1,12}\Z")
domain = st.sampled_from(
    ["ya.ru", "gmail.com", "mail.ru", "example.com", "пример.рф", "narod.ru", "icloud.com"]
)


@given(st.text(max_size=80) | st.builds("{}@{}".format, local, domain))
def test_no_text_breaks_it_and_what_it_gives_stays_as_it_is(text: str) -> None:
    found = parse_email(text)
    if found is None:
        return
    value, key = found
    assert parse_email(value) == found
    assert key == key.lower()
    again = parse_email(key)
    assert again is not None
    assert again[1] == key


def test_addresses_are_found_inside_a_text() -> None:
    assert find_emails("пишите ivan@example.com, или на sales@пример.рф. @тег a@b") == [
        "ivan@example.com",
        "sales@пример.рф",
    ]


def test_a_text_full_of_addresses_gives_the_first_ten() -> None:
    addresses = [f"a{number}@example.org" for number in range(200)]
    assert find_emails(" ".join(addresses)) == addresses[:10]
    assert find_emails(" ".join(["a..b@x.ru"] * 50 + addresses)) == []
