"""One post as it came: the bytes and what the request says beside them."""

from dataclasses import dataclass

from fastapi import Request

from connectors.forms.body_reader import BodyReader

_LONGEST_HEADER = 500


@dataclass(frozen=True, slots=True)
class Post:
    """A post; `idempotency_key` is without its quotes, empty when none was given. `held` is of the reader's budget."""

    body: bytes
    content_type: str = ""
    idempotency_key: str = ""
    page: str = ""
    user_agent: str = ""
    address: str = ""
    held: int = 0


async def read_post(request: Request, address: str, reader: BodyReader) -> Post:
    """Read the post to its end, or raise what the reader raises."""
    body, held = await reader.read(request)
    headers = request.headers
    return Post(
        body=body,
        content_type=headers.get("content-type", ""),
        idempotency_key=_unquoted(headers.get("idempotency-key", "")),
        page=headers.get("referer", ""),
        user_agent=headers.get("user-agent", "")[:_LONGEST_HEADER],
        address=address,
        held=held,
    )


def _unquoted(value: str) -> str:
    """Return the key of a structured header (a string in double quotes); an unquoted one is taken too."""
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return value
