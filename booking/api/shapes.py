"""The public shapes of sessions and bookings: what the JSON API says and takes. Only values."""

from datetime import date, datetime
from typing import Annotated, Literal

from msgspec import Meta, Struct

from booking.ledger.safe_contact import ContactWish
from booking.ledger.status import Status
from slots.admission import Tie
from slots.availability import Reason
from slots.desk import Allotment
from slots.sessions import SessionStatus
from slots.wishes import TimeOfDay

How = Literal["call", "mail", "letter", "counter"]
DateText = Annotated[
    str, Meta(description="日付", examples=["2026-12-19"], extra_json_schema={"format": "date"})
]
InstantText = Annotated[
    str,
    Meta(
        description="開始時刻。時差を省くと窓口の時刻と読みます。",
        examples=["2026-12-19T09:45:00+09:00"],
    ),
]
YesOrNo = bool | Literal["yes", "no"]
TimeText = Annotated[str, Meta(description="窓口の時刻", examples=["09:45"])]


class SlotShape(Struct, frozen=True):
    """A slot of a session's grid. `reason` tells why it can't be booked now, null when it can."""

    start: datetime
    end: datetime
    seats: int
    free: int
    bookable: bool
    reason: Reason | None


class SessionShape(Struct, frozen=True):
    """One dated run of a consultation; `opens` and `closes` bound the time for booking it."""

    session: str
    date: date
    start: datetime
    end: datetime
    status: SessionStatus
    seats: int
    free: int
    bookable: bool
    reason: Reason | None
    opens: datetime | None
    closes: datetime
    place: str | None
    text: str | None
    slots: list[SlotShape]


class WishDayShape(Struct, frozen=True):
    """A day that may be wished for, with the times of day at which the desk may be open."""

    date: date
    times_of_day: list[TimeOfDay]


class WishShape(Struct, frozen=True, forbid_unknown_fields=True):
    """A day that somebody would like, and a time of day; `any` leaves the time open."""

    date: DateText
    time_of_day: TimeOfDay = "any"


class TargetIn(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The time that is asked for: `slot`, or `date` with or without `wish`, or up to three `wishes`.

    Which of them, `allotment` of the consultation says.
    """

    slot: InstantText | None = None
    date: DateText | None = None
    wish: TimeText | None = None
    wishes: list[WishShape] = []


class BookingIn(TargetIn, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A resident's request. Which further fields are needed, `asks` of the consultation says."""

    consultation: Annotated[str, Meta(examples=["shibukawa/lawyer/legal"])]
    name: Annotated[str, Meta(description="お名前", examples=["渋川 花子"])]
    kana: Annotated[str, Meta(description="ふりがな", examples=["しぶかわ はなこ"])]
    phone: Annotated[str, Meta(description="電話番号", examples=["0279-00-0000"])]
    residence: Annotated[str, Meta(description="お住まい", examples=["渋川市石原"])]
    email: str | None = None
    age: int | str | None = None
    party_size: int | str | None = None
    language: str | None = None
    contact_wish: Annotated[
        ContactWish | None, Meta(description="はじめに使ってほしい連絡の方法")
    ] = None
    voicemail: Annotated[YesOrNo | None, Meta(description="留守番電話に伝言を残してよいか")] = None
    named: Annotated[
        YesOrNo | None, Meta(description="本人でない人が出たとき、窓口の名前を言ってよいか")
    ] = None
    safe_hours: Annotated[TimeOfDay | None, Meta(description="電話してよい時間帯")] = None
    never_mail: Annotated[YesOrNo | None, Meta(description="メールを送らないでほしいか")] = None
    postal_address: Annotated[
        str | None, Meta(description="手紙の宛先。200文字まで", examples=["渋川市石原1番地"])
    ] = None
    needs: Annotated[str | None, Meta(description="配慮してほしいこと")] = None
    tie: Annotated[Tie | None, Meta(description="地域とのつながり")] = None
    referral: Annotated[str | None, Meta(description="紹介コード", examples=["4821-7365"])] = None


class CallerIn(BookingIn, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A caller's booking that staff enter: with a time it is confirmed at once.

    `again` lets the same party hold a second booking; `reason` says why where the time for booking
    is over, or a limit is reached; `minutes` and `place` belong to an arranged time; `channel` is
    how the party came.
    """

    residence: str = ""
    how: How = "call"
    reason: str | None = None
    again: bool = False
    minutes: int | str | None = None
    place: str | None = None
    channel: Literal["phone", "walk-in"] = "phone"


class ConfirmIn(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """How the party was told, and the time that was settled where the booking has none yet.

    `revision` is the one that was looked at, where it matters that nobody changed it since.
    """

    how: How
    slot: InstantText | None = None
    minutes: int | str | None = None
    place: str | None = None
    revision: int | None = None


class StaffMoveIn(TargetIn, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """The new time, and why; `revision` as in ConfirmIn, `how` as in ReasonIn."""

    reason: str | None = None
    how: How | None = None
    minutes: int | str | None = None
    place: str | None = None
    revision: int | None = None


class ReasonIn(Struct, frozen=True, forbid_unknown_fields=True):
    """Why it is not to be; `how` the party was told already, if it was: else it will be told."""

    reason: str
    how: How | None = None


class ReinstateIn(Struct, frozen=True, forbid_unknown_fields=True):
    """`how` and `again` as in ReasonIn and CallerIn; `reason` as there, where one has to be given."""

    how: How | None = None
    reason: str | None = None
    again: bool = False


class ReferralIn(Struct, frozen=True, forbid_unknown_fields=True):
    """The consultation that a referral code shall open."""

    consultation: str


class ReferralShape(Struct, frozen=True):
    """The code that a counsellor tells the party: shown this once."""

    code: str


class BookingLinks(Struct, frozen=True, omit_defaults=True):
    """Where the booking is seen, kept in a calendar, moved and cancelled: absolute addresses."""

    self: str
    page: str
    calendar: str | None = None
    move: str | None = None
    cancel: str | None = None


class BookingShape(Struct, kw_only=True, frozen=True):
    """A booking as its party sees it.

    Until a time is settled (`time_settled`), `start` and `end` are the session's, or null where only
    wishes are known.
    """

    reference: str
    token: str
    status: Status
    consultation: str
    consultation_name: str
    desk_name: str
    allotment: Allotment
    session: str | None
    start: datetime | None
    end: datetime | None
    time_settled: bool
    place: str | None
    wish: str | None
    wishes: list[WishShape]
    links: BookingLinks


class StaffBookingShape(Struct, kw_only=True, frozen=True):
    """A booking as staff see it in a list: nothing in it tells who comes."""

    reference: str
    status: Status
    consultation: str
    session: str | None
    start: datetime | None
    end: datetime | None
    time_settled: bool
    place: str | None
    wish: str | None
    wishes: list[WishShape]
    party_size: int
    language: str
    has_email: bool
    channel: str
    revision: int
    created_at: datetime
    changed_at: datetime
    confirmed_at: datetime | None
    confirmed_how: str | None


class PartyShape(Struct, kw_only=True, frozen=True):
    """Who comes, as the party named itself, and how it may be reached without harm.

    `voicemail` and `named` are null where nobody asked: the careful way is taken then.
    """

    name: str
    kana: str
    phone: str
    residence: str
    email: str | None
    age: int | None
    needs: str | None
    tie: Tie | None
    contact_wish: ContactWish | None
    voicemail: bool | None
    named: bool | None
    safe_hours: TimeOfDay
    never_mail: bool
    postal_address: str


class StaffBookingWithParty(StaffBookingShape, kw_only=True, frozen=True):
    """A booking with its party. That it was read is noted."""

    reason: str | None
    party: PartyShape
