"""A small desk file, and what is said about it when something in it is changed."""

import tomllib

import pytest

from slots.definition import DefinitionError, parse
from slots.desk import Consultation, Organisation

FILE = """
format = 1

[organisation]
id = "town"
name = "町"
code = "102083"
sender = "町役場"

[[desks]]
id = "lawyer"
name = "弁護士の無料相談窓口"
fee = "無料"

[[desks.contacts]]
channel = "phone"
value = "0279-25-8526"

[[desks.hours]]
channels = ["phone"]
weekly = ["mon", "fri"]
start = "08:30"
end = "17:15"

[[desks.consultations]]
id = "legal"
name = "弁護士の無料相談"
allotment = "date"
slot_minutes = 45
fee = "無料"

[[desks.consultations.openings]]
monthly = { nth = [3], weekday = "sat" }
start = "09:00"
end = "12:00"
"""
HOURS = "desks[0].hours[0]"
LEGAL = "desks[0].consultations[0]"
OPENING = f"{LEGAL}.openings[0]"
RULE = 'monthly = { nth = [3], weekday = "sat" }'


def changed(*changes: tuple[str, str]) -> str:
    """The file above with each old text replaced by the new one."""
    text = FILE
    for old, new in changes:
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return text


def read(text: str = FILE) -> Organisation:
    return parse(tomllib.loads(text))


def consultation_of(text: str) -> Consultation:
    return read(text).desks[0].consultations[0]


def complaints(text: str) -> list[str]:
    with pytest.raises(DefinitionError) as refused:
        read(text)
    return [str(one) for one in refused.value.complaints]
