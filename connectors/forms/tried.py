"""From what was understood of a pasted body to what is told of it."""

from collections.abc import Sequence

from connectors.forms.providers.generic.files import File
from connectors.forms.providers.generic.understood import Understood
from shared.contracts.forms import FormTried, TakenFor, TriedField, TriedFile

_MOST_TAKEN = 500


def tried(
    said: Understood, event_key: str, files: Sequence[File], taken: Sequence[tuple[str, str]]
) -> FormTried:
    """Return what would become of the body: its inquiry, its files, what its fields are taken for."""
    plain = {name: getattr(said, name) for name in FormTried.model_fields if hasattr(said, name)}
    found = {
        "fields": [TriedField(name=one.name, label=one.label, value=one.value) for one in said.fields],
        "event_key": event_key,
        "files": [
            TriedFile(field=one.field, name=one.name, content_type=one.content_type, size=len(one.content))
            for one in files
        ],
        "taken": [TakenFor(name=name, meaning=meaning) for name, meaning in taken[:_MOST_TAKEN]],
    }
    return FormTried(**{**plain, **found})
