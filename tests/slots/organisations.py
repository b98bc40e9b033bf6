"""Whole organisations as Hypothesis draws them: all that a desk file can say, and nothing else."""

from dataclasses import replace
from datetime import date, time
from typing import TypeVar

from hypothesis import strategies as st

from slots.admission import TIES, VERIFY, Eligibility, Need
from slots.changes import (
    Change,
    ChangedCapacity,
    ChangedHours,
    ChangedPlace,
    Closure,
    ExtraSession,
    MovedSession,
    Settled,
)
from slots.desk import (
    CHANNELS,
    EXTRA_FIELDS,
    PRIVATE_FEEDS,
    Consultation,
    Contact,
    Desk,
    Hours,
    Organisation,
    Quotas,
    Referral,
    Subsidy,
)
from slots.holidays import ON_HOLIDAY, ClosedDays, NationalHolidays
from slots.limits import PER, SCOPES, THEN, Limit
from slots.opening import Block, Opening
from slots.place import Place
from slots.recurrence import Dates, InMonths, MonthlyDay, MonthlyWeekday, Recurrence, RRule, Weekly
from slots.roster import Absence
from slots.telling import WRITTEN, Quiet, Reminder, Telling
from slots.window import BOOKING_CHANNELS, BookingWindow, ChannelWindow
from tests.slots.strategies import some_before, some_day, some_time, some_weekdays

T = TypeVar("T")

some_text = st.sampled_from(["町", "弁護士の無料相談", 'it\'s "so" \\ here', "一行目\n二行目", "#"])
some_texts = st.lists(some_text, max_size=2).map(tuple)
maybe_text = st.none() | some_text
some_roster = st.sampled_from([(), ("甲",), ("甲", "乙")])
some_seats = st.none() | st.integers(1, 4)


def some_of(values: tuple[T, ...], least: int = 0) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(st.sampled_from(values), min_size=least, unique=True).map(tuple)


@st.composite
def some_days(draw: st.DrawFn) -> tuple[date, date]:
    first, last = sorted((draw(some_day), draw(some_day)))
    return first, draw(st.sampled_from([first, last]))


# ---------------------------------------------------------------- rules
some_simple_rule: st.SearchStrategy[Recurrence] = st.one_of(
    st.builds(Weekly, some_weekdays),
    st.builds(Weekly, some_weekdays, st.integers(2, 5), some_day),
    st.builds(MonthlyWeekday, some_of((1, 2, 5, -1), 1), st.integers(0, 6)),
    st.builds(MonthlyDay, some_of((1, 15, 31, -1), 1)),
    st.builds(Dates, st.lists(some_day, min_size=1, max_size=4).map(tuple)),
    st.builds(
        RRule, st.sampled_from(["FREQ=WEEKLY;INTERVAL=3", "FREQ=MONTHLY;BYDAY=3SA"]), some_day
    ),
)
some_months = st.one_of(
    st.sampled_from([(1, 3, 5, 7, 9, 11), (2, 4, 6, 8, 10, 12), (1, 2, 3, 4, 5, 6, 7, 9, 10, 11)]),
    some_of(tuple(range(1, 13)), 1).map(lambda months: tuple(sorted(months))),
)
some_recurrence = st.one_of(some_simple_rule, st.builds(InMonths, some_simple_rule, some_months))


def since_of(rule: Recurrence) -> date | None:
    """RRULE text counts from the day from which its opening holds: both are one key."""
    plain = rule.rule if isinstance(rule, InMonths) else rule
    return plain.since if isinstance(plain, RRule) else None


some_blocks = st.sampled_from(
    [
        (Block(time(9), time(12)),),
        (Block(time(10), time(12)), Block(time(13), time(16, 30))),
        (Block(time(0), time(1)), Block(time(1), time(2)), Block(time(22), time(23, 59))),
    ]
)
some_place = st.builds(
    Place, name=some_text, room=maybe_text, address=maybe_text, postcode=maybe_text
)


@st.composite
def some_hours(draw: st.DrawFn) -> Hours:
    rule = draw(some_recurrence)
    return Hours(
        channels=draw(some_of(CHANNELS, 1)),
        recurrence=rule,
        start=time(8, 30),
        end=time(17, 15),
        on_holiday=draw(st.sampled_from(["skip", "open"])),
        last_intake_minutes=draw(st.sampled_from([0, 30])),
        since=since_of(rule) or draw(st.sampled_from([None, date(2026, 4, 1)])),
        until=draw(st.sampled_from([None, date(2029, 4, 1)])),
    )


@st.composite
def some_openings(draw: st.DrawFn) -> tuple[Opening, ...]:
    """One or two openings, the second from the day on which the first ends."""
    turn = draw(some_day)
    opening = st.builds(
        Opening,
        recurrence=some_recurrence,
        blocks=some_blocks,
        on_holiday=st.sampled_from(ON_HOLIDAY),
        place=st.none() | some_place,
        seats=some_seats,
        roster=some_roster,
        slot_minutes=st.sampled_from([None, 20, 30]),
        pause_minutes=st.sampled_from([None, 0, 10]),
        last_start=st.none() | some_time,
    )
    one, other = draw(opening), draw(opening)
    begins = since_of(one.recurrence)
    if draw(st.booleans()) or since_of(other.recurrence) or (begins and begins >= turn):
        return (replace(one, since=begins),)
    return replace(one, since=begins, until=turn), replace(other, since=turn)


# ---------------------------------------------------------------- windows
@st.composite
def some_windows(draw: st.DrawFn) -> BookingWindow:
    """A channel may close otherwise than others, but not open at once where they don't."""
    opens, closes = draw(st.none() | some_before), draw(some_before)
    channels = {
        channel: ChannelWindow(draw(some_before) if draw(st.booleans()) else opens, own)
        for channel, own in draw(
            st.dictionaries(
                st.sampled_from(BOOKING_CHANNELS), some_before | st.just(closes), max_size=2
            )
        ).items()
    }
    return BookingWindow(opens, closes, channels)


some_quotas = st.just(Quotas()) | st.builds(
    Quotas,
    st.dictionaries(st.sampled_from(BOOKING_CHANNELS), st.integers(1, 3), min_size=1),
    st.none() | some_before,
)

# ---------------------------------------------------------------- changes


@st.composite
def some_closures(draw: st.DrawFn) -> Closure:
    first, last = draw(some_days())
    start, end = draw(st.sampled_from([(None, None), (time(0), time(12)), (time(9), time(9, 30))]))
    return Closure(first=first, last=last, start=start, end=end, text=draw(maybe_text))


some_absence = st.builds(
    lambda who, days: Absence(who=who, first=days[0], last=days[1]), some_text, some_days()
)
one_change: st.SearchStrategy[Change] = st.one_of(
    some_closures(),
    st.builds(
        ExtraSession,
        session=some_day,
        blocks=some_blocks,
        place=st.none() | some_place,
        seats=some_seats,
        roster=some_roster,
        text=maybe_text,
    ),
    st.builds(MovedSession, session=some_day, to=some_day, text=maybe_text),
    st.builds(Settled, session=some_day, text=maybe_text),
    st.builds(ChangedHours, session=some_day, blocks=some_blocks, text=maybe_text),
    st.builds(ChangedPlace, session=some_day, place=some_place, text=maybe_text),
    st.builds(ChangedCapacity, session=some_day, seats=st.integers(1, 4), roster=some_roster),
    st.builds(ChangedCapacity, session=some_day, roster=st.just(("甲",)), text=maybe_text),
)

# ---------------------------------------------------------------- messages
some_quiet = st.builds(
    Quiet, start=st.sampled_from([time(20), time(21), time(0)]), end=some_time
).filter(lambda quiet: quiet.start != quiet.end)


@st.composite
def some_telling(draw: st.DrawFn) -> Telling:
    """Whose times all lie outside its quiet hours, the earliest reminder first."""
    quiet = draw(some_quiet)
    awake = some_time.filter(lambda wall: not quiet.holds(wall))
    moments = draw(st.lists(st.tuples(st.integers(0, 60), awake), max_size=3, unique=True))
    in_order = sorted(moments, key=lambda moment: (-moment[0], moment[1]))
    return Telling(
        reminders=tuple(Reminder(business_days_before=days, at=at) for days, at in in_order),
        quiet=quiet,
        order=draw(some_of(WRITTEN)),
        most_a_day=draw(st.integers(1, 20)),
        unanswered_after=draw(st.none() | st.integers(1, 60)),
        day_list_at=draw(st.none() | awake),
        staff_mail=draw(some_of(("soudan@example.jp", "a.b-c+d@city.rei.lg.jp"))),
    )


# ---------------------------------------------------------------- whole
some_eligibility = st.just(Eligibility()) | st.builds(
    Eligibility, ties=some_of(TIES, 1), verify=st.sampled_from(VERIFY)
)
some_limit = st.builds(
    Limit,
    at_most=st.integers(1, 3),
    per=st.sampled_from(PER),
    scope=st.sampled_from(SCOPES),
    then=st.sampled_from(THEN),
    text=maybe_text,
)
some_need = st.builds(
    Need,
    name=some_text,
    lead_days=st.integers(0, 20),
    lead_business_days=st.integers(0, 9),
    note=maybe_text,
)
some_contact = st.builds(
    Contact,
    channel=st.sampled_from(CHANNELS),
    value=maybe_text,
    label=maybe_text,
    always=st.booleans(),
    note=maybe_text,
)
some_referral = st.builds(
    Referral, name=some_text, operator=maybe_text, phone=maybe_text, hours=maybe_text
)
some_subsidy = st.builds(
    Subsidy, name=some_text, who=some_texts, what=some_texts, amount=some_text, notes=some_texts
)
some_remarks = st.dictionaries(st.sampled_from(["name", "fee", "place"]), some_text, max_size=2)
some_closed_days = st.builds(
    ClosedDays,
    year_end=st.sampled_from([None, ((12, 29), (1, 3)), ((12, 28), (1, 4)), ((12, 30), (12, 31))]),
    local=st.dictionaries(some_day, some_text, max_size=2),
    national=st.just(NationalHolidays())
    | st.dictionaries(some_day, st.just("祝日"), min_size=1, max_size=2).map(NationalHolidays.of),
    weekend=st.sampled_from([(5, 6), (), (0,), (0, 6)]),
)


def lists(strategy: st.SearchStrategy[T], most: int = 2) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


@st.composite
def some_organisations(draw: st.DrawFn) -> Organisation:
    town = draw(
        st.builds(
            Organisation,
            key=st.just("town"),
            name=some_text,
            code=st.just("102083"),
            zone=st.sampled_from(["Asia/Tokyo", "Pacific/Auckland"]),
            closed_days=some_closed_days,
            sender=some_text.filter(lambda one: one.count("\n") == 0),
            page=maybe_text,
            posted=maybe_text,
            office=st.dictionaries(some_text, some_text, max_size=2),
            unconfirmed=st.dictionaries(st.sampled_from(["name", "sender"]), some_text),
        )
    )
    keys = draw(st.sampled_from([(), ("a",), ("a", "b-1")]))
    return replace(town, desks=tuple(draw(_desks(town, key)) for key in keys))


@st.composite
def _desks(draw: st.DrawFn, town: Organisation, key: str) -> Desk:
    desk = draw(
        st.builds(
            Desk,
            key=st.just(f"town/{key}"),
            name=some_text,
            zone=st.just(town.zone),
            closed_days=st.just(town.closed_days),
            short_name=maybe_text,
            service=maybe_text,
            operator=maybe_text,
            since=maybe_text,
            eligibility=some_texts,
            fee=some_text | st.just("無料"),
            contacts=lists(some_contact),
            hours=lists(some_hours()),
            hours_text=some_texts,
            closures=lists(some_closures()),
            place=st.none() | some_place,
            notes=some_texts,
            cases=some_texts,
            collects=some_texts,
            referrals=lists(some_referral),
            subsidy=st.none() | some_subsidy,
            telling=st.just(Telling()) | some_telling(),
            private_feed=st.sampled_from(PRIVATE_FEEDS),
            unconfirmed=some_remarks,
            sources=some_remarks,
        )
    )
    return replace(desk, consultations=(draw(_consultations(desk, draw(st.booleans()))),))


@st.composite
def _consultations(draw: st.DrawFn, desk: Desk, arranged: bool) -> Consultation:
    return draw(
        st.builds(
            Consultation,
            key=st.just(f"{desk.key}/legal"),
            name=some_text,
            allotment=st.just("arranged") if arranged else st.sampled_from(["slot", "date"]),
            zone=st.just(desk.zone),
            closed_days=st.just(desk.closed_days),
            summary=maybe_text,
            openings=st.just(()) if arranged else some_openings(),
            slot_minutes=st.sampled_from([15, 45]),
            pause_minutes=st.sampled_from([0, 5]),
            last_start=st.none() | some_time,
            seats=some_seats,
            roster=some_roster,
            absences=lists(some_absence),
            changes=lists(one_change, 3),
            desk_closures=st.just(desk.closures),
            confirmed_by=st.sampled_from(["staff", "at-once"]),
            booked_by=some_of(BOOKING_CHANNELS, 1),
            window=some_windows(),
            quotas=some_quotas,
            waiting_list=st.booleans(),
            phone=st.just(desk.phone()),
            eligibility=some_eligibility,
            exclusions=some_texts,
            needs=lists(some_need),
            limits=lists(some_limit),
            asks=some_of(EXTRA_FIELDS),
            fee=some_text,
            place=st.none() | some_place,
            day_contact=maybe_text,
            bring=some_texts,
            notes=some_texts,
            unconfirmed=some_remarks,
            sources=some_remarks,
        )
    )
