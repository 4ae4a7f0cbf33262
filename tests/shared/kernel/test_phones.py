"""Phones: one key for every way in which a number is written (B09)."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.phones import parse_phone, phone_candidates

MOBILE = "79214471863"
CITY = "78123201515"
MOSCOW = "74951234567"
FREE = "78005553535"

SPELLINGS: dict[str, tuple[str, ...]] = {
    MOBILE: (
        "+79214471863",
        "89214471863",
        "79214471863",
        "9214471863",
        "8 (921) 447-18-63",
        "+7 (921) 447-18-63",
        "+7-921-447-18-63",
        "+7 921 447 18 63",
        "8-921-447-18-63",
        "8.921.447.18.63",
        "+7.921.4471863",
        "7 921 447-18-63",
        "(921) 447-18-63",
        "921 447 18 63",
        "921-447-1863",
        "+7(921)4471863",
        "8(921)4471863",
        "  +79214471863\t",
        "+7\u00a0921\u00a0447\u201118\u201163",
        "+7\u202f921\u202f447\u202f18\u202f63",
        "+7 (921) 447\u201418\u201363",
        "tel:+79214471863",
        "tel:8-921-447-18-63",
        "callto:+79214471863",
        "sip:+79214471863@pbx.example.com",
        "sip:79214471863@pbx:5060",
        "++79214471863",
        "00 7 921 447-18-63",
        "0079214471863",
        "+8 921 447-18-63",
        "８９２１４４７１８６３",
        "+７ ９２１ ４４７ １８ ６３",
        "т. 8 921 447 18 63",
        "тел: +7 921 447-18-63",
        "Тел.: 8(921)447-18-63",
        "моб. 89214471863",
        "phone: 8 921 447 18 63",
        "'+79214471863",
        '"89214471863"',
        "8-921-447-18-63; 8-921-447-18-64",
    ),
    CITY: ("8 (812) 320-15-15", "+7 812 320-15-15", "812 320-15-15", "78123201515", "(812)3201515"),
    MOSCOW: ("8 495 123-45-67", "+7 (495) 123-45-67", "(495) 123-45-67", "4951234567", "84951234567"),
    FREE: (
        "8 800 555 35 35",
        "8-800-555-35-35",
        "88005553535",
        "+78005553535",
        "+7 800 555-35-35",
        "78005553535",
        "8005553535",
    ),
    "78043330000": ("8 804 333 00 00",),
    "78332123456": ("+7 (8332) 12-34-56", "8 (8332) 12-34-56", "88332123456"),
    "74234723456": ("8 (42347) 2-34-56",),
    "73652123456": ("+7 3652 12 34 56",),
    "79781234567": ("+7 978 123-45-67", "89781234567"),
    "77011234567": ("+7 701 123 45 67", "87011234567", "8 701 123 45 67", "77011234567", "7011234567"),
    "77272500000": ("+7 727 250 00 00",),
    "375291234567": ("+375 29 123-45-67", "375291234567", "8-10-375-29-123-45-67"),
    "380441234567": ("+380 44 123 45 67", "810380441234567", "8~10 380 44 1234567"),
    "998901234567": ("+998 90 123 45 67", "998901234567"),
    "994501234567": ("+994 50 123 45 67",),
    "37491123456": ("+374 91 123456",),
    "995555123456": ("+995 555 12 34 56",),
    "996555123456": ("+996 555 123456",),
    "37369123456": ("+373 69 123 456",),
    "4930901820": ("+49 30 901820", "+4930901820", "8 10 49 30 901820", "0049 30 901820"),
    "442079460958": ("+44 20 7946 0958",),
    "12025550123": ("+1 202 555 0123", "12025550123", "+1 (202) 555-0123", "001 202 555 0123"),
    "8613800138000": ("+86 138 0013 8000", "8613800138000"),
    "819012345678": ("+81 90-1234-5678",),
    "902124440555": ("+90 212 444 05 55",),
    "358401234567": ("+358 40 1234567",),
    "39066982": ("+39 06 6982",),
}

EXTENSIONS = (
    "+7 (495) 123-45-67 доб. 101",
    "+7 (495) 123-45-67 доб 101",
    "+7 (495) 123-45-67, доб. 101",
    "+7 (495) 123-45-67 (доб. 101)",
    "84951234567 доб.101",
    "8 495 123-45-67 внутр. 101",
    "8 495 123-45-67 вн. 101",
    "8 495 123-45-67 вн 101",
    "8 495 123-45-67 добавочный 101",
    "8 495 123-45-67 ДОБ: 101",
    "8 495 123-45-67 ext. 101",
    "8 495 123-45-67 Ext 101",
    "8 495 123-45-67 x101",
    "8 495 123-45-67 х101",
    "8 495 123-45-67 #101",
    "+74951234567,101",
    "+74951234567;ext=101",
    "tel:+74951234567;ext=101",
)

NO_PHONES = (
    "",
    " ",
    "+",
    "-",
    "()",
    "8",
    "+7",
    "112",
    "101",
    "1234",
    "12345",
    "123456",
    "320-15-15",
    "sip:101@pbx",
    "7921447186",
    "+7921447186",
    "792144718633",
    "+792144718635",
    "89214471863 89214471864",
    "00000000000",
    "+70000000000",
    "71234567890",
    "+7 300 123 45 67",
    "2025550123",
    "+9214471863",
    "8-921-ABC-18-63",
    "+7921447186O",
    "8921447186З",
    "7.9214471863E+10",
    "7,92145E+10",
    "79214471863.0",
    "=79214471863",
    "не звонить 8 921 447 18 63",
    "8 921 447 18 63 Иван",
    "anonymous",
    "скрыт",
    "٠١٢٣٤٥٦٧٨٩",
    "\x00",
    "\ud800",
    "9" * 81,
    "+" + "1" * 40,
)


@pytest.mark.parametrize(
    ("spelling", "key"), [(item, key) for key, spellings in SPELLINGS.items() for item in spellings]
)
def test_every_spelling_of_a_number_has_one_key(spelling: str, key: str) -> None:
    assert parse_phone(spelling) == (f"+{key}", key)


@pytest.mark.parametrize("spelling", EXTENSIONS)
def test_an_extension_belongs_to_the_value_and_not_to_the_key(spelling: str) -> None:
    assert parse_phone(spelling) == ("+74951234567;ext=101", MOSCOW)


@pytest.mark.parametrize("text", NO_PHONES)
def test_what_is_no_phone_has_no_key(text: str) -> None:
    assert parse_phone(text) is None


def test_the_four_russian_ways_and_a_hundred_more_are_in_the_table() -> None:
    assert {"+79214471863", "89214471863", "79214471863", "9214471863"} <= set(SPELLINGS[MOBILE])
    assert sum(map(len, SPELLINGS.values())) + len(EXTENSIONS) + len(NO_PHONES) >= 120


pieces = st.sampled_from(
    [
        "+",
        "7",
        "8",
        "9",
        "921",
        "495",
        "00",
        " ",
        "-",
        "(",
        ")",
        ".",
        ",",
        ";",
        "доб.",
        "x",
        "ext",
        "@",
        "#",
        "é",
    ]
)
wild = st.text(max_size=90) | st.lists(pieces | st.from_regex(r"\A\d{1,4}\Z"), max_size=12).map("".join)


@given(wild)
def test_no_text_breaks_it_and_what_it_gives_stays_as_it_is(text: str) -> None:
    found = parse_phone(text)
    if found is None:
        return
    value, key = found
    assert re.fullmatch(r"[0-9]{6,15}", key)
    assert re.fullmatch(rf"\+{key}(;ext=[0-9]{{1,6}})?", value)
    assert parse_phone(value) == found
    assert parse_phone(f"+{key}") == (f"+{key}", key)


@given(
    st.integers(0, 999_999_999),
    st.sampled_from(["+7", "8", "7", ""]),
    st.sampled_from(["", " ", "-", ") ", "."]),
)
def test_any_russian_mobile_number_has_one_key_however_it_is_grouped(
    number: int, prefix: str, gap: str
) -> None:
    digits = f"9{number:09}"
    written = f"{prefix}{gap}{digits[:3]}{gap}{digits[3:6]}{gap}{digits[6:8]}{gap}{digits[8:]}"
    assert parse_phone(written) == (f"+7{digits}", f"7{digits}")


def test_phones_are_found_inside_a_text() -> None:
    text = "Звоните 8 (921) 447-18-63 или +7 495 1234567, заказ 1234567890123456, ИНН 7707083893"
    assert [found for item in phone_candidates(text) if (found := parse_phone(item))] == [
        (f"+{MOBILE}", MOBILE),
        (f"+{MOSCOW}", MOSCOW),
    ]


@given(st.text(max_size=300))
def test_what_is_written_like_a_phone_stands_in_the_text_and_has_its_digits(text: str) -> None:
    for item in phone_candidates(text):
        assert item in text
        assert 10 <= sum(letter.isdigit() for letter in item) <= 14
