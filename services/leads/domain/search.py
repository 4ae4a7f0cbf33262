"""The text by which a lead is found: name, phones and letters in one folded line."""

from collections.abc import Sequence

from shared.kernel.contact_points import fold_name


def search_text(name: str, phones: Sequence[str], emails: Sequence[str]) -> str:
    """Return the searchable line; digits of phones stand without signs, so that any part of a number is found."""
    digits = ("".join(sign for sign in phone if sign.isdigit()) for phone in phones)
    return " ".join([fold_name(name), *digits, *(email.lower() for email in emails)]).strip() + " "
