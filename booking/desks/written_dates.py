"""Days as offices write them: 2026-04-18, 2026/4/18, 令和8年4月18日, 4月18日（土）."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = "月火水木金土日"
# The first year of each era; a day of its first year may lie in the era before.
ERAS = {"令": 2019, "R": 2019, "平": 1989, "H": 1989, "昭": 1926, "S": 1926}
# A last day without a year is near its first one; else one of both is wrong.
LONGEST_WITHOUT_YEAR = timedelta(days=183)
_YEAR = r"(?:(?P<year>\d{4})|(?P<era>令和?|平成?|昭和?|[RHS])\.?(?P<of_era>\d{1,2}|元))"
_WEEKDAY = r"[(（]?(?P<weekday>[月火水木金土日])(?:曜日?)?(?:[・･]?[祝休])?[)）]?"
_FORMS = [
    re.compile(f"{pattern}(?:{_WEEKDAY})?", re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}年(?P<month>\d{{1,2}})月(?P<day>\d{{1,2}})日",
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        r"(?P<month>\d{1,2})月(?P<day>\d{1,2})日",
        r"(?P<month>\d{1,2})/(?P<day>\d{1,2})",
    )
]
_DAY_ALONE = re.compile(rf"\d{{1,2}}日(?:{_WEEKDAY})?")
_WEEKDAY_ALONE = re.compile(_WEEKDAY)
# Excel and databases write a day as its midnight.
_MIDNIGHT = re.compile(r"[T\s]\s*0?0:00(?::00(?:\.0+)?)?\s*$")
_SHORT_YEAR = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{1,2}(?!\d).*")
# What Excel makes of a day whose cell is no date's: the days since 1900, here of this century.
_SERIAL = re.compile(r"[34567]\d{4}")


class Unreadable(ValueError):
    """What is written is no day, or no time; `code` says why not."""

    def __init__(self, code: str) -> None:
        """Keep the code."""
        super().__init__(code)
        self.code = code


def plain(text: str) -> str:
    """The text in plain width, without blanks: ４月１８日 （㈯） is 4月18日((土))."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", text))


@dataclass(frozen=True, slots=True)
class _Parts:
    """A day as it is written; its year and its weekday may be missing."""

    year: int | None
    month: int
    day: int
    weekday: str | None

    def in_year(self, year: int) -> date:
        """The day, its own year before `year`. Raises Unreadable."""
        try:
            found = date(self.year or year, self.month, self.day)
        except ValueError:
            raise Unreadable("no-such-day") from None
        if self.weekday and WEEKDAYS[found.weekday()] != self.weekday:
            raise Unreadable("weekday")
        return found


def read_day(text: str, fiscal_year: int | None) -> date:
    """The day that `text` writes; one without a year lies in `fiscal_year` (April to March).

    Raises Unreadable: also where the weekday beside it is another day's.
    """
    parts = _parts(_written(text))
    if parts.year is None and fiscal_year is None:
        raise Unreadable("no-year")
    return parts.in_year((fiscal_year or 0) + (parts.month < 4))


def read_last_day(text: str, first: date) -> date:
    """The last of several days from `first` on; a year or month that it leaves out follows from that.

    Of 令和8年12月29日～1月3日 it is 3 January 2027, of 12月21日～23日 23 December. Raises Unreadable.
    """
    written = _written(text)
    if _DAY_ALONE.fullmatch(written):
        written = f"{first.month}月{written}"
    parts = _parts(written)
    next_year = (parts.month, parts.day) < (first.month, first.day)
    found = parts.in_year(first.year + next_year)
    if parts.year is None and next_year and found - first > LONGEST_WITHOUT_YEAR:
        raise Unreadable("backwards")
    return found


def is_day(text: str) -> bool:
    """Whether `text` is meant as a day, be it a wrong one."""
    written = _written(text)
    return (
        any(form.fullmatch(written) for form in _FORMS)
        or _SHORT_YEAR.fullmatch(written) is not None
    )


def weekday_of(text: str) -> str | None:
    """月 of 月, （月） and 月曜日; None for what is no weekday and nothing else."""
    found = _WEEKDAY_ALONE.fullmatch(_written(text))
    return found["weekday"] if found else None


def _written(text: str) -> str:
    bare = _MIDNIGHT.sub("", unicodedata.normalize("NFKC", text))
    return plain(bare).replace("((", "(").replace("))", ")")


def _parts(written: str) -> _Parts:
    found = next((match for form in _FORMS if (match := form.fullmatch(written))), None)
    if found is None:
        short = _SHORT_YEAR.fullmatch(written)
        serial = _SERIAL.fullmatch(written)
        raise Unreadable("short-year" if short else "serial" if serial else "no-date")
    named = found.groupdict()
    month, day = int(named["month"]), int(named["day"])
    return _Parts(_year(named), month, day, named["weekday"])


def _year(named: dict[str, str | None]) -> int | None:
    if named.get("year"):
        return int(named["year"] or 0)
    era, of_era = named.get("era"), named.get("of_era")
    if not era:
        return None
    number = 1 if of_era == "元" else int(of_era or 0)
    return ERAS[era[0].upper()] + number - 1
