"""How long the post takes."""

from datetime import date, datetime, time, timedelta

from slots.holidays import ClosedDays
from slots.zone import instant

# A letter posted on the first of these days is there on the third at the latest, before `day`.
DELIVERY_DAYS = 4
# What is posted later is collected as if it were posted on the next day.
LAST_COLLECTION = time(17)
SATURDAY = 5


def posting_deadline(day: date, closed_days: ClosedDays, zone: str) -> datetime:
    """The instant until which a letter has to be posted to be there before the local `day`.

    日本郵便「2021年10月から郵便物（手紙・はがき）・ゆうメールのサービスを一部変更します」: ordinary
    letters are delivered on no Saturday, Sunday or holiday since 2021-10-02, and a day later than
    before since 2022-02 at the latest: nearby two days after they were posted, far away three. So
    four delivery days before `day`, and on a day on which the office is open and can post.
    """
    posted = day
    for _ in range(DELIVERY_DAYS):
        posted -= timedelta(days=1)
        while not _delivers(posted, closed_days):
            posted -= timedelta(days=1)
    return instant(closed_days.last_business_day(posted), LAST_COLLECTION, zone)


def _delivers(day: date, closed_days: ClosedDays) -> bool:
    """Whether letters are delivered: an office may be open on Sundays, the post is not.

    The office's own closed days count as if they were the post's; that errs to the early side.
    """
    return day.weekday() < SATURDAY and closed_days.name_of(day) is None
