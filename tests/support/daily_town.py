"""A town with one desk and one consultation whose sessions are many and have seats for a crowd."""

DAILY = "testtown/desk/daily"
WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def daily_town(
    *, seats: int, weekly: tuple[str, ...], end: str, on_holiday: str = "skip", **more: str
) -> str:
    """Its desk file: `seats` at each time from nine until `end`; `more` keys of the consultation."""
    named = "".join(f'{key} = "{value}"\n' for key, value in more.items())
    days = ", ".join(f'"{day}"' for day in weekly)
    return f"""
format = 1
[organisation]
id = "testtown"
name = "試験町"
code = "999999"
sender = "試験町役場"
[[desks]]
id = "desk"
name = "相談窓口"
fee = "無料"
[[desks.consultations]]
id = "daily"
name = "相談"
allotment = "slot"
{named}fee = "無料"
slot_minutes = 45
seats = {seats}
[[desks.consultations.openings]]
weekly = [{days}]
start = "09:00"
end = "{end}"
on_holiday = "{on_holiday}"
"""
