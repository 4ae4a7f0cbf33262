"""The fields that are shown as they came: how many, how long, and their summary."""

from connectors.forms.providers.generic.understood import ShownField

_MOST_FIELDS = 200
_MOST_CHARACTERS = 16 * 1024
_LONGEST_VALUE = 2_000
_LONGEST_LABEL = 200
_SUMMARY = 1_000
_SUMMARY_VALUE = 200
_NOT_IN_SUMMARY = frozenset(
    {"tracking", "consent", "consent_version", "page", "referrer", "submission", "redirect"}
)


class Shown:
    """Keeps the first fields, cut to what a message can carry; the whole lies in the raw body."""

    def __init__(self) -> None:
        self.fields: list[ShownField] = []
        self._lines: list[str] = []
        self._characters = 0

    def add(self, name: str, label: str, value: str, meaning: str) -> None:
        """Add a field while there is room for it."""
        if len(self.fields) >= _MOST_FIELDS or self._characters >= _MOST_CHARACTERS:
            return
        field = ShownField(name[:_LONGEST_LABEL], label[:_LONGEST_LABEL], value[:_LONGEST_VALUE])
        self._characters += len(field.name) + len(field.label) + len(field.value)
        self.fields.append(field)
        if meaning not in _NOT_IN_SUMMARY:
            colon = "" if field.label.endswith(("?", ":", "!")) else ":"
            self._lines.append(f"{field.label}{colon} {' '.join(field.value[:_SUMMARY_VALUE].split())}")

    def summary(self) -> str:
        """Return the fields in a few readable lines, for a form without a message."""
        return "\n".join(self._lines)[:_SUMMARY]
