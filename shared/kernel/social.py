"""People in social networks: from a link, a mention or a number to the key to match by (B09)."""

import re

from shared.kernel.text import visible

_LONGEST = 2_000
_CUT = re.compile(r"[/?#&]")
_NUMBER = re.compile(r"-?[0-9]{1,19}")
_AROUND = " \t\r\n<>\"',;"

_VK = re.compile(r"(?:https?://)?(?:(?:www|m|new)\.)?(?:vk\.com|vk\.ru|vk\.me|vkontakte\.ru)/", re.IGNORECASE)
_VK_ID = re.compile(r"(id|club|public|event)([0-9]{1,19})")
_VK_DIALOG = re.compile(r"(?:g?im\?(?:[^#]*&)?sel=|im/convo/|write)(-?[0-9]{1,19})(?![\w])", re.ASCII)
_VK_CHATS = 2_000_000_000
_VK_NAME = re.compile(r"(?=[0-9.]*[a-z_])[a-z0-9_](?:[a-z0-9_.]{0,30}[a-z0-9_])?")
_VK_PAGE = re.compile(
    r"(?:albums?|apps?|articles?|audios?|board|clips?|docs?|friends|gifts|im|market|notes?|page|photos?|poll|product"
    r"|reply|stickers|story|topic|videos?|wall|write)(?:-?[0-9]+(?:_[0-9]+)?)?"
    r"|(?:about|al_im|away|bookmarks|dev|fave|feed|groups|help|join|login|mail|search|settings|share|support|terms)"
    r"(?:\.php)?|.*\.(?:com|ru|me|su|net|org)"
)
"""Addresses inside the network, and other sites, that are nobody's name."""

_TELEGRAM = re.compile(
    r"(?:https?://)?(?:www\.)?(?:t\.me|telegram\.me|telegram\.dog)/(?:s/)?|tg://(?:resolve\?domain=|user\?id=)",
    re.IGNORECASE,
)
_TELEGRAM_HOST = re.compile(r"(?:https?://)?([a-z][a-z0-9_]{3,31})\.t\.me/?", re.IGNORECASE)
_TELEGRAM_NAME = re.compile(r"[a-z][a-z0-9_]{3,31}")
_TELEGRAM_PAGE = re.compile(
    r"add(?:emoji|list|stickers|theme)|boost|confirmphone|contact|giftcode|invoice|joinchat|login|proxy|setlanguage"
    r"|share|socks"
)


def parse_vk(value: str) -> str | None:
    """Return a number (of a group with a minus) or a screen name in lower case; None when it is neither."""
    text, linked = _address(value, _VK)
    if dialog := _VK_DIALOG.match(text):
        return _number(dialog.group(1)) if int(dialog.group(1)) < _VK_CHATS else None
    name = (_CUT.split(text, maxsplit=1)[0] if linked else text).strip("@*")
    if found := _VK_ID.fullmatch(name):
        return _number(found.group(2) if found.group(1) == "id" else "-" + found.group(2))
    if _NUMBER.fullmatch(name):
        return _number(name)
    return name if _VK_NAME.fullmatch(name) and not _VK_PAGE.fullmatch(name) else None


def parse_telegram(value: str) -> str | None:
    """Return a number (of a group with a minus) or a username in lower case; None when it is neither."""
    text, linked = _address(value, _TELEGRAM)
    if host := _TELEGRAM_HOST.fullmatch(text):
        text = host.group(1)
    name = (_CUT.split(text, maxsplit=1)[0] if linked else text).removeprefix("@")
    if _NUMBER.fullmatch(name):
        return _number(name)
    return name if _TELEGRAM_NAME.fullmatch(name) and not _TELEGRAM_PAGE.fullmatch(name) else None


def _address(value: str, site: re.Pattern[str]) -> tuple[str, bool]:
    """Return what stands after the site in lower case, and whether the site was there; nothing of what is too long."""
    text = value.strip(_AROUND)
    if len(text) > _LONGEST:
        return "", False
    text = visible(text).lower().strip(_AROUND)
    found = site.match(text)
    if found is None:
        return text.rstrip("/."), False
    return text[found.end() :].rstrip("/."), True


def _number(digits: str) -> str | None:
    """Return the number without leading zeros; zero is nobody."""
    return str(int(digits)) if int(digits) else None
