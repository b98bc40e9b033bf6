"""What every residents' page shows around its main part: whose it is, its look, and the phone."""

from datetime import datetime, timedelta
from typing import Any
from urllib.parse import quote

from litestar import Request

from booking.i18n import CHANNELS, clock_time, date_and_time
from booking.ledger.ledger import Ledger
from booking.ledger.telephone import parse_phone
from slots.desk import Channel, Desk, Organisation
from slots.hours import next_opening, open_at
from slots.zone import local, local_date

View = dict[str, Any]
DISPLAY_COOKIE = "display"
SIZES = ("small", "standard", "large", "largest")
COLOURS = ("auto", "standard", "blue", "yellow", "black")


def display_of(request: Request[Any, Any, Any]) -> dict[str, str]:
    """Text size and colours that this browser asked for."""
    size, _, colours = request.cookies.get(DISPLAY_COOKIE, "").partition(".")
    return {
        "size": size if size in SIZES else "standard",
        "colours": colours if colours in COLOURS else "auto",
    }


def page_view(
    request: Request[Any, Any, Any],
    ledger: Ledger,
    *,
    organisation: Organisation | None = None,
    desk: Desk | None = None,
    private: bool = False,
) -> View:
    """The names that frame.html expects. `private`: its own address shows up in no link."""
    back = "" if private else f"?back={quote(request.url.path)}"
    view: View = {"display": display_of(request), "display_href": f"/display{back}"}
    if organisation is not None:
        view["organisation"] = {"name": organisation.name, "href": f"/{organisation.key}"}
    if desk is not None:
        view["help"] = help_of(desk, ledger.now())
    return view


def help_of(desk: Desk, now: datetime) -> View | None:
    """The box with the desk's phone: the same on each page of the desk."""
    number = desk.phone()
    if number is None:
        return None
    return {
        "tel": dialled(number),
        "tel_text": number,
        "hours": list(desk.hours_text),
        "now": open_now(desk, now, "phone"),
    }


def dialled(number: str) -> str:
    """A printed number as a tel: link wants it; the digits alone where it is no ordinary number."""
    parsed = parse_phone(number)
    return parsed[1] if parsed else number.replace("-", "")


def open_now(desk: Desk, now: datetime, channel: Channel) -> View | None:
    """Whether the channel is answered at this moment and until when, or from when; in words."""
    stretch = next((one for one in open_at(desk, now) if one.channel == channel), None)
    name = CHANNELS[channel]
    if stretch is not None:
        until = clock_time(local(stretch.last_intake, desk.zone))
        return {"open": True, "text": f"{name}は、ただいま受付中です。今日は{until}まで。"}
    following = next_opening(desk, now, channel)
    if following is None:
        return None
    start = local(following.start, desk.zone)
    today = local_date(now, desk.zone)
    day = {today: "今日", today + timedelta(days=1): "明日"}.get(start.date())
    when = f"{day}の{clock_time(start)}" if day else date_and_time(start)
    return {"open": False, "text": f"{name}は、いま時間外です。次の受付は{when}から。"}


def minute_after(now: datetime) -> datetime:
    """The next whole minute: every rule changes on whole minutes, so pages may be kept until then."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
