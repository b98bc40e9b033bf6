"""Telephone numbers: as they are typed, as they are kept and compared, and which take text messages."""

import re
import unicodedata

import phonenumbers

# All that is typed for a dash: also the long vowel mark, a drawn line, and the kanji for one.
DASHES = re.compile(r"[‐‑‒–—―⁃−➖─━ー－ｰ～〜~﹘﹣一]")
EXTENSION = re.compile(r"内線|ext|[x#]", re.IGNORECASE)
# 総務省の電気通信番号計画: 060 to 090 are mobiles, and 020 with eleven digits, but for 0204, the pagers.
MOBILE = re.compile(r"0(?:20[0-35-9]|[6-9]0\d)\d{7}", re.ASCII)
JAPAN = "+81"


def parse_phone(typed: str) -> tuple[str, str] | None:
    """(as it is printed in Japan, E.164) of a number in any width and with any dashes, or None."""
    text = unicodedata.normalize("NFKC", DASHES.sub("-", typed))
    text = EXTENSION.split(text)[0]
    try:
        number = phonenumbers.parse(text, "JP")
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    national = phonenumbers.PhoneNumberFormat.NATIONAL
    style = national if number.country_code == 81 else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    return (
        phonenumbers.format_number(number, style),
        phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164),
    )


def phone_key_of(phone: str) -> str:
    """The number (E.164) of a telephone as it is printed; empty for what is no number."""
    parsed = parse_phone(phone)
    return parsed[1] if parsed else ""


def is_mobile(digits: str) -> bool:
    """Whether the digits, as one dials them within Japan, are a mobile number, which takes SMS."""
    return MOBILE.fullmatch(digits) is not None


def mobile_digits(phone_key: str) -> str | None:
    """The digits of a Japanese mobile number (E.164), as an SMS gateway takes them; None of any other."""
    digits = "0" + phone_key.removeprefix(JAPAN)
    return digits if phone_key.startswith(JAPAN) and is_mobile(digits) else None
