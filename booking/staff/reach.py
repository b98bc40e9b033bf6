"""How a party is reached, for staff: what stands out, what else is known, and what the forms ask."""

from collections.abc import Collection, Mapping

from booking.i18n import CONTACT_WISHES, TIMES_OF_DAY
from booking.ledger.contact import Contact
from booking.ledger.safe_contact import SafeContact, said_of, ways

# Each form's fields bear its action's name: see bookings.py.
ACTION = "contact"
OPTIONS: Mapping[str, list[dict[str, str]]] = {
    "voicemail": [{"value": "yes", "text": "残してよい"}, {"value": "no", "text": "残さない"}],
    "named": [{"value": "yes", "text": "名乗ってよい"}, {"value": "no", "text": "名乗らない"}],
    "safe_hours": [
        {"value": name, "text": "いつでも" if name == "any" else text.split("（")[0]}
        for name, text in TIMES_OF_DAY.items()
    ],
    "never_mail": [{"value": "yes", "text": "しない"}],
}


def wishes(channels: Collection[str], kept: SafeContact) -> list[dict[str, str]]:
    """What a party may wish for where its desk writes by `channels`, and what it wishes for already."""
    offered = ways(channels)
    return [
        {"value": name, "text": text}
        for name, text in CONTACT_WISHES.items()
        if name in offered or name == kept.wish
    ]


def cautions(safe: SafeContact) -> list[str]:
    """What must be seen before anybody dials or writes, in a word each."""
    found = {
        "名乗らない": safe.named is False,
        "伝言を残さない": safe.voicemail is False,
        "メールしない": safe.never_mail,
    }
    hours = TIMES_OF_DAY[safe.hours].split("（")[0]
    return [*(word for word, said in found.items() if said), *_only(safe, hours)]


def rows(contact: Contact, *, line: bool) -> list[tuple[str, str]]:
    """What else is known of reaching the party, as terms and texts; `line`: its account is linked."""
    safe = contact.safe
    allowed = [
        *(["伝言を残してよい"] if safe.voicemail else []),
        *(["名乗ってよい"] if safe.named else []),
    ]
    return [
        ("ご希望の連絡", CONTACT_WISHES[safe.wish] if safe.wish else ""),
        ("電話のとき", "、".join(allowed)),
        ("LINE", "つながっています" if line else ""),
        ("手紙の宛先", safe.address),
    ]


def values(contact: Contact) -> dict[str, str]:
    """What the form for changing it shows before anybody typed."""
    said = {"email": contact.email or "", **said_of(contact.safe)}
    return {f"{ACTION}_{name}": value for name, value in said.items()}


def _only(safe: SafeContact, hours: str) -> list[str]:
    return [f"電話は{hours}に"] if safe.hours != "any" else []
