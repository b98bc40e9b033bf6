"""Pages of towns and desks: what there is, whom it is for, how to reach it."""

from datetime import datetime
from typing import Any

from litestar import Request, Response, route
from litestar.params import FromPath

from booking.http import READ, TheLedger, ThePages, TheSettings
from booking.i18n import CHANNELS, clock_time, era_date
from booking.ledger.ledger import Ledger
from booking.settings import Settings
from booking.subscribing import subscription
from booking.web.frame import View, dialled, open_now, page_view
from slots.desk import Contact, Desk, Organisation
from slots.hours import hours_on
from slots.zone import local, local_date

# Open points that only the town's staff settle; a resident could do nothing with them.
INTERNAL = {"short_name", "asks", "collects"}


@route("/", http_method=READ, sync_to_thread=True)
def home(request: Request[Any, Any, Any], ledger: TheLedger, pages: ThePages) -> Response[bytes]:
    """The towns and their desks."""
    organisations = ledger.catalogue.organisations.values()
    view = page_view(request, ledger) | {
        "organisations": [
            {
                "name": one.name,
                "href": f"/{one.key}",
                "desks": [_card(desk, ledger.now()) for desk in one.desks],
            }
            for one in sorted(organisations, key=lambda one: one.code)
        ]
    }
    return pages.render("home.html", view, private=False)


@route("/{organisation:str}", http_method=READ, sync_to_thread=True)
def organisation_page(
    request: Request[Any, Any, Any],
    organisation: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
) -> Response[bytes]:
    """The desks of one town."""
    found = ledger.catalogue.organisation(organisation)
    view = page_view(request, ledger, organisation=found) | {
        "desks": [
            _card(desk, ledger.now())
            | {
                "consultations": [
                    {"name": one.name, "href": f"/{one.key}"} for one in desk.consultations
                ]
            }
            for desk in found.desks
        ],
        "calendar": f"/{found.key}/calendar",
    }
    return pages.render("organisation.html", view, private=False)


@route("/{organisation:str}/{desk:str}", http_method=READ, sync_to_thread=True)
def desk_page(
    request: Request[Any, Any, Any],
    organisation: FromPath[str],
    desk: FromPath[str],
    ledger: TheLedger,
    pages: ThePages,
    settings: TheSettings,
) -> Response[bytes]:
    """One desk: everything that its source page tells, and what that leaves open."""
    found = ledger.catalogue.desk(f"{organisation}/{desk}")
    owner = ledger.catalogue.organisation(organisation)
    view = page_view(request, ledger, organisation=owner)
    view["desk"] = _desk_view(found, owner, ledger, settings)
    return pages.render("desk.html", view, private=False)


def _card(desk: Desk, now: datetime) -> View:
    return {
        "name": desk.name,
        "href": f"/{desk.key}",
        "text": desk.service,
        "now": open_now(desk, now, "phone"),
    }


def _desk_view(desk: Desk, owner: Organisation, ledger: Ledger, settings: Settings) -> View:
    now = ledger.now()
    return {
        "name": desk.name,
        "text": desk.service,
        "points": desk.cases,
        "facts": _facts(desk),
        "book_first": any(one.openings for one in desk.consultations),
        "consultations": [
            {
                "name": one.name,
                "text": one.summary,
                "facts": _consultation_facts(one),
                "href": f"/{one.key}",
                "action": "希望の日を伝える" if one.allotment == "arranged" else "日を選ぶ",
            }
            for one in desk.consultations
        ],
        "contacts": [_contact(desk, one, now) for one in desk.contacts],
        "notes": desk.notes,
        "subsidy": _subsidy(desk),
        "referrals": [_referral(one) for one in desk.referrals],
        "unclear": unclear(desk, owner),
        "feeds": feeds(desk.key, settings),
    }


def _facts(desk: Desk) -> list[View]:
    place = desk.place
    return [
        {"term": "相談できる方", "lines": list(desk.eligibility)},
        {"term": "料金", "text": desk.fee},
        {"term": "開いている日時", "lines": list(desk.hours_text)},
        {
            "term": "場所",
            "lines": [line for line in (place.name, place.room, place.address) if line]
            if place
            else [],
            "unclear": "place" in desk.unconfirmed,
            "text": desk.unconfirmed.get("place"),
        },
        {"term": "お伺いすること", "text": "、".join(desk.collects)},
        {"term": "運営", "text": desk.operator},
        {"term": "開設", "text": desk.since},
    ]


def _consultation_facts(consultation: Any) -> list[View]:
    length = f"1組 {consultation.slot_minutes}分まで" if consultation.slot_minutes else None
    place = consultation.place
    where = " ".join(part for part in (place.name, place.room) if part) if place else None
    open_points = consultation.unconfirmed
    return [
        {"term": "料金", "text": consultation.fee},
        {
            "term": "時間",
            "text": length or open_points.get("slot_minutes"),
            "unclear": "slot_minutes" in open_points,
        },
        {
            "term": "場所",
            "text": where or open_points.get("place"),
            "note": open_points.get("place") if where else None,
            "unclear": "place" in open_points,
        },
    ]


def _contact(desk: Desk, contact: Contact, now: datetime) -> View:
    title = CHANNELS[contact.channel]
    view: View = {"title": title, "note": contact.note}
    if contact.label:
        view["lines"] = [contact.label]
    if contact.always:
        view["lines"] = ["いつでも受け付けています"]
    if contact.channel == "phone" and contact.value:
        view["tel"] = {"number": dialled(contact.value), "text": contact.value}
    elif contact.value:
        view["text"] = contact.value
        view["href"] = f"mailto:{contact.value}" if contact.channel == "mail" else None
    elif "contacts" in desk.unconfirmed and contact.channel in ("mail", "line"):
        view["unclear"] = desk.unconfirmed["contacts"]
    if not contact.always and contact.channel in ("phone", "line"):
        view["now"] = open_now(desk, now, contact.channel)
        view["hours"] = _today(desk, contact, now)
    return view


def _today(desk: Desk, contact: Contact, now: datetime) -> list[View]:
    """Today's stretches of one channel: what somebody in a hurry asks first."""
    today = local_date(now, desk.zone)
    rows = []
    for one in hours_on(desk, today):
        if one.channel == contact.channel:
            start, end = local(one.start, desk.zone), local(one.end, desk.zone)
            note = None
            if one.last_intake != one.end:
                note = f"受付は{clock_time(local(one.last_intake, desk.zone))}まで"
            rows.append(
                {
                    "days": f"今日 {era_date(today)}",
                    "text": f"{clock_time(start)}から{clock_time(end)}まで",
                    "note": note,
                }
            )
    return rows


def _subsidy(desk: Desk) -> View | None:
    subsidy = desk.subsidy
    if subsidy is None:
        return None
    return {
        "title": subsidy.name,
        "text": "",
        "rows": [
            {"term": "対象となる方", "lines": list(subsidy.who)},
            {"term": "対象となる費用", "lines": list(subsidy.what)},
            {"term": "金額", "text": subsidy.amount},
        ],
        "points": subsidy.notes,
    }


def _referral(referral: Any) -> View:
    """Another body. A phone that is no single number (「…又は…」) stays text."""
    tels = []
    text = "　".join(part for part in (referral.operator, referral.note) if part)
    if referral.phone and referral.phone.replace("-", "").isdigit():
        tels = [{"number": dialled(referral.phone), "text": referral.phone, "note": referral.hours}]
    else:
        phone = f"電話 {referral.phone}" if referral.phone else None
        text = "　".join(part for part in (text, phone, referral.hours) if part)
    return {"name": referral.name, "text": text, "tels": tels}


def unclear(desk: Desk, owner: Organisation) -> list[str]:
    """What the source page leaves open about a desk, each a sentence, each once."""
    found = [text for key, text in desk.unconfirmed.items() if key not in INTERNAL]
    for one in desk.consultations:
        found += [
            f"{one.name}：{text}" for key, text in one.unconfirmed.items() if key not in INTERNAL
        ]
    if desk.hours and "year_end" in owner.unconfirmed:
        found.append(owner.unconfirmed["year_end"])
    return list(dict.fromkeys(found))


def feeds(key: str, settings: Settings) -> View:
    """Where the dates of a town, desk or consultation can be subscribed to, and the page that explains how."""
    feed = f"{settings.base_url}/feeds/{key}"
    return {
        "https": f"{feed}.ics",
        "webcal": subscription(f"{feed}.ics").webcal,
        "page": f"/{key}/calendar",
        "csv": f"{feed}.csv",
        "rss": f"{feed}.rss",
    }
