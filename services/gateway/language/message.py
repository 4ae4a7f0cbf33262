"""What a text of the catalogue is: one string, or one string per plural form of its language."""

from collections.abc import Mapping

Message = str | Mapping[str, str]
