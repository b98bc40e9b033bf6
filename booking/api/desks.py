"""Desks and their consultations, as desk files define them, and who answers now."""

from datetime import date, datetime, time, timedelta
from typing import Annotated

import msgspec
from litestar import get
from litestar.params import FromPath, QueryParameter
from litestar.types import ASGIApp

from booking.api.desk_shapes import (
    ConsultationLinks,
    ConsultationShape,
    DayShape,
    DeskLink,
    DeskShape,
    HoursShape,
    MomentShape,
    OpenShape,
    OrganisationShape,
    PlaceShape,
    WindowShape,
)
from booking.api.documents import documented
from booking.api.room import Api, TheApi
from booking.ledger.revisions import DESK_CHANGES
from slots.desk import Consultation, Desk, Organisation
from slots.hours import Stretch, hours_on, next_opening, open_at, why_closed
from slots.roster import seats_for
from slots.window import (
    Before,
    BookingChannel,
    BusinessDaysBefore,
    ChannelWindow,
    DaysBefore,
    HoursBefore,
    MonthDayBefore,
    WeekdayBefore,
)
from slots.zone import days, instant, local_date

V1 = "/api/v1"
HOURS_DAYS = 14


@get(
    "/desks",
    **documented(
        "desks", "desks", list[DeskLink], "All desks, by organisation.", "not-found", kept=True
    ),
)
async def desks(
    api: TheApi,
    organisation: Annotated[
        str, QueryParameter(description="only this organisation's, as `shibukawa`")
    ] = "",
) -> ASGIApp:
    """All desks, or one organisation's."""
    catalogue = api.ledger.desks.files
    chosen = [catalogue.organisation(organisation)] if organisation else None

    def build() -> tuple[bytes, None]:
        found = chosen or catalogue.organisations.values()
        links = [_link(api, one, desk) for one in found for desk in one.desks]
        return msgspec.json.encode(links), None

    return await api.ready(("desks", organisation), build)


@get(
    "/desks/{organisation:str}/{desk:str}",
    **documented("desk", "desks", DeskShape, "The desk.", "not-found", kept=True),
)
async def desk(
    api: TheApi,
    organisation: FromPath[str],
    desk: FromPath[str],
) -> ASGIApp:
    """A desk: how to reach it, who answers now and when next, what can be booked, what is 要確認."""
    key = api.ledger.desks.files.desk(f"{organisation}/{desk}").key

    def build() -> tuple[bytes, datetime]:
        now, found = api.ledger.now(), api.ledger.catalogue.desk(key)
        return msgspec.json.encode(_desk(api, found, now)), _next_change(found, now)

    return await api.ready(("desk", key), build, watched=DESK_CHANGES)


def _link(api: Api, organisation: Organisation, desk: Desk) -> DeskLink:
    return DeskLink(
        desk=desk.key,
        name=desk.name,
        short_name=desk.short_name,
        organisation=organisation.key,
        organisation_name=organisation.name,
        phone=desk.phone(),
        consultations=[one.key for one in desk.consultations],
        self=f"{api.settings.base_url}{V1}/desks/{desk.key}",
    )


def _desk(api: Api, desk: Desk, now: datetime) -> DeskShape:
    organisation = api.ledger.catalogue.organisation_of(desk.key)
    base_url = api.settings.base_url
    open_now, following = open_at(desk, now), next_opening(desk, now)
    given = msgspec.structs.fields(DeskShape)
    same = {one.name: getattr(desk, one.name) for one in given if hasattr(desk, one.name)}
    return msgspec.convert(
        {
            **same,
            "desk": desk.key,
            "organisation": OrganisationShape(
                organisation.key,
                organisation.name,
                organisation.code,
                dict(organisation.unconfirmed),
            ),
            "open_now": bool(open_now),
            "open": [_open(one) for one in open_now],
            "next_opening": _open(following) if following else None,
            "hours": [_day(desk, day) for day in _days(desk, now)],
            "consultations": [_consultation(base_url, one) for one in desk.consultations],
            "page": f"{base_url}/{desk.key}",
        },
        DeskShape,
        from_attributes=True,
    )


def _consultation(base_url: str, one: Consultation) -> ConsultationShape:
    place = one.place
    address = f"{base_url}{V1}/consultations/{one.key}"
    return ConsultationShape(
        consultation=one.key,
        name=one.name,
        summary=one.summary,
        allotment=one.allotment,
        confirmed_by=one.confirmed_by,
        slot_minutes=one.slot_minutes,
        seats=seats_for(one.seats, one.roster, one.roster),
        fee=one.fee,
        asks=list(one.asks),
        booked_by=list(one.booked_by),
        windows=[_window(channel, one.window.of(channel)) for channel in one.booked_by],
        place=msgspec.convert(place, PlaceShape | None, from_attributes=True),
        day_contact=one.day_contact,
        bring=list(one.bring),
        notes=list(one.notes),
        unconfirmed=dict(one.unconfirmed),
        links=ConsultationLinks(
            sessions=f"{address}/sessions",
            slots=f"{address}/slots",
            wishable=f"{address}/wishable",
            page=f"{base_url}/{one.key}",
        ),
    )


def _window(channel: BookingChannel, one: ChannelWindow) -> WindowShape:
    return WindowShape(channel, _moment(one.opens) if one.opens else None, _moment(one.closes))


def _moment(one: Before) -> MomentShape:
    match one:
        case DaysBefore(days, at, roll):
            return MomentShape("days", days, f"{at:%H:%M}", roll=roll)
        case BusinessDaysBefore(days, at):
            return MomentShape("business-days", days, f"{at:%H:%M}")
        case MonthDayBefore(months, on, at, roll):
            return MomentShape("months", months, f"{at:%H:%M}", on, roll)
        case WeekdayBefore(weeks, weekday, at, roll):
            return MomentShape("weeks", weeks, f"{at:%H:%M}", weekday, roll)
        case HoursBefore(hours):
            return MomentShape("hours", hours)


def _open(one: Stretch) -> OpenShape:
    return OpenShape(one.channel, one.start, one.end, one.last_intake)


def _day(desk: Desk, day: date) -> DayShape:
    stretches = [
        HoursShape(
            one.channel, f"{one.start:%H:%M}", f"{one.end:%H:%M}", f"{one.last_intake:%H:%M}"
        )
        for one in hours_on(desk, day)
    ]
    return DayShape(day, why_closed(desk, day), stretches)


def _days(desk: Desk, now: datetime) -> list[date]:
    today = local_date(now, desk.zone)
    return days(today, today + timedelta(days=HOURS_DAYS))


def _next_change(desk: Desk, now: datetime) -> datetime:
    """The next instant at which somebody begins or ceases to answer, or the day changes."""
    today = local_date(now, desk.zone)
    moments = [instant(today + timedelta(days=1), time(), desk.zone)]
    for one in hours_on(desk, today):
        # Who turns to the desk at the last intake itself is still taken.
        after_intake = one.last_intake + timedelta(microseconds=1)
        moments += [at for at in (one.start, after_intake, one.end) if at > now]
    return min(moments)
