"""The public shapes of organisations, desks and consultations. Only values."""

from datetime import date, datetime
from typing import Literal

from msgspec import Struct

from slots.desk import Allotment, Channel, ConfirmedBy
from slots.window import BookingChannel, Roll

Unit = Literal["days", "business-days", "months", "weeks", "hours"]


class PlaceShape(Struct, frozen=True):
    """Where people come."""

    name: str
    room: str | None
    address: str | None
    postcode: str | None


class ContactShape(Struct, frozen=True):
    """One way to reach a desk; `always`: at any hour."""

    channel: Channel
    value: str | None
    label: str | None
    always: bool
    note: str | None


class OpenShape(Struct, frozen=True):
    """One channel, answered from `start` to `end`; who turns to it at `last_intake` is still taken."""

    channel: Channel
    start: datetime
    end: datetime
    last_intake: datetime


class HoursShape(Struct, frozen=True):
    """The same on the desk's clock, as 09:00."""

    channel: Channel
    start: str
    end: str
    last_intake: str


class DayShape(Struct, frozen=True):
    """A day with what is open on it; `closed` names the holiday, or says why it is closed."""

    date: date
    closed: str | None
    open: list[HoursShape]


class OrganisationShape(Struct, frozen=True):
    """Who runs desks; `code` is 全国地方公共団体コード."""

    organisation: str
    name: str
    code: str
    unconfirmed: dict[str, str]


class MomentShape(Struct, frozen=True):
    """A moment before a session: `count` times `unit`, at a time of day (null where hours count).

    `on` is the day of the month (-1: the last) or the weekday (0: Monday) that months and weekdays
    count to; `roll` says to which business day a closed day gives way.
    """

    unit: Unit
    count: int
    at: str | None = None
    on: int | None = None
    roll: Roll = "none"


class WindowShape(Struct, frozen=True):
    """From when and until when one may book through a channel; `opens` null: on publication."""

    channel: BookingChannel
    opens: MomentShape | None
    closes: MomentShape


class ReferralBodyShape(Struct, frozen=True):
    """Another body that a desk points to."""

    name: str
    operator: str | None
    phone: str | None
    hours: str | None
    note: str | None


class ConsultationLinks(Struct, frozen=True):
    """Where its dates are: for programs, and the page for people."""

    sessions: str
    slots: str
    wishable: str
    page: str


class ConsultationShape(Struct, kw_only=True, frozen=True):
    """What is booked, under one set of rules. `unconfirmed` tells what is 要確認, by key."""

    consultation: str
    name: str
    summary: str | None
    allotment: Allotment
    confirmed_by: ConfirmedBy
    slot_minutes: int | None
    seats: int
    fee: str
    asks: list[str]
    booked_by: list[BookingChannel]
    windows: list[WindowShape]
    place: PlaceShape | None
    day_contact: str | None
    bring: list[str]
    notes: list[str]
    unconfirmed: dict[str, str]
    links: ConsultationLinks


class DeskLink(Struct, kw_only=True, frozen=True):
    """A desk in the list of desks."""

    desk: str
    name: str
    short_name: str | None
    organisation: str
    organisation_name: str
    phone: str | None
    consultations: list[str]
    self: str


class DeskShape(Struct, kw_only=True, frozen=True):
    """A desk. `hours` are the days to come; `open` is what answers now, `next_opening` what will."""

    desk: str
    name: str
    short_name: str | None
    organisation: OrganisationShape
    service: str | None
    operator: str | None
    since: str | None
    eligibility: list[str]
    fee: str
    contacts: list[ContactShape]
    place: PlaceShape | None
    open_now: bool
    open: list[OpenShape]
    next_opening: OpenShape | None
    hours: list[DayShape]
    hours_text: list[str]
    cases: list[str]
    collects: list[str]
    notes: list[str]
    referrals: list[ReferralBodyShape]
    consultations: list[ConsultationShape]
    unconfirmed: dict[str, str]
    page: str
