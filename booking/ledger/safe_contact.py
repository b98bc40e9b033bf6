"""How a party may be reached without harm: whoever shares its phone or table must learn nothing."""

import json
from collections.abc import Collection, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeVar, get_args

from booking.errors import FieldError
from booking.i18n import CONTACT_WISHES as CONTACT_WISHES_IN_WORDS
from booking.ledger.telephone import mobile_digits
from slots.telling import WRITTEN
from slots.wishes import TIMES_OF_DAY, TimeOfDay

ContactWish = Literal["line", "mail", "sms", "letter", "call"]
CONTACT_WISHES: tuple[ContactWish, ...] = get_args(ContactWish)
# What a form or program says of it, keys as in the JSON API.
SAFE_FIELDS = ("contact_wish", "voicemail", "named", "safe_hours", "never_mail", "postal_address")
YES, NO = frozenset({"yes", "true", "1", "on"}), frozenset({"no", "false", "0"})
ADDRESS_LENGTH = 200
# An SMS and an envelope say who sent them to whoever sees them first.
SAYS_WHO = ("sms", "letter")
T = TypeVar("T", bound=str)
U = TypeVar("U")


@dataclass(frozen=True, kw_only=True)
class SafeContact:
    """What a party said of being told. None: it was not asked, and the careful way is taken.

    `wish` is the channel it would like first; `voicemail`: may we leave a message; `named`: may we
    say who we are to whoever answers; `hours`: when its phone may ring; `never_mail`: no mail,
    though there is an address; `address`: where letters go.
    """

    wish: ContactWish | None = None
    voicemail: bool | None = None
    named: bool | None = None
    hours: TimeOfDay = "any"
    never_mail: bool = False
    address: str = ""

    def __repr__(self) -> str:
        """Tell nothing: reprs end up in logs."""
        return "SafeContact(…)"

    def kept(self) -> str | None:
        """How it is kept, to be sealed; None where nothing was said."""
        default = asdict(SafeContact())
        said = {name: value for name, value in asdict(self).items() if value != default[name]}
        return json.dumps(said, ensure_ascii=False) if said else None


def said_of(safe: SafeContact) -> dict[str, str]:
    """`safe` under SAFE_FIELDS, as a form says it; what was not said is empty."""
    return {
        "contact_wish": safe.wish or "",
        "voicemail": _answer(safe.voicemail),
        "named": _answer(safe.named),
        "safe_hours": safe.hours,
        "never_mail": "yes" if safe.never_mail else "",
        "postal_address": safe.address,
    }


def read_safe_contact(
    said: Mapping[str, str],
    errors: list[FieldError],
    *,
    email: str | None,
    phone_key: str,
    channels: Collection[str] = WRITTEN,
) -> SafeContact:
    """What `said` under SAFE_FIELDS, cleaned text, means; what cannot be taken is added to `errors`.

    `channels` are those by which the desk writes. A wish that could never be fulfilled is refused
    with the field that mends it, and not passed over in silence. LINE without an account is none of
    them: it is linked after the booking is made.
    """
    reader = _SafeReader(said, errors)
    safe = SafeContact(
        wish=reader.one_of("contact_wish", CONTACT_WISHES, None),
        voicemail=reader.answer("voicemail"),
        named=reader.answer("named"),
        hours=reader.one_of("safe_hours", TIMES_OF_DAY, "any"),
        never_mail=bool(reader.answer("never_mail")),
        address=said.get("postal_address", ""),
    )
    if len(safe.address) > ADDRESS_LENGTH:
        reader.refuse("postal_address", "too-long")
    reader.judge_wish(safe, email, phone_key, channels)
    return safe


class _SafeReader:
    def __init__(self, said: Mapping[str, str], errors: list[FieldError]) -> None:
        self.said = said
        self.errors = errors

    def refuse(self, name: str, code: str) -> None:
        self.errors.append(FieldError(name, code))

    def one_of(self, name: str, known: tuple[T, ...], default: U) -> T | U:
        said = self.said.get(name, "")
        found = next((one for one in known if one == said), None)
        if said and found is None:
            self.refuse(name, "unknown")
        return found if found is not None else default

    def answer(self, name: str) -> bool | None:
        said = self.said.get(name, "").lower()
        if said and said not in YES | NO:
            self.refuse(name, "yes-or-no")
        return said in YES if said else None

    def judge_wish(
        self, safe: SafeContact, email: str | None, phone_key: str, channels: Collection[str]
    ) -> None:
        offered = ways(channels)
        if safe.wish and safe.wish not in offered:
            # No address mends it: what else is wrong with the wish would only mislead.
            words = {one: CONTACT_WISHES_IN_WORDS[one] for one in (safe.wish, *offered)}
            facts = {"wish": words[safe.wish], "offered": "、".join(words[one] for one in offered)}
            self.errors.append(FieldError("contact_wish", "not-used", facts))
            return
        if safe.wish == "mail" and safe.never_mail:
            self.refuse("never_mail", "wished")
        elif safe.wish == "mail" and not email:
            self.refuse("email", "wished")
        # Without a number that can be read, the number is what is to be mended.
        if safe.wish == "sms" and phone_key and not mobile_digits(phone_key):
            self.refuse("contact_wish", "no-mobile")
        if safe.wish == "letter" and not safe.address:
            self.refuse("postal_address", "wished")
        if safe.wish in SAYS_WHO and safe.named is False:
            self.refuse("contact_wish", "says-who")


def ways(channels: Collection[str]) -> tuple[ContactWish, ...]:
    """What may be wished for where a desk writes by `channels`: its people phone, whatever else it uses."""
    return ("call", *(one for one in WRITTEN if one in channels))


def _answer(said: bool | None) -> str:
    return "" if said is None else "yes" if said else "no"


def safe_contact_of(kept: str | None) -> SafeContact:
    """What `kept` says; what a newer version may have added is left out."""
    said: Mapping[str, Any] = json.loads(kept) if kept else {}
    known = SafeContact.__dataclass_fields__
    return SafeContact(**{name: value for name, value in said.items() if name in known})


def reached_by(
    safe: SafeContact, *, email: str | None, phone_key: str, line: bool
) -> tuple[str, ...]:
    """The written channels that reach the party safely, unordered but stable.

    An SMS and an envelope say who sent them, so they need that we may be named; a mail does, too,
    but its reader has given the address for it.
    """
    able = {
        "line": line,
        "mail": bool(email) and not safe.never_mail,
        "sms": mobile_digits(phone_key) is not None and safe.named is not False,
        "letter": bool(safe.address) and safe.named is not False,
    }
    return tuple(one for one in WRITTEN if able[one])
