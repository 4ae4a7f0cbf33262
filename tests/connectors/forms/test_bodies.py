"""Bodies of all kinds, and of kinds that they do not say they are."""

import orjson
import pytest

from connectors.forms.providers.generic.errors import EmptyBodyError, UnreadableBodyError
from connectors.forms.providers.generic.payloads import read_body
from tests.connectors.forms.samples import URLENCODED

JSON = "application/json"


def read(body: bytes | str, content_type: str = "") -> list[tuple[str, str]]:
    data = body.encode() if isinstance(body, str) else body
    return [(entry.name, entry.value) for entry in read_body(data, content_type)]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        ('{"name":"Пётр","phone":"1"}', JSON),
        ('{"name":"Пётр","phone":"1"}', "text/plain;charset=UTF-8"),
        ('{"name":"Пётр","phone":"1"}', URLENCODED),
        ('{"name":"Пётр","phone":"1"}', ""),
        ('\ufeff {"name":"Пётр","phone":"1"}', JSON),
        ("name=%D0%9F%D1%91%D1%82%D1%80&phone=1", URLENCODED),
        ("name=%D0%9F%D1%91%D1%82%D1%80&phone=1", JSON),
        ("name=Пётр&phone=1", "application/octet-stream"),
        ("name=Пётр&phone=1", "text/plain"),
        ("name=Пётр\r\nphone=1\r\n", "text/plain"),
        ('[{"name":"name","value":"Пётр"},{"name":"phone","value":1}]', JSON),
        ('{"fields":[{"key":"name","value":"Пётр"},{"key":"phone","value":"1"}]}', JSON),
    ],
)
def test_one_form_in_many_bodies(body: str, content_type: str) -> None:
    assert read(body, content_type) == [("name", "Пётр"), ("phone", "1")]


def test_text_of_old_sites_is_read_in_windows_1251_declared_or_not() -> None:
    plain = "name=Пётр Ёлкин&message=Кодировка".encode("cp1251")
    expected = [("name", "Пётр Ёлкин"), ("message", "Кодировка")]
    assert read(plain, f"{URLENCODED}; charset=windows-1251") == expected
    assert read(plain, URLENCODED) == expected
    assert read(b"name=%CF%B8%F2%F0", URLENCODED) == [("name", "Пётр")]
    assert read('{"name":"Пётр"}'.encode("cp1251"), f"{JSON}; charset=windows-1251") == [("name", "Пётр")]


def test_a_form_says_its_charset_in_a_field() -> None:
    body = "_charset_=koi8-r&name=Пётр".encode("koi8_r")
    assert read(body, URLENCODED) == [("_charset_", "koi8-r"), ("name", "Пётр")]
    assert read("_charset_=&name=Пётр".encode("cp1251"), URLENCODED)[1] == ("name", "Пётр")


def test_one_value_that_is_not_utf_8_shows_that_the_declared_charset_is_true() -> None:
    body = "a=Рђ&b=Пётр".encode("cp1251")  # the first one alone would be read as UTF-8
    assert read(body, f"{URLENCODED}; charset=windows-1251") == [("a", "Рђ"), ("b", "Пётр")]


def test_utf_8_is_believed_against_a_wrong_declaration() -> None:
    assert read("name=Пётр", f"{URLENCODED}; charset=windows-1251") == [("name", "Пётр")]


def test_another_declared_charset_is_used_where_it_is_not_utf_8() -> None:
    assert read("name=Пётр".encode("koi8_r"), f'{URLENCODED}; charset="KOI8-R"') == [("name", "Пётр")]
    assert read('{"name":"Пётр"}'.encode("utf-16"), JSON) == [("name", "Пётр")]
    assert read("name=Пётр", f"{URLENCODED}; charset=rot13") == [("name", "Пётр")]


def test_broken_percent_signs_stay_as_they_are() -> None:
    assert read("a=100%&b=%zz&c=%D0%9&d=50%25", URLENCODED) == [
        ("a", "100%"),
        ("b", "%zz"),
        ("c", "Р%9"),
        ("d", "50%"),
    ]


def test_repeated_names_are_all_kept() -> None:
    assert read("a=1&a=2&b=&a=3", URLENCODED) == [("a", "1"), ("a", "2"), ("b", ""), ("a", "3")]
    assert read('{"a":1,"a":2}', JSON) == [("a", "1"), ("a", "2")]


def test_values_of_json_are_read_as_they_were_written() -> None:
    body = '{"huge":123456789012345678901234567890,"float":8.90,"yes":true,"no":false,"nil":null,"nan":NaN,"e":1e400}'
    assert read(body, JSON) == [
        ("huge", "123456789012345678901234567890"),
        ("float", "8.90"),
        ("yes", "да"),
        ("no", "нет"),
        ("nil", ""),
        ("nan", "NaN"),
        ("e", "1e400"),
    ]


def test_nested_values_get_readable_names() -> None:
    body = {"order": {"items": [{"sku": "BR-150", "n": 2}, {"sku": "BR-151", "n": 1}], "tags": ["а", "б"]}}
    found = read_body(orjson.dumps(body), JSON)
    assert [(entry.name, entry.label, entry.value) for entry in found] == [
        ("order.items.1.sku", "order / items / 1 / sku", "BR-150"),
        ("order.items.1.n", "order / items / 1 / n", "2"),
        ("order.items.2.sku", "order / items / 2 / sku", "BR-151"),
        ("order.items.2.n", "order / items / 2 / n", "1"),
        ("order.tags", "order / tags", "а, б"),
    ]


def test_brackets_in_names_nest_as_their_senders_mean_it() -> None:
    body = "fields[phone][id]=phone&fields[phone][title]=Телефон&fields[phone][value]=1&tags[]=a&tags[]=b&x=1&x[y]=2"
    assert read(body, URLENCODED) == [("phone", "1"), ("tags", "a"), ("tags", "b"), ("x", "1"), ("x[y]", "2")]


def test_a_bracket_in_a_sentence_is_no_nesting() -> None:
    assert read("Ваш вопрос [если есть] тут=да", URLENCODED) == [("Ваш вопрос [если есть] тут", "да")]
    assert read("a" + "[b]" * 30 + "=1", URLENCODED) == [("a" + "[b]" * 30, "1")]


def multipart(*parts: tuple[str, bytes], boundary: str = "----x", end: bool = True) -> bytes:
    whole = b"".join(
        f"--{boundary}\r\nContent-Disposition: form-data; {head}\r\n\r\n".encode() + data + b"\r\n"
        for head, data in parts
    )
    return whole + (f"--{boundary}--\r\n".encode() if end else b"")


def test_multipart_gives_its_texts_and_leaves_its_files_out() -> None:
    body = multipart(
        ('name="Ваше имя"', "Пётр".encode()),
        ('name="phone"', b"1"),
        ('name="plan"; filename="план участка.pdf"\r\nContent-Type: application/pdf', b"%PDF\x00\xff"),
        ('name="photo"; filename=""\r\nContent-Type: application/octet-stream', b""),
        ('name="старое"', "Кодировка".encode("cp1251")),
    )
    expected = [("Ваше имя", "Пётр"), ("phone", "1"), ("старое", "Кодировка")]
    assert read(body, "multipart/form-data; boundary=----x") == expected
    assert read(body, 'multipart/form-data; boundary="----x"') == expected
    assert read(body, "multipart/form-data") == expected
    assert read(body, "application/json") == expected
    assert read(body, "multipart/form-data; boundary=other") == expected


def test_multipart_that_breaks_off_keeps_what_came_whole() -> None:
    body = multipart(('name="name"', "Пётр".encode()), ('name="phone"', b"8900"), end=False)[:-6]
    assert read(body, "multipart/form-data; boundary=----x") == [("name", "Пётр")]


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b'{"name": "x"', JSON),
        (b'{"name" "x"}', ""),
        (b'"only a text"', JSON),
        (b"[1, 2, 3]", JSON),
        (b"hello", "text/plain"),
        (b"\xff\xd8\xff\xe0 picture", "image/jpeg"),
        (b"--x\r\n", "multipart/form-data; boundary=x"),
        (b"--x\r\nnonsense", "multipart/form-data; boundary=y"),
        (b"[" * 100_000, JSON),
        (b'{"a":' * 100_000 + b"1" + b"}" * 100_000, JSON),
    ],
)
def test_what_is_no_form_is_refused_with_the_reason(body: bytes, content_type: str) -> None:
    with pytest.raises(UnreadableBodyError) as refused:
        read_body(body, content_type)
    assert refused.value.detail


@pytest.mark.parametrize("body", [b"", b"  \r\n", b"{}", b'{"a":{}}', b"&&&=", b"\x00\x00", b"\xef\xbb\xbf"])
def test_an_empty_body_is_refused(body: bytes) -> None:
    with pytest.raises((EmptyBodyError, UnreadableBodyError)):
        read_body(body, "")


def test_twenty_thousand_fields_are_read_and_more_are_not() -> None:
    assert len(read("&".join(f"f{n}=1" for n in range(20_000)))) == 20_000
    assert len(read("&".join(f"f{n}=1" for n in range(22_000)))) == 20_000
    assert len(read(orjson.dumps({f"f{n}": 1 for n in range(22_000)}), JSON)) == 20_000
