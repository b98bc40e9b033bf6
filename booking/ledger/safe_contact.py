"""How a party may be reached without harm: whoever shares its phone or table must learn nothing."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

import phonenumbers

from slots.telling import WRITTEN
from slots.wishes import TimeOfDay

ContactWish = Literal["line", "mail", "sms", "letter", "call"]
CONTACT_WISHES: tuple[ContactWish, ...] = get_args(ContactWish)
# 総務省の電気通信番号計画: what takes text messages is a mobile number, 020 (not pagers), 060 to 090.
MOBILE = frozenset({"60", "70", "80", "90"})


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


def safe_contact_of(kept: str | None) -> SafeContact:
    """What `kept` says; what a newer version may have added is left out."""
    said: Mapping[str, Any] = json.loads(kept) if kept else {}
    known = SafeContact.__dataclass_fields__
    return SafeContact(**{name: value for name, value in said.items() if name in known})


def takes_text(phone_key: str) -> bool:
    """Whether the number (E.164) is a Japanese mobile one, which takes SMS."""
    try:
        number = phonenumbers.parse(phone_key)
    except phonenumbers.NumberParseException:
        return False
    national = str(number.national_number)
    if number.country_code != 81:
        return False
    # 020 is for machines and pagers; 11 digits of 0200 are for phones (総務省, 020 の 11 桁番号).
    return len(national) == 10 and (national[:2] in MOBILE or national[:2] == "20")


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
        "sms": takes_text(phone_key) and safe.named is not False,
        "letter": bool(safe.address) and safe.named is not False,
    }
    return tuple(one for one in WRITTEN if able[one])
