"""The languages that residents are told things in, and how each writes days and times.

Japanese counts in eras; easy Japanese and all others say the western year and twelve hours, as 津山市
does (2024年, 午後3時). Nobody is to read noon as midnight: 午後12時 is never said. In the
few characters of an SMS those who write 24 hours do so.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from booking.i18n import TIMES_OF_DAY, WEEKDAYS, clock_time, era_date

Clock = Callable[[int, int], str]
MONDAY_TO_FRIDAY = (0, 1, 2, 3, 4)


@dataclass(frozen=True, kw_only=True, eq=False)
class Language:
    """A language: its own name, other names it is typed by, and its patterns.

    `day`, `short_day` know {y} {m} {d} {era} {month} {weekday} {short}; `clock` and `short_clock`
    take hour and minute; `moment`, `short_when` know {day} {clock}, `span` {start} {end}, `since`
    {start}; `times_of_day` are the bands of a wish.
    """

    code: str
    name: str
    known_as: tuple[str, ...] = ()
    weekdays: tuple[str, ...]
    short_weekdays: tuple[str, ...]
    months: tuple[str, ...] = tuple("" for _ in range(12))
    day: str
    short_day: str
    clock: Clock
    short_clock: Clock
    span: str
    since: str
    moment: str = "{day} {clock}"
    short_when: str = "{day} {clock}"
    working_days: str
    times_of_day: Mapping[str, str]

    def date_text(self, day: date) -> str:
        """`day` in full, with its weekday."""
        return self._date(self.day, day)

    def short_date_text(self, day: date) -> str:
        """`day` without its year, with its weekday."""
        return self._date(self.short_day, day)

    def time_text(self, at: datetime) -> str:
        """The time of day; `at` must already be in the desk's zone."""
        return self.clock(at.hour, at.minute)

    def span_text(self, start: datetime, end: datetime | None) -> str:
        """From `start` to `end`, both in the desk's zone; without an end, from `start` on."""
        if end is None:
            return self.since.format(start=self.time_text(start))
        return self.span.format(start=self.time_text(start), end=self.time_text(end))

    def moment_text(self, at: datetime) -> str:
        """Day and time of `at`, in the desk's zone, in full."""
        return self.moment.format(day=self.date_text(at.date()), clock=self.time_text(at))

    def short_text(self, at: datetime) -> str:
        """Day and time of `at`, in the desk's zone, as short as they can be said."""
        clock = self.short_clock(at.hour, at.minute)
        return self.short_when.format(day=self.short_date_text(at.date()), clock=clock)

    def weekdays_text(self, days: Sequence[int]) -> str:
        """Weekdays (0 is Monday): 平日, 月～土, 火・木."""
        if tuple(days) == MONDAY_TO_FRIDAY:
            return self.working_days
        names = [self.short_weekdays[day] for day in days]
        run = len(days) > 2 and list(days) == list(range(days[0], days[0] + len(days)))
        joint = "・" if self.code.startswith("ja") else ", "
        return f"{names[0]}{DASH.get(self.code, '-')}{names[-1]}" if run else joint.join(names)

    def _date(self, pattern: str, day: date) -> str:
        return pattern.format(
            y=day.year,
            m=day.month,
            d=day.day,
            era=era_date(day, weekday=False),
            month=self.months[day.month - 1],
            weekday=self.weekdays[day.weekday()],
            short=self.short_weekdays[day.weekday()],
        )


DASH = {"ja": "～", "ja-easy": "～", "zh": "至", "ko": "~"}


def _twelve(hour: int) -> int:
    return hour % 12 or 12


def _japanese(hour: int, minute: int) -> str:
    return clock_time(datetime(2000, 1, 1, hour, minute))  # noqa: DTZ001 - a wall time


def _digits(hour: int, minute: int) -> str:
    return f"{hour}:{minute:02}"


def _easy(hour: int, minute: int) -> str:
    minutes = f"{minute}分" if minute else ""
    if hour == 12:
        return f"昼（ひる）の12時{minutes}"
    half = "午前（ごぜん）" if hour < 12 else "午後（ごご）"
    return f"{half}{hour % 12}時{minutes}"


def _short_easy(hour: int, minute: int) -> str:
    return (
        _easy(hour, minute)
        .replace("（ごぜん）", "")
        .replace("（ごご）", "")
        .replace("（ひる）", "")
    )


def _english(hour: int, minute: int) -> str:
    if (hour, minute) == (12, 0):
        return "12 noon"
    return f"{_twelve(hour)}:{minute:02} {'am' if hour < 12 else 'pm'}"


def _short_english(hour: int, minute: int) -> str:
    if (hour, minute) == (12, 0):
        return "noon"
    return f"{_twelve(hour)}:{minute:02}{'am' if hour < 12 else 'pm'}"


def _chinese(hour: int, minute: int) -> str:
    half = "上午" if hour < 12 else "中午" if hour == 12 else "下午" if hour < 18 else "晚上"
    return f"{half}{_twelve(hour)}:{minute:02}"


def _korean(hour: int, minute: int) -> str:
    half = "오전" if hour < 12 else "낮" if hour == 12 else "오후"
    minutes = f" {minute}분" if minute else ""
    return f"{half} {_twelve(hour)}시{minutes}"


def _vietnamese(hour: int, minute: int) -> str:
    half = "sáng" if hour < 12 else "trưa" if hour == 12 else "chiều" if hour < 18 else "tối"
    return f"{_twelve(hour)}:{minute:02} {half}"


def _portuguese(hour: int, minute: int) -> str:
    if (hour, minute) == (12, 0):
        return "meio-dia"
    half = "da manhã" if hour < 12 else "da tarde" if hour < 18 else "da noite"
    return f"{_twelve(hour)}h{minute:02} {half}"


def _short_portuguese(hour: int, minute: int) -> str:
    return f"{hour}h{minute:02}"


_EASY_DAYS = tuple(
    f"{kanji}曜日（{kana}ようび）"
    for kanji, kana in zip(
        WEEKDAYS, ("げつ", "か", "すい", "もく", "きん", "ど", "にち"), strict=True
    )
)

_ALL = (
    Language(
        code="ja",
        name="日本語",
        known_as=("japanese", "にほんご"),
        weekdays=tuple(WEEKDAYS),
        short_weekdays=tuple(WEEKDAYS),
        day="{era}（{weekday}）",
        short_day="{m}/{d}({short})",
        clock=_japanese,
        short_clock=_digits,
        moment="{day}{clock}",
        span="{start}から{end}まで",
        since="{start}から",
        short_when="{day}{clock}",
        working_days="平日",
        times_of_day=TIMES_OF_DAY,
    ),
    Language(
        code="ja-easy",
        name="やさしい日本語",
        known_as=("やさしいにほんご", "easy japanese"),
        weekdays=_EASY_DAYS,
        short_weekdays=tuple(WEEKDAYS),
        day="{y}年{m}月{d}日 {weekday}",
        short_day="{m}月{d}日({short})",
        clock=_easy,
        short_clock=_short_easy,
        span="{start}から {end}まで",
        since="{start}から",
        short_when="{day}{clock}",
        working_days="月～金",
        times_of_day={
            "any": "いつでも いい",
            "morning": "午前（ごぜん）",
            "afternoon": "午後（ごご）（5時まで）",
            "evening": "夜（よる）（午後（ごご）5時から）",
        },
    ),
    Language(
        code="en",
        name="English",
        known_as=("英語", "eigo"),
        weekdays=(
            *("Monday", "Tuesday", "Wednesday", "Thursday"),
            *("Friday", "Saturday", "Sunday"),
        ),
        short_weekdays=("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        months=(
            *("January", "February", "March", "April", "May", "June"),
            *("July", "August", "September", "October", "November", "December"),
        ),
        day="{weekday}, {d} {month} {y}",
        short_day="{short} {d} {month:.3}",
        clock=_english,
        short_clock=_short_english,
        moment="{clock} on {day}",
        span="{start} to {end}",
        since="from {start}",
        working_days="Mon-Fri",
        times_of_day={
            "any": "any time",
            "morning": "morning",
            "afternoon": "afternoon (until 5:00 pm)",
            "evening": "evening (from 5:00 pm)",
        },
    ),
    Language(
        code="zh",
        name="中文",
        known_as=("中国語", "chinese", "汉语", "漢語", "简体中文", "中文(简体)"),
        weekdays=tuple(f"星期{one}" for one in "一二三四五六日"),
        short_weekdays=tuple(f"周{one}" for one in "一二三四五六日"),
        day="{y}年{m}月{d}日（{weekday}）",
        short_day="{m}月{d}日({short})",
        clock=_chinese,
        short_clock=_chinese,
        moment="{day}{clock}",
        span="{start}至{end}",
        since="{start}开始",
        short_when="{day}{clock}",
        working_days="周一至周五",
        times_of_day={
            "any": "任何时间",
            "morning": "上午",
            "afternoon": "下午（5点以前）",
            "evening": "晚上（下午5点以后）",
        },
    ),
    Language(
        code="ko",
        name="한국어",
        known_as=("韓国語", "朝鮮語", "korean", "韓国・朝鮮語"),
        weekdays=tuple(f"{one}요일" for one in "월화수목금토일"),
        short_weekdays=tuple("월화수목금토일"),
        day="{y}년 {m}월 {d}일 {weekday}",
        short_day="{m}/{d}({short})",
        clock=_korean,
        short_clock=_korean,
        span="{start}부터 {end}까지",
        since="{start}부터",
        working_days="월~금",
        times_of_day={
            "any": "언제든지",
            "morning": "오전",
            "afternoon": "오후(5시까지)",
            "evening": "저녁(오후 5시부터)",
        },
    ),
    Language(
        code="vi",
        name="Tiếng Việt",
        known_as=("ベトナム語", "vietnamese", "tieng viet", "việt"),
        weekdays=(
            *("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm"),
            *("Thứ Sáu", "Thứ Bảy", "Chủ Nhật"),
        ),
        short_weekdays=("T2", "T3", "T4", "T5", "T6", "T7", "CN"),
        day="{weekday}, ngày {d} tháng {m} năm {y}",
        short_day="{short} {d}/{m}",
        clock=_vietnamese,
        short_clock=_digits,
        moment="{clock} {day}",
        span="từ {start} đến {end}",
        since="từ {start}",
        working_days="T2-T6",
        times_of_day={
            "any": "lúc nào cũng được",
            "morning": "buổi sáng",
            "afternoon": "buổi chiều (đến 5:00 chiều)",
            "evening": "buổi tối (từ 5:00 chiều)",
        },
    ),
    Language(
        code="pt",
        name="Português",
        known_as=("ポルトガル語", "portuguese", "portugues", "português (brasil)"),
        weekdays=(
            *("segunda-feira", "terça-feira", "quarta-feira", "quinta-feira"),
            *("sexta-feira", "sábado", "domingo"),
        ),
        short_weekdays=("seg", "ter", "qua", "qui", "sex", "sáb", "dom"),
        months=(
            *("janeiro", "fevereiro", "março", "abril", "maio", "junho"),
            *("julho", "agosto", "setembro", "outubro", "novembro", "dezembro"),
        ),
        day="{weekday}, {d} de {month} de {y}",
        short_day="{short} {d}/{m}",
        clock=_portuguese,
        short_clock=_short_portuguese,
        moment="{clock} de {day}",
        span="{start} até {end}",
        since="a partir de {start}",
        working_days="seg-sex",
        times_of_day={
            "any": "qualquer horário",
            "morning": "de manhã",
            "afternoon": "à tarde (até as 5h00 da tarde)",
            "evening": "à noite (a partir das 5h00 da tarde)",
        },
    ),
)
LANGUAGES: Mapping[str, Language] = {one.code: one for one in _ALL}
JAPANESE = LANGUAGES["ja"]
_NAMES: Mapping[str, Language] = {
    name.casefold(): one for one in _ALL for name in (one.code, one.name, *one.known_as)
}


def language_of(typed: str) -> Language:
    """The language that was typed as a code (en, zh-Hans, pt_BR) or a name; else Japanese."""
    asked = typed.strip().casefold().replace("_", "-")
    return _NAMES.get(asked) or _NAMES.get(asked.partition("-")[0], JAPANESE)
