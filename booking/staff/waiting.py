"""申込: whom nobody could tell, the requests that wait for staff, oldest first, and the next sessions."""

from typing import Any

from litestar import Request, Response, get

from booking.http import TheLedger
from booking.i18n import era_date
from booking.ledger import queries
from booking.ledger.access import Staff
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.signed_in import TheScreen, TheStaff
from booking.staff import shown, words
from slots.zone import local_date

# 「2営業日以内に」: the usual promise of offices that take requests by form.
LATE_BUSINESS_DAYS = 2
NEXT_SESSIONS = 4
MOST_CONSULTATIONS = 30


@get("/", sync_to_thread=True)
def waiting(
    request: Request[Any, Any, Any], ledger: TheLedger, staff: TheStaff, screen: TheScreen
) -> Response[bytes]:
    """What waits, and above it whom nobody could tell."""
    found = queries.waiting(ledger, staff.organisation)
    view = {
        "requests": [shown.row(ledger, one) | _waits(ledger, one) for one in found],
        "failed": screen.telling.failed(staff.organisation),
        "message": screen.telling.noted(request.query_params.get("done", "")),
        "sessions": _next_sessions(ledger, staff),
        "oldest": words.since(found[0].created_at, ledger.now()) if found else "",
        "today": era_date(shown.today(ledger)),
        "today_count": queries.day_count(ledger, shown.today(ledger), staff.organisation),
    }
    return screen.show("staff/waiting.html", view, current="requests")


def _waits(ledger: Ledger, booking: Booking) -> dict[str, Any]:
    closed = ledger.catalogue.organisation_of(booking.consultation).closed_days
    today = shown.today(ledger, booking.zone)
    asked = local_date(booking.created_at, booking.zone)
    past = booking.starts_at is not None and booking.starts_at <= ledger.now()
    return {
        "late": asked < closed.business_days_before(today, LATE_BUSINESS_DAYS),
        "past": past or _wishes_past(booking, ledger),
        "asked": f"{asked.month}/{asked.day}",
    }


def _wishes_past(booking: Booking, ledger: Ledger) -> bool:
    today = shown.today(ledger, booking.zone)
    return bool(booking.wishes) and all(one.date < today for one in booking.wishes)


def _next_sessions(ledger: Ledger, staff: Staff) -> list[dict[str, Any]]:
    """The next sessions of all that the member of staff serves, with what is free."""
    found = []
    # Who serves all towns of a large installation has no next session of their own.
    for key in shown.consultations_of(ledger, staff)[:MOST_CONSULTATIONS]:
        for one in queries.upcoming(ledger, key, by_staff=True)[:NEXT_SESSIONS]:
            if one.session.end > ledger.now():
                found.append((one.session.start, key, one))
    return [
        {
            "date": era_date(one.session.date),
            "href": f"/staff/day?date={one.session.date.isoformat()}",
            "left": words.days_left(one.session.date, shown.today(ledger)),
            "consultation": shown.label(ledger, key),
            "free": one.free,
            "seats": one.seats,
            "reason": words.REASON[one.reason] if one.reason else "",
        }
        for _, key, one in sorted(found, key=lambda entry: entry[:2])[:NEXT_SESSIONS]
    ]
