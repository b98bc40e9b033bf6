"""Text as it is kept: one kind of line end, and nothing that nobody sees.

Databases, calendar programs and terminals break on the rest: PostgreSQL takes no NUL, and what some
readers take for the end of a line is a character to others.
"""

import re

LINE_END = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Also marks that nobody sees, and halves of characters, which no database takes.
UNSEEN = re.compile(
    r"[\x00-\x08\x0e-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\ud800-\udfff]"
)


def plain(text: str) -> str:
    r"""`text` without unseen characters and outer spaces; every line end is \n, a tab is a space.

    Names stay as they were written: no NFC.
    """
    return UNSEEN.sub("", LINE_END.sub("\n", text).replace("\t", " ")).strip()
