"""By which channel a party is told: its wish, the desk's order, what is set up, and people at last."""

import pytest

from notifications.plan import Rules, Situation, plan
from slots.telling import Telling
from tests.support.house import tokyo
from tests.support.planning import EVERYWHERE, NOBODY, RULES, a_fact, a_situation


def channels(situation: Situation, rules: Rules = RULES, *, tried: frozenset[str] = NOBODY) -> set:
    """On which channels a confirmation that staff promised by mail is planned."""
    found = plan(a_fact(how="mail"), situation, rules, tried=tried)
    return {one.channel for one in found if one.kind == "confirmed"}


@pytest.mark.parametrize(
    ("order", "wish", "first"),
    [
        (("line", "mail", "sms"), None, "line"),
        (("sms", "mail"), None, "sms"),
        (("line", "mail", "sms"), "sms", "sms"),
        (("mail",), "sms", "mail"),  # the desk sends no SMS
        (("line", "mail", "sms"), "call", "call_list"),
    ],
)
def test_the_partys_wish_comes_first_and_then_the_desks_order(
    order: tuple, wish: str | None, first: str
) -> None:
    """Who wishes to be phoned gets nothing in writing."""
    rules = Rules(telling=Telling(order=order))

    assert channels(a_situation(reached_by=EVERYWHERE, wish=wish), rules) == {first}


def test_each_channel_that_was_tried_is_followed_by_the_next_and_the_last_one_by_a_person() -> None:
    """Nobody is silently forgotten."""
    told = []
    while found := channels(a_situation(reached_by=EVERYWHERE), tried=frozenset(told)):
        told += found

    assert told == ["line", "mail", "sms", "call_list"]


def test_a_channel_that_is_not_set_up_reaches_nobody() -> None:
    """A town without a gateway sends no SMS, whoever has a mobile phone."""
    rules = Rules(available=frozenset({"mail"}))

    assert channels(a_situation(reached_by=frozenset({"sms"})), rules) == {"call_list"}


@pytest.mark.parametrize(
    ("confirmed_at", "channel"),
    [
        ("2026-12-14 10:00", "letter"),  # posted on the 15th, it is there on the 18th
        ("2026-12-15 10:00", "call_list"),
    ],
)
def test_a_letter_is_written_while_the_post_is_fast_enough(confirmed_at: str, channel: str) -> None:
    """After that somebody phones."""
    rules = Rules(telling=Telling(order=("letter",)))
    fact = a_fact(how="mail", at=tokyo(confirmed_at))

    found = plan(fact, a_situation(reached_by=frozenset({"letter"})), rules)

    assert {one.channel for one in found if one.kind == "confirmed"} == {channel}


def test_a_promised_letter_is_planned_beside_the_mail() -> None:
    """Staff said that they would post one; the mail is the party's own copy all the same."""
    found = plan(a_fact(how="letter"), a_situation(), RULES)

    assert {one.channel for one in found if one.kind == "confirmed"} == {"letter", "mail"}
