"""Tilda's cart: what was ordered, as a manager reads it."""

from typing import Any
from urllib.parse import urlencode

import orjson
import pytest

from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.field_table import field_table
from connectors.forms.providers.generic.payloads import read_body
from connectors.forms.providers.generic.translate import translate
from connectors.forms.providers.generic.understood import Understood
from connectors.forms.providers.tilda.translate import unpack
from tests.connectors.forms.samples import URLENCODED

ORDER: dict[str, Any] = {
    "sys": "cash",
    "systranid": "0",
    "orderid": 1132944847,
    "products": [
        {"name": "Кирпич", "quantity": 2, "amount": 200.5, "price": "100.25",
         "options": [{"option": "Цвет", "variant": "белый"}, {"option": "Размер", "variant": "1НФ"}]},
        {"name": "Песок 8 900 000-00-09", "quantity": 1, "amount": 10, "sku": "P-1"},
    ],
    "promocode": "ОСЕНЬ",
    "amount": 210.5,
}  # fmt: skip
EXPECTED = [
    ("Товар 1", "Кирпич (Цвет: белый, Размер: 1НФ): 2 × 100.25 = 200.5"),
    ("Товар 2", "Песок 8 900 000-00-09, арт. P-1: 1 = 10"),
    ("Способ оплаты", "cash"),
    ("Номер оплаты", "0"),
    ("Номер заказа", "1132944847"),
    ("Промокод", "ОСЕНЬ"),
    ("Сумма заказа", "210.5"),
    ("Оплачено", "нет"),
]


def said(body: str) -> Understood:
    return translate(unpack(read_body(body.encode(), URLENCODED)), field_table())


def shown(form: Understood) -> list[tuple[str, str]]:
    return [(field.label, field.value) for field in form.fields]


def test_a_cart_as_a_json_text_is_read_like_one_in_brackets() -> None:
    form = said(urlencode({"Phone": "89000000001", "payment": orjson.dumps(ORDER).decode(), "Цвет": "синий"}))
    assert shown(form) == [*EXPECTED, ("Цвет", "синий")]
    brackets = {"Phone": "89000000001", **dict(in_brackets("payment", ORDER)), "Цвет": "синий"}
    assert shown(said(urlencode(brackets))) == [*EXPECTED, ("Цвет", "синий")]


def in_brackets(name: str, value: Any) -> list[tuple[str, str]]:
    items = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    )
    if items is None:
        return [(name, str(value))]
    return [pair for key, inner in items for pair in in_brackets(f"{name}[{key}]", inner)]


def test_numbers_of_an_order_are_no_phones() -> None:
    form = said(urlencode({"Phone": "89000000001", "payment": orjson.dumps(ORDER).decode()}))
    assert form.phones == ["89000000001"]


def test_a_transaction_that_is_not_zero_says_that_the_order_is_paid() -> None:
    paid = {**ORDER, "systranid": "2d1e0000-000f"}
    assert ("Оплачено", "да") in shown(said(urlencode({"payment": orjson.dumps(paid).decode()})))


@pytest.mark.parametrize(
    "value",
    ["{nonsense", "{}", "[1,2]", "наличные", '{"a":' * 5_000 + "1" + "}" * 5_000, '{"products":[[[]]]}'],
)
def test_a_payment_that_is_no_cart_stays_as_it_came(value: str) -> None:
    entries = [Entry("payment", value), Entry("phone", "89000000001")]
    assert unpack(entries) == entries


def test_products_as_plain_lines_are_shown() -> None:
    form = said(urlencode({"payment": '{"products":["Кирпич - 2x100 = 200","Песок"],"amount":"210"}'}))
    assert shown(form)[:2] == [("Товары", "Кирпич - 2x100 = 200, Песок"), ("Сумма заказа", "210")]
