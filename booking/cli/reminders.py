"""When parties of a session are reminded, for people to read."""

from booking.i18n import short_date
from slots.desk import Desk
from slots.sessions import Session


def reminders_text(desk: Desk, session: Session) -> str:
    """お知らせ 3月17日（火） 10:00・…, as clocks in the desk's zone show it.

    Empty where the desk has no reminders, and for a session that is not held or still undecided.
    """
    if session.status != "planned":
        return ""
    moments = [
        one.moment(session.date, desk.closed_days, desk.zone) for one in desk.telling.reminders
    ]
    told = "・".join(f"{short_date(at.date())} {at:%H:%M}" for at in moments)
    return f"お知らせ {told}" if told else ""
