"""What stands in the connection of a form: checked when it is saved, so that nobody wonders why it does nothing."""

from typing import Any, get_args

from services.channels.domain.errors import WrongConnectionError
from shared.contracts.channels import FormMeaning

_MEANINGS = frozenset(get_args(FormMeaning))
_MOST_MAPPED = 200
_LONGEST_NAME = 200
_LONGEST_FILL_S = 3_600
_MOST_POSTS = 1_000_000
_LONGEST_VERSION = 100


def check_form(connection: dict[str, Any]) -> None:
    """WrongConnectionError that names each wrong setting; settings that are not known here are the connector's."""
    wrong: dict[str, str] = {}
    if "mapping" in connection:
        wrong |= _wrong_mapping(connection["mapping"])
    if not _is_number(connection.get("min_fill_seconds", 0), _LONGEST_FILL_S):
        wrong["min_fill_seconds"] = f"a number from 0 to {_LONGEST_FILL_S}"
    posts = connection.get("posts_per_minute", 0)
    if not _is_number(posts, _MOST_POSTS) or not isinstance(posts, int):
        wrong["posts_per_minute"] = f"a whole number from 0 (no limit) to {_MOST_POSTS}"
    version = connection.get("consent_version", "")
    if not isinstance(version, str) or len(version) > _LONGEST_VERSION:
        wrong["consent_version"] = f"a text of at most {_LONGEST_VERSION} characters"
    if wrong:
        errors = [{"field": f"connection.{name}", "detail": detail} for name, detail in wrong.items()]
        raise WrongConnectionError(errors=errors)


def _wrong_mapping(mapping: Any) -> dict[str, str]:
    if not isinstance(mapping, dict) or len(mapping) > _MOST_MAPPED:
        return {"mapping": f"at most {_MOST_MAPPED} names of fields with what they mean"}
    wrong = {}
    for name, meaning in mapping.items():
        if not name.strip() or len(name) > _LONGEST_NAME:
            wrong["mapping"] = f"a name of a field has 1 to {_LONGEST_NAME} characters"
        elif not isinstance(meaning, str) or meaning not in _MEANINGS:
            wrong[f"mapping.{name}"] = f"one of {', '.join(sorted(_MEANINGS))}"
    return wrong


def _is_number(value: Any, most: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= most
