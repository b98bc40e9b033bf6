"""Days as offices write them: 2026-04-18, 2026/4/18, 令和8年4月18日, 4月18日（土）."""

import re
import unicodedata
from datetime import date, time

WEEKDAYS = "月火水木金土日"
# The first year of each era; a day of its first year may lie in the era before.
ERAS = {"令和": 2019, "R": 2019, "平成": 1989, "H": 1989, "昭和": 1926, "S": 1926}
_YEAR = r"(?:(?P<year>\d{4})|(?P<era>令和|平成|昭和|[RHS])\.?(?P<of_era>\d{1,2}|元))"
_WEEKDAY = r"(?:[(（]?(?P<weekday>[月火水木金土日])(?:曜日?)?(?:[・･]?[祝休])?[)）]?)?"
_FORMS = [
    re.compile(pattern + _WEEKDAY, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日",
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})",
    )
]
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}.*")
_TIME = r"(\d{1,2})(?::(\d{2})|時(?:(\d{1,2})分|(半))?)"
_SPAN = re.compile(rf"{_TIME}(?:[~〜\-‐-―ー]|から){_TIME}(?:まで)?")


class Unreadable(ValueError):
    """What is written is no day; `code` says why not."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """The text in plain width, without blanks: ４月１８日 （㈯） is 4月18日((土))."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


def read_day(text: str, fiscal_year: int | None) -> date:
    """The day that `text` writes; one without a year lies in `fiscal_year` (April to March).

    Raises Unreadable: also where the weekday beside it is another day's.
    """
    written = plain(text).replace("((", "(").replace("))", ")")
    found = next((match for form in _FORMS if (match := form.fullmatch(written))), None)
    if found is None:
        raise Unreadable("short-year" if _SHORT_YEAR.fullmatch(written) else "no-date")
    parts = found.groupdict()
    try:
        day = date(_year(parts, fiscal_year), int(parts["month"]), int(parts["day"]))
    except ValueError as error:
        raise error if isinstance(error, Unreadable) else Unreadable("no-such-day") from None
    if parts["weekday"] and WEEKDAYS[day.weekday()] != parts["weekday"]:
        raise Unreadable("weekday")
    return day


def _year(parts: dict[str, str | None], fiscal_year: int | None) -> int:
    if parts.get("year"):
        return int(parts["year"] or 0)
    if parts.get("era"):
        number = 1 if parts["of_era"] == "元" else int(parts["of_era"] or 0)
        return ERAS[(parts["era"] or "").upper()] + number - 1
    if fiscal_year is None:
        raise Unreadable("no-year")
    return fiscal_year + (int(parts["month"] or 0) < 4)


def read_span(text: str) -> tuple[time, time] | None:
    """The times of 9:00-12:00, 13時30分～16時; None where `text` is no two times of a day."""
    found = _SPAN.fullmatch(plain(text))
    if found is None:
        return None
    first, second = found.groups()[:4], found.groups()[4:]
    try:
        return _time(first), _time(second)
    except ValueError:
        return None


def _time(parts: tuple[str | None, ...]) -> time:
    hour, minute, spoken, half = parts
    return time(int(hour or 0), 30 if half else int(minute or spoken or 0))
