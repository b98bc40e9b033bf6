"""What the law and the sentences of the two source pages say of a day, by plain date arithmetic.

Written to be compared with `slots`, so it takes nothing from there, nor from what `slots` stands on.
"""

from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from math import floor

JAPAN = timezone(timedelta(hours=9))
ONE_DAY = timedelta(days=1)
SATURDAY, SUNDAY = 5, 6

# 国民の祝日に関する法律, art. 2, as it stands since 2020.
FIXED = {
    (1, 1): "元日",
    (2, 11): "建国記念の日",
    (2, 23): "天皇誕生日",
    (4, 29): "昭和の日",
    (5, 3): "憲法記念日",
    (5, 4): "みどりの日",
    (5, 5): "こどもの日",
    (8, 11): "山の日",
    (11, 3): "文化の日",
    (11, 23): "勤労感謝の日",
}
HAPPY_MONDAYS = {
    (1, 2): "成人の日",
    (7, 3): "海の日",
    (9, 3): "敬老の日",
    (10, 2): "スポーツの日",
}
# 平成三十二年東京オリンピック競技大会…特別措置法, art. 29 and 30 (32 and 33 before).
OLYMPIC = {
    2020: {"海の日": (7, 23), "スポーツの日": (7, 24), "山の日": (8, 10)},
    2021: {"海の日": (7, 22), "スポーツの日": (7, 23), "山の日": (8, 8)},
}
# 天皇の即位の日及び即位礼正殿の儀の行われる日を休日とする法律: both count as 国民の祝日.
ACCESSION = {date(2019, 5, 1), date(2019, 10, 22)}

# channel, start, end, last intake
Answered = tuple[str, datetime, datetime, datetime]


def nth_weekday(year: int, month: int, nth: int, weekday: int) -> date:
    """The nth `weekday` (0 is Monday) of a month, found by walking from its first day."""
    day = date(year, month, 1)
    while day.weekday() != weekday:
        day += ONE_DAY
    return day + 7 * (nth - 1) * ONE_DAY


def equinox(year: int, constant: float) -> int:
    """The day of the month by the formula for 1980 to 2099."""
    return floor(constant + 0.242194 * (year - 1980)) - floor((year - 1980) / 4)


@cache
def named_by_law(year: int) -> dict[date, str]:
    """国民の祝日: art. 2 and the special laws."""
    found = {date(year, *month_day): name for month_day, name in FIXED.items()}
    for (month, nth), name in HAPPY_MONDAYS.items():
        found[nth_weekday(year, month, nth, 0)] = name
    found[date(year, 3, equinox(year, 20.8431))] = "春分の日"
    found[date(year, 9, equinox(year, 23.2488))] = "秋分の日"
    for name, month_day in OLYMPIC.get(year, {}).items():
        found = {day: one for day, one in found.items() if one != name}
        found[date(year, *month_day)] = name
    if year == 2019:  # the reigning emperor's birthday fell between two reigns
        del found[date(2019, 2, 23)]
        found |= dict.fromkeys(ACCESSION, "即位")
    return found


def is_named(day: date) -> bool:
    """Art. 2: whether `day` is itself a 国民の祝日."""
    return day in named_by_law(day.year)


def is_substitute(day: date) -> bool:
    """Art. 3 II: a holiday on a Sunday gives the next day after it that is none."""
    if is_named(day):
        return False
    before = day - ONE_DAY
    while is_named(before):
        if before.weekday() == SUNDAY:
            return True
        before -= ONE_DAY
    return False


def is_sandwiched(day: date) -> bool:
    """Art. 3 III: a day between two holidays, itself none."""
    return not is_named(day) and is_named(day - ONE_DAY) and is_named(day + ONE_DAY)


def is_holiday(day: date) -> bool:
    """Whether `day` is a 休日 under the law, which town pages call 祝日."""
    return is_named(day) or is_substitute(day) or is_sandwiched(day)


@cache
def is_closed(day: date) -> bool:
    """「祝日、年末年始」; the year-end is assumed to be 12/29 to 1/3, as neither page dates it."""
    year_end = (day.month == 12 and day.day >= 29) or (day.month == 1 and day.day <= 3)
    return year_end or is_holiday(day)


def answered(day: date, channel: str, start: str, end: str, intake: int = 0) -> Answered:
    """A channel from `start` to `end`, calls taken until `intake` minutes before the end."""
    opens = datetime.combine(day, time.fromisoformat(start), JAPAN)
    shuts = datetime.combine(day, time.fromisoformat(end), JAPAN)
    return channel, opens, shuts, shuts - timedelta(minutes=intake)


def shibukawa_support(day: date) -> list[Answered]:
    """「月曜日から金曜日（祝日、年末年始を除く）午前8時30分から午後5時15分まで」, phone and counter."""
    if day.weekday() >= SATURDAY or is_closed(day):
        return []
    return [answered(day, channel, "08:30", "17:15") for channel in ("phone", "in-person")]


def shibukawa_lawyer(day: date) -> list[Answered]:
    """The same sentence, as 「予約受付時間」 by phone."""
    if day.weekday() >= SATURDAY or is_closed(day):
        return []
    return [answered(day, "phone", "08:30", "17:15")]


def net_harmony(day: date) -> list[Answered]:
    """「月～土曜日 16:00～22:00、第2日曜日 13:00～18:00、祝日及び年末年始を除く」.

    「相談受付は終了時刻の30分前まで」; phone and LINE alike.
    """
    if is_closed(day):
        return []
    both = ("phone", "line")
    if day.weekday() != SUNDAY:
        return [answered(day, channel, "16:00", "22:00", 30) for channel in both]
    if day == nth_weekday(day.year, day.month, 2, SUNDAY):
        return [answered(day, channel, "13:00", "18:00", 30) for channel in both]
    return []


def human_rights(day: date) -> list[Answered]:
    """「月～金 10:00～16:00 電話、木・金 18:00～22:00 LINE、第4日曜日 10:00～16:00 電話」.

    「祝日及び年末年始を除く。ただし、第4日曜日は相談を受け付けます」.
    """
    if day == nth_weekday(day.year, day.month, 4, SUNDAY):
        return [answered(day, "phone", "10:00", "16:00", 30)]
    if day.weekday() >= SATURDAY or is_closed(day):
        return []
    found = [answered(day, "phone", "10:00", "16:00", 30)]
    if day.weekday() in (3, 4):
        found.append(answered(day, "line", "18:00", "22:00", 30))
    return found


def lawyer_slots(day: date) -> list[tuple[datetime, datetime]]:
    """「毎月第3土曜日午前9時から正午まで」, as often as 「45分」 fit; none on other days."""
    if day != nth_weekday(day.year, day.month, 3, SATURDAY):
        return []
    found, start = [], datetime.combine(day, time(9), JAPAN)
    while (end := start + timedelta(minutes=45)).time() <= time(12):
        found.append((start, end))
        start = end
    return found


def lawyer_booking_closes(session: date) -> datetime:
    """17:15 of the last Monday to Friday before it that is not closed."""
    day = session - ONE_DAY
    while day.weekday() >= SATURDAY or is_closed(day):
        day -= ONE_DAY
    return datetime.combine(day, time(17, 15), JAPAN)
