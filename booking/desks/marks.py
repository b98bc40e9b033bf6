"""How full something is, in the coarse words that everybody may see."""

from typing import Literal

from slots.availability import Reason, SessionAvailability

Mark = Literal["free", "few", "full", "closed"]
SIGNS: dict[Mark, str] = {"free": "○", "few": "△", "full": "×", "closed": "－"}
WORDS: dict[Mark, str] = {
    "free": "空きあり",
    "few": "残りわずか",
    "full": "満席",
    "closed": "受付していません",
}


def mark_of(found: SessionAvailability) -> Mark:
    """Free, few (the last seat of several), full, or closed for another reason than the seats."""
    if found.reason is Reason.FULL:
        return "full"
    if found.reason is not None:
        return "closed"
    return "few" if found.free == 1 and found.seats > 1 else "free"
