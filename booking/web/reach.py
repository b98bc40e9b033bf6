"""ご連絡のしかた: what a form offers, what it says back, and what one's own page tells."""

from collections.abc import Mapping

from booking.http import FieldMessage
from booking.i18n import CONTACT_WISHES, TIMES_OF_DAY
from booking.ledger.safe_contact import SAFE_FIELDS, SafeContact
from booking.settings import Settings
from booking.web.frame import View
from slots.desk import Desk
from slots.telling import WrittenChannel

# What lies folded away until somebody has something to say of it.
FOLDED = ("voicemail", "named", "safe_hours", "never_mail")
# On a page that whoever holds the telephone may see: no word of why.
VOICEMAIL = {True: "留守番電話には、伝言を残します", False: "留守番電話には、伝言を残しません"}
NAMED = {True: "お電話では、窓口の名前をお伝えします", False: "お電話では、窓口の名前を言いません"}


def offered(settings: Settings, desk: Desk) -> list[WrittenChannel]:
    """The written channels that the desk uses and this installation can send by, the desk's order."""
    return [one for one in desk.telling.order if one in settings.writes_by]


def reach_form(
    settings: Settings,
    desk: Desk,
    values: Mapping[str, str],
    errors: list[FieldMessage],
    kept: SafeContact | None = None,
) -> View:
    """What reach.html asks, and whether its folded part is open: never over an error or an answer.

    `kept` is what holds until now: what it wishes for stays on offer.
    """
    channels: list[str] = ["call", *offered(settings, desk)]
    if kept is not None and kept.wish and kept.wish not in channels:
        channels.append(kept.wish)
    said = any(values.get(name, "") not in ("", "any") for name in FOLDED)
    wrong = any(one.field in FOLDED for one in errors)
    return {
        "wishes": [
            {"value": "", "text": "おまかせします"},
            *({"value": one, "text": CONTACT_WISHES[one], "note": _note(one)} for one in channels),
        ],
        "voicemail": [
            {"value": "yes", "text": "残してよい"},
            {"value": "no", "text": "残さないでほしい"},
        ],
        "named": [
            {"value": "yes", "text": "言ってよい"},
            {"value": "no", "text": "言わないでほしい"},
        ],
        "hours": [{"value": name, "text": text} for name, text in TIMES_OF_DAY.items()],
        "letter": "letter" in channels,
        "open": said or wrong,
    }


def reach_lines(safe: SafeContact) -> list[str]:
    """What a party said of being reached, in neutral sentences, without any address."""
    lines = [f"{CONTACT_WISHES[safe.wish]}でのご連絡をご希望"] if safe.wish else []
    if safe.voicemail is not None:
        lines.append(VOICEMAIL[safe.voicemail])
    if safe.named is not None:
        lines.append(NAMED[safe.named])
    if safe.hours != "any":
        lines.append(f"お電話は、{TIMES_OF_DAY[safe.hours]}にいたします")
    if safe.never_mail:
        lines.append("メールは送りません")
    return lines


def said_in(form: Mapping[str, str]) -> dict[str, str]:
    """The fields of a whole form that was sent: a box without its mark is an answer, too."""
    return {name: str(form.get(name) or "") for name in ("email", *SAFE_FIELDS)}


def _note(channel: str) -> str:
    if channel == "line":
        return "つなぎ方は、ご予約の画面でご案内します"
    return "携帯電話の番号が必要です" if channel == "sms" else ""
