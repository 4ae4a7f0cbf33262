"""Tilda's cart: what was ordered and whether it is paid, as fields that a person reads.

Source: Tilda's help on webhooks. `payment` comes as a JSON text or in brackets (`payment[products][0][name]`), as its
owner chose; a `systranid` that is not zero says that the order is paid.
"""

import json
from collections.abc import Iterable

from connectors.forms.providers.generic.entries import Entry
from connectors.forms.providers.generic.flatten import flatten

CART = "payment"
_INSIDE = f"{CART}."
_PRODUCTS = "products"
_LABELS = {
    "products": "Товары",
    "orderid": "Номер заказа",
    "amount": "Сумма заказа",
    "subtotal": "Сумма товаров",
    "discount": "Скидка",
    "promocode": "Промокод",
    "delivery": "Доставка",
    "delivery_price": "Стоимость доставки",
    "delivery_address": "Адрес доставки",
    "delivery_comment": "Комментарий к доставке",
    "delivery_fio": "Получатель",
    "sys": "Способ оплаты",
    "systranid": "Номер оплаты",
}
_PAID = "Оплачено"

Details = dict[str, str]


def is_in_cart(entry: Entry) -> bool:
    """Say whether the entry is of a cart."""
    return entry.name.startswith(_INSIDE) or (entry.name == CART and entry.value.lstrip().startswith("{"))


def unpack_cart(entries: list[Entry]) -> list[Entry]:
    """Return the entries with the cart's own replaced by readable ones, where the cart began."""
    found = [entry for entry in entries if is_in_cart(entry)]
    readable = _readable(_opened(found))
    if not readable:
        return entries
    at = entries.index(found[0])
    return [*entries[:at], *readable, *(entry for entry in entries[at:] if not is_in_cart(entry))]


def _opened(found: Iterable[Entry]) -> list[Entry]:
    """Return the entries of a cart in brackets, whichever way it came; a JSON text that is none stays away."""
    opened: list[Entry] = []
    for entry in found:
        if entry.name != CART:
            opened.append(entry)
            continue
        try:
            root = json.loads(entry.value, object_pairs_hook=tuple, parse_int=str, parse_float=str)
        except (ValueError, RecursionError):
            continue
        opened += flatten(((CART, root),))
    return [entry for entry in opened if entry.name.startswith(_INSIDE)]


def _readable(opened: list[Entry]) -> list[Entry]:
    products: dict[str, Details] = {}
    rest: list[Entry] = []
    order: Details = {}
    for entry in opened:
        first, _, inner = entry.name.removeprefix(_INSIDE).partition(".")
        number, _, detail = inner.partition(".")
        if first == _PRODUCTS and number:
            products.setdefault(number, {})[detail] = entry.value
        else:
            name = entry.name.removeprefix(_INSIDE)
            order[name] = entry.value
            rest.append(Entry(entry.name, entry.value, _LABELS.get(name, entry.label)))
    goods = [
        Entry(f"{_INSIDE}product.{at}", value, f"Товар {at}" if len(products) > 1 else "Товар")
        for at, product in enumerate(products.values(), 1)
        if (value := _product(product))
    ]
    if goods or "orderid" in order:
        paid = order.get("systranid", "").strip() not in {"", "0"}
        rest.append(Entry(f"{_INSIDE}paid", "да" if paid else "нет", _PAID))
    return goods + rest


def _product(product: Details) -> str:
    """Return a line such as «Кирпич (цвет: белый), арт. BR-150: 2 × 15990 = 31980» of what is known."""
    name = product.get("name", "") or product.get("", "") or product.get("title", "")
    if options := _options(product):
        name = f"{name} ({options})"
    if sku := product.get("sku", ""):
        name = f"{name}, арт. {sku}"
    quantity, price, amount = (product.get(key, "") for key in ("quantity", "price", "amount"))
    numbers = " × ".join(part for part in (quantity, price) if part)
    if amount:
        numbers = f"{numbers} = {amount}" if numbers else amount
    return f"{name}: {numbers}" if name and numbers else name or numbers


def _options(product: Details) -> str:
    """Return the chosen options («цвет: белый, размер: XL»), which are pairs of `option` and `variant`."""
    found: dict[str, Details] = {}
    for key, value in product.items():
        parts = key.split(".")
        if len(parts) == 3 and parts[0] == "options":  # noqa: PLR2004 - options, a number, a detail
            found.setdefault(parts[1], {})[parts[2]] = value
    pairs = ((item.get("option", ""), item.get("variant", "")) for item in found.values())
    return ", ".join(": ".join(part for part in pair if part) for pair in pairs if any(pair))
