"""What whoever phones a party has to take care of, from what the party said about being told."""

from collections.abc import Mapping

from booking.ledger.safe_contact import SafeContact

HOURS: Mapping[str, str] = {
    "morning": "午前（正午まで）におかけください。",
    "afternoon": "午後（正午から午後5時まで）におかけください。",
    "evening": "夕方（午後5時から）におかけください。",
}


def safe_words(safe: SafeContact, town: str, phone: str) -> list[str]:
    """The sentences, most important first; none where the party said nothing.

    `town` is who calls, `phone` the number to be called back at.
    """
    found = []
    if safe.named is False:
        found.append(
            f"役所（{town}）と名乗らないでください。名字だけを名乗り、用件はご本人にだけ話してください。"
        )
    machine = _machine(safe, town, phone)
    if machine:
        found.append(machine)
    if safe.hours != "any":
        found.append(HOURS[safe.hours])
    if safe.named:
        found.append(f"ほかの方が出たときも、{town}と名乗ってかまいません。")
    return found


def _machine(safe: SafeContact, town: str, phone: str) -> str:
    """What to leave on an answering machine; nothing of what it is about, whatever was said."""
    who = "○○です" if safe.named is False else f"{town}の○○です"
    if safe.voicemail is False:
        return "留守番電話には何も残さないでください。"
    if safe.voicemail:
        back = f"{phone}までお電話ください" if phone else "またお電話します"
        return f"留守番電話には「{who}。ご予約のことでお電話しました。{back}。」と残せます。"
    return (
        f"留守番電話には「{who}。またお電話します。」とだけ残してください。"
        if safe.named is False
        else ""
    )
