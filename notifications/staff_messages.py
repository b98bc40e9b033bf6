"""What staff see of messages and do to them: on a booking's page, and what failed on the first page."""

from collections.abc import Mapping, Sequence
from typing import Any

from litestar import Response, post
from litestar.params import FromPath
from litestar.types import ControllerRouterHandler

from booking.errors import NotFound
from booking.http import TheLedger
from booking.ledger import access
from booking.ledger.booking import Booking
from booking.ledger.ledger import Ledger
from booking.signed_in import TheForm, TheStaff, local_path, see_other, staff_router
from notifications import by_hand, failures, message_log, message_words
from notifications.by_hand import Answer, Deed
from notifications.message_log import Told
from notifications.policy import KINDS

MOST_TRIES_SHOWN = 6
PATH = "/staff/messages"
ZONE = "Asia/Tokyo"
DEALT = "message-dealt"
NOTED: Mapping[str, tuple[str, str]] = {
    "message-resend": ("ok", "もう一度お知らせするようにしました。"),
    "message-withdraw": ("ok", "お知らせを取り下げました。"),
    "message-told": ("ok", "お伝え済みとして記録しました。"),
    DEALT: ("ok", "対応済みとして記録しました。"),
    "message-stale": (
        "warn",
        "何もしませんでした。画面を開いたあとに、このお知らせに動きがありました。いまの状態を確かめてください。",
    ),
    "message-moved-on": (
        "warn",
        "送りませんでした。このお知らせのあとに予約が変わりました。いまの予約のお知らせを確かめてください。",
    ),
    "message-too-late": (
        "warn",
        "送りませんでした。お知らせできる時期を過ぎています。必要なら、お電話でお伝えください。",
    ),
}


@post("/messages/{message_id:int}/{deed:str}", sync_to_thread=True)
def act(
    message_id: FromPath[int],
    deed: FromPath[str],
    form: TheForm,
    ledger: TheLedger,
    staff: TheStaff,
) -> Response[Any]:
    """Do to a message what a button says, and go back to its page. Raises NotFound."""
    if deed == "dealt":
        noted = _deal_with(ledger, message_id, staff.actor, staff.organisation)
    else:
        noted = _do(ledger, message_id, deed, str(form.get("seen", "")), staff)
    back = local_path(str(form.get("back", "")))
    joint = "&" if "?" in back else "?"
    return see_other(f"{back}{joint}done={noted}")


def routes() -> Sequence[ControllerRouterHandler]:
    """The addresses."""
    return (staff_router([act]),)


def noted(code: str) -> Mapping[str, str] | None:
    """The sentence about what was just done, as the frame shows it."""
    found = NOTED.get(code)
    return {"kind": found[0], "text": found[1]} if found else None


def of_booking(ledger: Ledger, booking: Booking) -> Sequence[Mapping[str, Any]]:
    """The booking's messages in words; `old` are those of an earlier revision."""
    names = access.actor_names(ledger)
    found = message_log.of_booking(ledger, booking.id)
    return [_shown(one, booking, names) for one in found]


def failed(ledger: Ledger, organisation: str | None) -> Sequence[Mapping[str, Any]]:
    """What could not be told and nobody has dealt with, in words, the oldest first."""
    standing = failures.failures(ledger, organisation)
    stands = message_log.by_id(ledger, [one.id for one in standing])
    return [_failure(one, stands[one.id]) for one in standing if one.id in stands]


def _do(ledger: Ledger, message_id: int, deed: str, seen: str, staff: access.Staff) -> str:
    if deed not in {one.value for one in Deed} or not (seen.isascii() and seen.isdecimal()):
        raise NotFound
    answer = by_hand.act(
        ledger,
        message_id,
        Deed(deed),
        actor=staff.actor,
        seen_tries=int(seen),
        organisation=staff.organisation,
    )
    return f"message-{deed if answer is Answer.DONE else answer.value}"


def _deal_with(ledger: Ledger, message_id: int, actor: str, organisation: str | None) -> str:
    dealt = failures.deal_with(ledger, message_id, actor, organisation)
    return DEALT if dealt else "message-stale"


def _shown(one: Told, booking: Booking, names: Mapping[str, str]) -> dict[str, Any]:
    zone = booking.zone
    last = len(one.tries) - 1
    # A provider that was down for a day leaves dozens.
    shown = list(enumerate(one.tries))[-MOST_TRIES_SHOWN:]
    return {
        "what": _label(one.kind),
        "channel": message_words.CHANNEL.get(one.channel, one.channel),
        "old": one.revision < booking.revision,
        "state": message_words.state(one, zone),
        "notes": message_words.notes(one, zone, names),
        "tries": [
            {
                "at": message_words.moment(tried.at, zone),
                "who": _who(tried.by, names),
                "text": message_words.outcome(
                    tried, one.channel, under_way=one.leased and number == last
                ),
            }
            for number, tried in shown
        ],
        "tries_before": len(one.tries) - len(shown),
        "said": one.said,
        "seen": len(one.tries),
        "deeds": [
            {"action": f"{PATH}/{one.id}/{deed}", "text": message_words.press(deed, one.channel)}
            for deed in one.deeds
        ],
    }


def _who(by: str, names: Mapping[str, str]) -> str:
    """The member of staff's name, or that a machine did it."""
    by_people = by.startswith(("staff:", "key:"))
    return names.get(by, "窓口" if by_people else "自動")


def _failure(one: failures.Failure, told: Told) -> dict[str, Any]:
    again = Deed.RESEND in told.deeds
    return {
        "what": _label(one.kind),
        "channel": message_words.CHANNEL.get(one.channel, one.channel),
        "why": message_words.reason(one.error, one.channel),
        "hint": message_words.NO_RESEND[told.hindrance] if told.hindrance else "",
        "reference": one.reference,
        "href": f"/staff/bookings/{one.reference}" if one.reference else None,
        "session": one.session.rpartition("/")[2] if one.session else None,
        "since": message_words.moment(one.at, ZONE),
        "seen": len(told.tries),
        "resend": f"{PATH}/{one.id}/resend" if again else None,
        "resend_text": message_words.press(Deed.RESEND, one.channel),
        "dealt": f"{PATH}/{one.id}/dealt",
    }


def _label(kind: str) -> str:
    known = KINDS.get(kind)
    return known.label if known else kind
