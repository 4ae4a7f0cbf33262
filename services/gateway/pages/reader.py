"""Who reads a page: his language, the company's clock and his own id; every view model is made for one."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from services.gateway.language.catalogue import Catalogue
from services.gateway.language.formats import Formats

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Reader:
    """The reader of a page at one moment."""

    employee_id: str
    words: Catalogue
    formats: Formats
    now: datetime
