"""Who comes: what a party types about itself, read generously and kept as typed."""

import re
import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import jaconv

from booking.errors import FieldError
from booking.ledger.safe_contact import SAFE_FIELDS, SafeContact, reached_by, read_safe_contact
from booking.ledger.telephone import parse_phone, phone_key_of
from slots.admission import TIES, Tie
from slots.plain_text import plain
from slots.telling import WRITTEN

NAME_LENGTH = 100
RESIDENCE_LENGTH = 200
NEEDS_LENGTH = 500
# 繰り返し記号 for みすゞ, the double hyphen for ジャン＝ピエール.
KANA = re.compile(r"(?=.*[ぁ-ゖ])[ぁ-ゖゝゞー・゛゜＝ ]+")
# What mail servers take without SMTPUTF8. The dots are not looked at: carriers gave out a..b.@.
EMAIL = re.compile(
    r"[\w.!#$%&'*+/=?^`{|}~-]+@(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+[a-z\d-]{2,}", re.A | re.I
)
COUNTED = re.compile(r"\s*[歳才人名]$")


@dataclass(frozen=True, kw_only=True)
class Contact:
    """A party as it named itself. `phone_key` and `kana_key` are for comparing only."""

    name: str
    kana: str
    phone: str
    residence: str = ""
    email: str | None = None
    age: int | None = None
    needs: str | None = None
    tie: Tie | None = None
    party_size: int = 1
    language: str = "ja"
    safe: SafeContact = field(default_factory=SafeContact)
    phone_key: str = field(default="", repr=False)

    @property
    def kana_key(self) -> str:
        """The reading without spaces."""
        return self.kana.replace(" ", "")

    def reached_by(self, *, line: bool = False) -> tuple[str, ...]:
        """The written channels that reach the party safely; `line`: it has linked its account."""
        key = self.phone_key or phone_key_of(self.phone)
        return reached_by(self.safe, email=self.email, phone_key=key, line=line)

    def __repr__(self) -> str:
        """Tell nothing: reprs end up in logs."""
        return "Contact(…)"


def clean(text: object) -> str:
    """What was typed, without unseen characters and outer spaces. Names stay as typed: no NFC."""
    return plain(str(text if text is not None else ""))


def clean_line(text: object) -> str:
    """The same on one line."""
    return re.sub(r"\s*\n\s*", " ", clean(text))


def read_contact(
    raw: Mapping[str, Any],
    errors: list[FieldError],
    *,
    asks_age: bool = False,
    asks_tie: bool = False,
    by_staff: bool = False,
    area_code: str = "",
    channels: Collection[str] = WRITTEN,
) -> Contact:
    """The party that `raw` describes; what cannot be taken is added to `errors`.

    Staff may leave out age, residence and the tie to the area, and enter local numbers without their area code: the
    caller is on the line. `channels` are those by which the desk writes.
    """
    reader = _ContactReader(raw, errors)
    name, kana = reader.text("name", NAME_LENGTH, required=True), reader.kana()
    phone, phone_key = reader.phone("" if not by_staff else area_code, required=True)
    residence = reader.text("residence", RESIDENCE_LENGTH, required=not by_staff)
    email, safe = read_reach(raw, errors, phone_key=phone_key, channels=channels)
    return Contact(
        name=name,
        kana=kana,
        phone=phone,
        phone_key=phone_key,
        residence=residence,
        email=email,
        safe=safe,
        age=reader.number("age", 0, 130, "not-an-age", required=asks_age and not by_staff),
        needs=reader.text("needs", NEEDS_LENGTH, lines=True) or None,
        tie=reader.tie(required=asks_tie and not by_staff),
        party_size=reader.number("party_size", 1, 10, "not-a-count") or 1,
        language=reader.text("language", 30) or "ja",
    )


def read_reach(
    raw: Mapping[str, Any],
    errors: list[FieldError],
    *,
    phone_key: str,
    channels: Collection[str] = WRITTEN,
) -> tuple[str | None, SafeContact]:
    """The mail address, and how the party says it may be reached; `errors` as in `read_contact`.

    `phone_key` is its number (E.164), empty where it cannot be read; `channels` as there.
    """
    email = _ContactReader(raw, errors).email()
    said = {name: clean(raw.get(name)) for name in SAFE_FIELDS}
    return email, read_safe_contact(
        said, errors, email=email, phone_key=phone_key, channels=channels
    )


class _ContactReader:
    def __init__(self, raw: Mapping[str, Any], errors: list[FieldError]) -> None:
        self.raw = raw
        self.errors = errors

    def refuse(self, name: str, code: str) -> None:
        self.errors.append(FieldError(name, code))

    def text(self, name: str, length: int, *, required: bool = False, lines: bool = False) -> str:
        value = (clean if lines else clean_line)(self.raw.get(name))
        if required and not value:
            self.refuse(name, "required")
        if len(value) > length:
            self.refuse(name, "too-long")
        return value

    def kana(self) -> str:
        typed = self.text("kana", NAME_LENGTH, required=True)
        kana = hiragana(typed)
        if typed and not KANA.fullmatch(kana):
            self.refuse("kana", "not-kana")
        return kana

    def phone(self, area_code: str, *, required: bool) -> tuple[str, str]:
        typed = clean(self.raw.get("phone"))
        if not typed:
            if required:
                self.refuse("phone", "required")
            return "", ""
        parsed = parse_phone(typed) or (parse_phone(area_code + typed) if area_code else None)
        if parsed is None:
            self.refuse("phone", "not-a-number")
            return "", ""
        return parsed

    def tie(self, *, required: bool) -> Tie | None:
        typed = clean(self.raw.get("tie"))
        found = next((one for one in TIES if one == typed), None)
        if typed and found is None:
            self.refuse("tie", "unknown")
        elif required and not typed:
            self.refuse("tie", "required")
        return found

    def email(self) -> str | None:
        typed = unicodedata.normalize("NFKC", clean(self.raw.get("email")))
        if not typed:
            return None
        if len(typed) > 254 or not EMAIL.fullmatch(typed):
            self.refuse("email", "not-an-address")
        return typed

    def number(
        self, name: str, least: int, most: int, code: str, *, required: bool = False
    ) -> int | None:
        typed = COUNTED.sub("", unicodedata.normalize("NFKC", clean(self.raw.get(name))))
        if not typed:
            if required:
                self.refuse(name, "required")
            return None
        if not re.fullmatch(r"\d{1,3}", typed) or not least <= int(typed) <= most:
            self.refuse(name, code)
            return None
        return int(typed)


def hiragana(typed: str) -> str:
    """A reading in hiragana, from any kana of any width; spaces become single ones."""
    wide = jaconv.h2z(clean(typed), kana=True, ascii=False, digit=False)
    whole = unicodedata.normalize("NFC", jaconv.kata2hira(wide))
    return re.sub(r"[\s　]+", " ", whole).strip()
