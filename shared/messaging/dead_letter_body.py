"""How the body of a dead letter is read by people."""

import base64
from typing import Any

import orjson

from shared.kernel.text import safe_text


def readable(body: bytes) -> dict[str, Any]:
    """Return the body as `json`, else as `text` if it is printable UTF-8, else as `base64`."""
    try:
        return {"json": orjson.loads(body)}
    except orjson.JSONDecodeError:
        pass
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = ""
    if text and safe_text(text) == text:
        return {"text": text}
    return {"base64": base64.b64encode(body).decode()}
