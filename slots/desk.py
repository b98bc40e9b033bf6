"""What a municipality defines: organisation, desk, consultation, as frozen values."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Literal

from slots.holidays import ClosedDays
from slots.recurrence import Recurrence

Channel = Literal["phone", "line", "in-person", "mail", "fax", "letter"]
Allotment = Literal["slot", "date", "arranged"]
OnHoliday = Literal["skip", "open", "ask"]
ConfirmedBy = Literal["staff", "at-once"]

CHANNELS: tuple[Channel, ...] = ("phone", "line", "in-person", "mail", "fax", "letter")
EXTRA_FIELDS = ("age", "referral")


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
    """When channels are answered: recurring days, wall times, the last intake before the end."""

    channels: tuple[Channel, ...]
    recurrence: Recurrence
    start: time
    end: time
    on_holiday: Literal["skip", "open"] = "skip"
    last_intake_minutes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where people come."""

    name: str
    room: str | None = None
    address: str | None = None
    postcode: str | None = None


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Opening:
    """The rule by which sessions run, and the dates between which it holds: [since, until)."""

    recurrence: Recurrence
    start: time
    end: time
    on_holiday: OnHoliday = "ask"
    since: date | None = None
    until: date | None = None

    def falls_on(self, day: date) -> bool:
        """Whether the rule holds and falls on `day`; holidays are another question."""
        started = self.since is None or self.since <= day
        ended = self.until is not None and self.until <= day
        return started and not ended and self.recurrence.falls_on(day)

    def dates(self, start: date, end: date) -> Iterator[date]:
        """The days of [start, end) on which the rule holds and falls, in order."""
        first = max(start, self.since) if self.since else start
        last = min(end, self.until) if self.until else end
        return self.recurrence.dates(first, last) if first < last else iter(())


@dataclass(frozen=True, slots=True, kw_only=True)
class BookingWindow:
    """From when and until when one may book a given day.

    Opens `opens_days_before` days ahead at 0:00, closes `closes_business_days_before` business
    days ahead at `closes_at` (wall time). None for days before: open from publication on.
    """

    opens_days_before: int | None = None
    closes_business_days_before: int = 1
    closes_at: time = time(17, 15)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consultation:
    """What is booked at a desk, under one set of rules. `key` is organisation/desk/consultation."""

    key: str
    name: str
    allotment: Allotment
    zone: str
    closed_days: ClosedDays
    summary: str | None = None
    openings: tuple[Opening, ...] = ()
    slot_minutes: int | None = None
    seats: int = 1
    confirmed_by: ConfirmedBy = "staff"
    window: BookingWindow = field(default_factory=BookingWindow)
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
    """A place to turn to. `key` is organisation/desk."""

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
    place: Place | None = None
    notes: tuple[str, ...] = ()
    cases: tuple[str, ...] = ()
    collects: tuple[str, ...] = ()
    referrals: tuple[Referral, ...] = ()
    subsidy: Subsidy | None = None
    consultations: tuple[Consultation, ...] = ()
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
