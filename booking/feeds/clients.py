"""What kind of calendar program asks, of what it calls itself: the kind is kept, its words are not."""

from booking.ledger.private_feeds import Client

# Parts of User-Agent, lower case, as the programs send them; the first that is found counts.
# Thunderbird also says Mozilla, Outlook for Mac also says Mac OS X.
SAY: tuple[tuple[str, Client], ...] = (
    ("google-calendar-importer", "google"),
    ("googlebot", "other"),
    ("google", "google"),
    ("thunderbird", "thunderbird"),
    ("lightning/", "thunderbird"),
    ("outlook", "outlook"),
    ("microsoft office", "outlook"),
    ("microsoft.exchange", "outlook"),
    ("exchange", "outlook"),
    ("dataaccessd", "apple"),
    ("calendaragent", "apple"),
    ("ical/", "apple"),
    ("cfnetwork", "apple"),
)


def client_kind(user_agent: str | None) -> Client:
    """The kind of program that sends `user_agent`; "other" for browsers and whatever else there is."""
    said = (user_agent or "").lower()
    return next((kind for part, kind in SAY if part in said), "other")
