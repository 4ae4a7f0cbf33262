"""One post as it came: the bytes and what the request says beside them."""

from dataclasses import dataclass

from fastapi import Request
from starlette.requests import ClientDisconnect

from shared.kernel.errors import InvalidError

_LONGEST_HEADER = 500


class BrokenOffError(InvalidError):
    """The body broke off before its end."""

    slug = "broken-off"


@dataclass(frozen=True, slots=True)
class Post:
    """A post; `idempotency_key` is without its quotes, empty when none was given."""

    body: bytes
    content_type: str = ""
    idempotency_key: str = ""
    page: str = ""
    user_agent: str = ""
    address: str = ""


async def read_post(request: Request, address: str) -> Post:
    """Read the post to its end; BrokenOffError when the sender went away before."""
    try:
        body = await request.body()
    except ClientDisconnect as error:
        raise BrokenOffError from error
    headers = request.headers
    return Post(
        body=body,
        content_type=headers.get("content-type", ""),
        idempotency_key=_unquoted(headers.get("idempotency-key", "")),
        page=headers.get("referer", ""),
        user_agent=headers.get("user-agent", "")[:_LONGEST_HEADER],
        address=address,
    )


def _unquoted(value: str) -> str:
    """Return the key of a structured header (a string in double quotes); an unquoted one is taken too."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return value
