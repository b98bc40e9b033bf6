"""カレンダー配信: calendars at secret addresses, for a desk's staff and for those who serve."""

from http import HTTPStatus
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from booking.errors import ChangedMeanwhile, FieldError, Invalid, KeyReused
from booking.http import TheLedger, TheSettings, field_messages
from booking.i18n import clock_time, era_date
from booking.ledger import access, private_feeds
from booking.ledger.access import Staff
from booking.ledger.ledger import Ledger
from booking.ledger.private_feeds import PrivateFeed
from booking.settings import Settings
from booking.signed_in import ZONE, Screen, TheForm, TheScreen, TheStaff, see_other
from booking.subscribing import qr_svg, subscription
from slots.desk import Organisation
from slots.zone import local

PAGE = "/staff/feeds"
PROGRAMS = {
    "google": "Googleカレンダー",
    "outlook": "Outlook",
    "apple": "iPhone・iPad・Mac",
    "thunderbird": "Thunderbird",
    "other": "ほかのソフト",
}
LEVELS = {"number": "受付番号", "name": "受付番号とお名前"}
DONE = {
    "revoked": "配信を止めました。このアドレスでは、もう何も見られません。",
    "already": "このカレンダーは、もう作られています。アドレスが分からないときは、作り直してください。",
    "changed": "アドレスは、先に作り直されています。分からないときは、もう一度作り直してください。",
}


@get("/feeds", sync_to_thread=True)
def listed(request: Request[Any, Any, Any], screen: TheScreen) -> Response[bytes]:
    """The feeds that there are, when each was last fetched, and the form for the next."""
    just = DONE.get(request.query_params.get("done", ""))
    return _page(screen, view={"message": {"kind": "ok", "text": just}} if just else {})


@post("/feeds", sync_to_thread=True)
def make(
    form: TheForm, ledger: TheLedger, settings: TheSettings, staff: TheStaff, screen: TheScreen
) -> Response[bytes]:
    """A new feed; its address is shown on this page and never again."""
    typed = {name: str(form.get(name, "")) for name in ("of", "label")}
    kind, _, rest = typed["of"].partition(":")
    organisation, _, person = rest.partition(":")
    feed_id = str(form.get("idempotency_key", ""))
    try:
        if kind not in ("desk", "person"):
            raise Invalid([FieldError("of", "required")])
        token = private_feeds.make(
            ledger,
            feed_id,
            staff=staff,
            desk=rest if kind == "desk" else "",
            person=(organisation, person) if kind == "person" else None,
            label=typed["label"],
        )
    except Invalid as refusal:
        wrong = {"errors": field_messages(refusal), "values": typed}
        return _page(screen, view=wrong, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    except KeyReused:
        return see_other(f"{PAGE}?done=already")
    return _told(screen, settings, private_feeds.find(ledger, feed_id, staff), token)


@post("/feeds/{feed_id:str}/rotate", sync_to_thread=True)
def rotate(
    feed_id: FromPath[str],
    form: TheForm,
    ledger: TheLedger,
    settings: TheSettings,
    staff: TheStaff,
    screen: TheScreen,
) -> Response[bytes]:
    """Another address, shown once; the old one is dead."""
    seen = str(form.get("rotation", ""))
    try:
        token = private_feeds.rotate(
            ledger, feed_id, int(seen) if seen.isdecimal() and len(seen) < 9 else -1, staff=staff
        )
    except ChangedMeanwhile:
        return see_other(f"{PAGE}?done=changed")
    return _told(screen, settings, private_feeds.find(ledger, feed_id, staff), token)


@post("/feeds/{feed_id:str}/revoke", sync_to_thread=True)
def revoke(feed_id: FromPath[str], ledger: TheLedger, staff: TheStaff) -> Response[bytes]:
    """The end of a feed."""
    private_feeds.revoke(ledger, feed_id, staff=staff)
    return see_other(f"{PAGE}?done=revoked")


def _told(screen: Screen, settings: Settings, feed: PrivateFeed, token: str) -> Response[bytes]:
    found = subscription(f"{settings.base_url}/feeds/private/{token}.ics")
    told = {
        "what": _what(screen.ledger, feed),
        "label": feed.label,
        "https": found.https,
        "webcal": found.webcal,
        # Of the calendar itself, since this page is behind a sign-in and shows it once.
        "qr": qr_svg(found.webcal),
        "again": feed.rotation > 0,
    }
    return _page(screen, view={"told": told})


def _page(screen: Screen, *, view: dict[str, Any], status: int = 200) -> Response[bytes]:
    ledger, staff = screen.ledger, screen.staff
    names = access.actor_names(ledger)
    shown = {
        "feeds": [
            _row(ledger, one, names) for one in private_feeds.listed(ledger, staff.organisation)
        ],
        "options": _options(ledger, staff),
        "idempotency_key": ledger.chance.id(),
        "label_length": private_feeds.LABEL_LENGTH,
        "values": {},
    }
    return screen.show("staff/feeds.html", shown | view, current="feeds", status=status)


def _options(ledger: Ledger, staff: Staff) -> list[dict[str, Any]]:
    """Desks and people of the organisations that `staff` serve, in groups."""
    several = staff.organisation is None
    groups: list[dict[str, Any]] = []
    for one in ledger.catalogue.organisations.values():
        if staff.organisation in (None, one.key):
            before = f"{one.name} " if several else ""
            groups.append({"label": f"{before}窓口の予約", "options": _desks(one)})
            people = private_feeds.people(ledger, one.key)
            if people:
                each = [{"value": f"person:{one.key}:{who}", "text": who} for who in people]
                groups.append({"label": f"{before}担当する人の予定", "options": each})
    return groups


def _desks(organisation: Organisation) -> list[dict[str, str]]:
    return [
        {
            "value": f"desk:{one.key}",
            "text": f"{one.short_name or one.name}（{LEVELS[one.private_feed]}）",
        }
        for one in organisation.desks
    ]


def _what(ledger: Ledger, feed: PrivateFeed) -> str:
    """A desk's name, or a person's."""
    if feed.person is not None:
        return feed.person
    desk = ledger.catalogue.desks.get(feed.desk or "")
    return (desk.short_name or desk.name) if desk else feed.desk or ""


def _level(ledger: Ledger, feed: PrivateFeed) -> str:
    """What its parties are shown by, or that it can show none."""
    catalogue = ledger.catalogue
    if feed.desk is not None:
        desk = catalogue.desks.get(feed.desk)
        return LEVELS[desk.private_feed] if desk else "窓口がありません"
    organisation = catalogue.organisations.get(feed.organisation)
    desks = [
        desk
        for desk in (organisation.desks if organisation else ())
        if feed.person in private_feeds.people_of(desk.consultations)
    ]
    levels = dict.fromkeys(LEVELS[one.private_feed] for one in desks)
    return "、または".join(levels) or "担当表に、この人はいません"


def _row(ledger: Ledger, feed: PrivateFeed, names: dict[str, str]) -> dict[str, Any]:
    fetched = feed.last_fetched_at
    since = feed.rotated_at or feed.made_at
    return {
        "id": feed.id,
        "what": _what(ledger, feed),
        "kind": "担当する人" if feed.person else "窓口",
        "label": feed.label,
        "level": _level(ledger, feed),
        "made": era_date(local(feed.made_at, ZONE).date()),
        "since": era_date(local(since, ZONE).date()) if feed.rotation else "",
        "who": names.get(feed.made_by, ""),
        "rotation": feed.rotation,
        "revoked": era_date(local(feed.revoked_at, ZONE).date()) if feed.revoked_at else "",
        "fetched": f"{era_date(local(fetched, ZONE).date())}{clock_time(local(fetched, ZONE))}"
        if fetched
        else "",
        "program": PROGRAMS[feed.last_client] if feed.last_client else "",
        "fetches": feed.fetches,
    }
