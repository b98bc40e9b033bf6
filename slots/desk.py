"""What a municipality defines: organisation, desk, consultation, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from slots.admission import Eligibility, Need
from slots.changes import Change, Closure
from slots.holidays import ClosedDays
from slots.limits import Limit
from slots.opening import Opening, in_effect
from slots.place import Place
from slots.recurrence import Recurrence
from slots.roster import Absence
from slots.telling import Telling
from slots.window import Before, BookingChannel, BookingWindow

Channel = Literal["phone", "line", "in-person", "mail", "fax", "letter"]
Allotment = Literal["slot", "date", "arranged"]
ConfirmedBy = Literal["staff", "at-once"]
PrivateFeed = Literal["number", "name"]

CHANNELS: tuple[Channel, ...] = ("phone", "line", "in-person", "mail", "fax", "letter")
EXTRA_FIELDS = ("age", "referral")
PRIVATE_FEEDS: tuple[PrivateFeed, ...] = ("number", "name")


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """One way to reach a desk. `value` is a number or address, None where the page gives none."""

    channel: Channel
    value: str | None = None
    label: str | None = None
    always: bool = False
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """When channels are answered: recurring days, wall times, the last intake before the end.

    The rule holds on the days [since, until).
    """

    channels: tuple[Channel, ...]
    recurrence: Recurrence
    start: time
    end: time
    on_holiday: Literal["skip", "open"] = "skip"
    last_intake_minutes: int = 0
    since: date | None = None
    until: date | None = None

    def falls_on(self, day: date) -> bool:
        """Whether the rule holds and falls on `day`; holidays are another question."""
        return in_effect(self.since, self.until, day) and self.recurrence.falls_on(day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral:
    """Another body that a desk points to."""

    name: str
    operator: str | None = None
    phone: str | None = None
    hours: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subsidy:
    """Money that a town adds to a lawyer's costs, in the town's own sentences."""

    name: str
    who: tuple[str, ...]
    what: tuple[str, ...]
    amount: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Quotas:
    """Seats of each session that are kept for a channel until `released`; None: to the end."""

    kept: Mapping[BookingChannel, int] = field(default_factory=dict, hash=False)
    released: Before | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """What is booked at a desk, under one set of rules. `key` is organisation/desk/consultation.

    `seats` are the parties served at once, `roster` who serves them: see `roster.seats_for`.
    `desk_closures` and `phone` are its desk's.
    """

    key: str
    name: str
    allotment: Allotment
    zone: str
    closed_days: ClosedDays
    summary: str | None = None
    openings: tuple[Opening, ...] = ()
    slot_minutes: int | None = None
    pause_minutes: int = 0
    last_start: time | None = None
    seats: int | None = None
    roster: tuple[str, ...] = ()
    absences: tuple[Absence, ...] = ()
    changes: tuple[Change, ...] = ()
    desk_closures: tuple[Closure, ...] = ()
    confirmed_by: ConfirmedBy = "staff"
    booked_by: tuple[BookingChannel, ...] = ("online", "phone")
    window: BookingWindow = field(default_factory=BookingWindow)
    quotas: Quotas = field(default_factory=Quotas)
    waiting_list: bool = False
    phone: str | None = None
    eligibility: Eligibility = field(default_factory=Eligibility)
    exclusions: tuple[str, ...] = ()
    needs: tuple[Need, ...] = ()
    limits: tuple[Limit, ...] = ()
    asks: tuple[str, ...] = ()
    fee: str = "無料"
    place: Place | None = None
    day_contact: str | None = None
    bring: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    unconfirmed: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)

    @property
    def desk_key(self) -> str:
        """organisation/desk."""
        return self.key.rsplit("/", 1)[0]

    @property
    def needs_referral(self) -> bool:
        """Whether only a counsellor's referral code opens it."""
        return "referral" in self.asks

    @property
    def asks_age(self) -> bool:
        """Whether the desk asks the resident's age."""
        return "age" in self.asks


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """A place to turn to. `key` is organisation/desk.

    `private_feed` is what its staff's calendars tell of a party: its number, or its name as well.
    """

    key: str
    name: str
    zone: str
    closed_days: ClosedDays
    short_name: str | None = None
    service: str | None = None
    operator: str | None = None
    since: str | None = None
    eligibility: tuple[str, ...] = ()
    fee: str = "無料"
    contacts: tuple[Contact, ...] = ()
    hours: tuple[Hours, ...] = ()
    hours_text: tuple[str, ...] = ()
    closures: tuple[Closure, ...] = ()
    place: Place | None = None
    notes: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    collects: tuple[str, ...] = ()
    referrals: tuple[Referral, ...] = ()
    subsidy: Subsidy | None = None
    consultations: tuple[Consultation, ...] = ()
    telling: Telling = field(default_factory=Telling)
    private_feed: PrivateFeed = "number"
    unconfirmed: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)

    def phone(self) -> str | None:
        """The desk's telephone number as it is printed, or None."""
        return next((c.value for c in self.contacts if c.channel == "phone"), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Organisation:
    """Who runs desks: a city, town or prefecture. `code` is 全国地方公共団体コード, six digits."""

    key: str
    name: str
    code: str
    zone: str
    closed_days: ClosedDays
    sender: str
    page: str | None = None
    posted: str | None = None
    office: Mapping[str, str] = field(default_factory=dict, hash=False)
    desks: tuple[Desk, ...] = ()
    unconfirmed: Mapping[str, str] = field(default_factory=dict, hash=False)
    sources: Mapping[str, str] = field(default_factory=dict, hash=False)
