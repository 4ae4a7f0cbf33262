"""The text by which a lead is found: name, phones and letters in one folded line."""

from collections.abc import Sequence

from shared.kernel.contact_points import fold_name


def search_text(name: str, phones: Sequence[str], emails: Sequence[str]) -> str:
    """Return the searchable line; digits of phones stand without signs, so that any part of a number is found."""
    digits = ("".join(sign for sign in phone if sign.isdigit()) for phone in phones)
    return " ".join([fold_name(name), *digits, *(email.lower() for email in emails)]).strip() + " "


def search_terms(q: str) -> tuple[list[str], int | None]:
    """Return what a search means: the parts to look for in the line, and the lead's number if it may be one.

    `+7 (921) 447` and `8 921 447` look for the same digits; `№ 1284` may be a lead's number or a part of a phone.
    """
    text = q.strip().removeprefix("№").removeprefix("#").strip()
    if not text or any(sign.isalpha() or sign in "@_" for sign in text):
        return fold_name(text).split(), None
    digits = "".join(sign for sign in text if sign in "0123456789")
    if not digits:
        return [fold_name(text)], None
    number = int(digits) if text == digits else None
    trunk = len(digits) > 1 and digits[0] == "8" and not text.startswith("+")
    return [digits[1:] if trunk and number is None else digits], number
