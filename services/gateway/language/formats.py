"""Dates, times, ages, numbers and phones as people read them, in the company's time zone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import phonenumbers

from services.gateway.language.catalogue import Catalogue

NARROW = "\u202f"
COUNT_MOST = 9_999

_MINUTE = 60
_HOUR = 3_600
_DAY = 86_400
_RUSSIAN = 12  # +7 and ten digits


def parse_time(value: str | None) -> datetime | None:
    """Return the aware time of an RFC 3339 text, None for nothing."""
    return datetime.fromisoformat(value) if value else None


def _grouped(number: str) -> str:
    """Group an E.164 number for reading: `+7 (921) 447-18-63`; empty for what is not one."""
    if number.startswith("+7") and len(number) == _RUSSIAN:
        return f"+7 ({number[2:5]}) {number[5:8]}-{number[8:10]}-{number[10:]}"
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return ""
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)


def number(value: int) -> str:
    """Group thousands with a narrow space."""
    return f"{value:,}".replace(",", NARROW)


def count(value: int, *, capped: bool = False) -> str:
    """Return a counter: exact up to 9 999, then `9 999+`."""
    return f"{number(COUNT_MOST)}+" if capped or value > COUNT_MOST else number(value)


@dataclass(frozen=True, slots=True)
class Formats:
    """How one reader sees times: the language's words and the company's zone."""

    words: Catalogue
    zone: ZoneInfo

    def local(self, at: datetime) -> datetime:
        """Return the time in the company's zone."""
        return at.astimezone(self.zone)

    def time(self, at: datetime) -> str:
        """`12:04`."""
        return f"{self.local(at):%H:%M}"

    def date(self, at: datetime) -> str:
        """`24.11.2026`."""
        return f"{self.local(at):%d.%m.%Y}"

    def full(self, at: datetime) -> str:
        """`24.11.2026, 12:04`."""
        return f"{self.local(at):%d.%m.%Y, %H:%M}"

    def moment(self, at: datetime, now: datetime) -> str:
        """Return the time of today, `вчера, 12:04`, else the day and, in another year, its year."""
        days = (self.local(now).date() - self.local(at).date()).days
        if days == 0:
            return self.time(at)
        if days == 1:
            return self.words.t("time.yesterday_at", time=self.time(at))
        return (
            f"{self.local(at):%d.%m, %H:%M}" if self.local(at).year == self.local(now).year else self.full(at)
        )

    def day_heading(self, at: datetime, now: datetime) -> str:
        """`Сегодня, 24.11`, `Вчера, 23.11`, `12.03.2026`."""
        days = (self.local(now).date() - self.local(at).date()).days
        if days in (0, 1):
            return self.words.t(
                "time.today" if days == 0 else "time.yesterday", day=f"{self.local(at):%d.%m}"
            )
        return self.date(at)

    def span(self, length: timedelta) -> str:
        """Return a length of time in its largest unit: `29 с`, `27 мин`, `3 ч`, `2 дн`."""
        seconds = max(0, int(length.total_seconds()))
        for unit, size in (("day", _DAY), ("hour", _HOUR), ("minute", _MINUTE)):
            if seconds >= size:
                return self.words.t(f"js.unit.{unit}", count=seconds // size)
        return self.words.t("js.unit.second", count=seconds)

    def clock(self, length: timedelta) -> str:
        """Return a short length as `1:52`, a longer one by its unit."""
        seconds = max(0, int(length.total_seconds()))
        if seconds < 10 * _MINUTE:
            return f"{seconds // _MINUTE}:{seconds % _MINUTE:02}"
        return self.span(length)

    def phone(self, value: str) -> str:
        """Return a phone as it is read, with its extension; what is not a phone stays as it is."""
        number, _, extension = value.partition(";ext=")
        shown = _grouped(number)
        if not shown:
            return value
        return f"{shown} {self.words.t('point.extension', number=extension)}" if extension else shown

    def decimal(self, value: float) -> str:
        """Return a number with one digit after the reader's decimal sign, none where it would be a nought: `1,9`."""
        return f"{value:.1f}".removesuffix(".0").replace(".", self.words.t("number.point"))

    def start_of_day(self, now: datetime, *, days_ago: int = 0) -> datetime:
        """Return when the company's day began."""
        return self.local(now).replace(hour=0, minute=0, second=0, microsecond=0) - timedelta(days=days_ago)
