"""Whether a town's own words can be used: each is tried on invented bookings before anybody is told.

`messages/` beside the desk files holds organisation/language/kind/part.txt, and
organisation/desk/language/kind/part.txt for one desk alone.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path, PurePosixPath

from jinja2 import TemplateError, TemplateNotFound, TemplateSyntaxError, meta

from booking.desks.catalogue import Catalogue, catalogue_of
from booking.languages import LANGUAGES, Language
from booking.ledger.booking import Booking
from booking.ledger.contact import Contact
from booking.ledger.status import Status
from booking.ledger.targets import place_text
from notifications.view import OVERRIDES, VARIABLES, View, matter_of
from notifications.wording import OWN, PARTS, SMS_UNITS, kinds, own_words, tidy, tried, units
from slots.desk import Organisation
from slots.wishes import Wish
from slots.zone import instant

CHANNELS = ("mail", "line", "letter")
BASE_URL = "https://yoyaku.example.jp"
NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
DAY = date(2026, 12, 19)
STATES: dict[str, tuple[Status, ...]] = {
    "declined": (Status.DECLINED,),
    "cancelled": (Status.CANCELLED_BY_OFFICE, Status.CANCELLED_BY_RESIDENT),
}


@dataclass(frozen=True, kw_only=True)
class _File:
    """A template that a town wrote; `desk` None: for all desks of the organisation."""

    path: Path
    name: str
    organisation: Organisation
    desk: str | None
    language: Language
    kind: str
    part: str


def check_overrides(
    folder: Path, organisations: Iterable[Organisation], *, whole: bool
) -> tuple[list[str], list[str]]:
    """(complaints, warnings) about `folder`/messages, a line each: file: what is wrong; the remedy.

    `whole`: `organisations` are all that the folder defines, so that words for another one are wrong;
    else only theirs are looked at.
    """
    root, known = folder / OVERRIDES, {one.key: one for one in organisations}
    complaints: list[str] = []
    warnings: list[str] = []
    for path in sorted(one for one in root.rglob("*") if one.is_file()):
        name = path.relative_to(root).as_posix()
        if any(part.startswith(".") for part in PurePosixPath(name).parts):
            continue
        if not whole and PurePosixPath(name).parts[0] not in known:
            continue
        found = _read(path, name, known)
        if isinstance(found, str):
            complaints.append(f"{path}: {found}")
            continue
        wrong = _fault(found, root)
        if wrong is not None:
            complaints.append(f"{path}: {wrong}")
        else:
            warnings += [f"{path}: {one}" for one in _doubts(found, root)]
    return complaints, warnings


def samples(organisation: Organisation, kind: str, desk: str | None = None) -> Iterator[View]:
    """Views of invented bookings at each consultation, as they are when `kind` is told.

    With and without a settled time, a date, a place, a phone, wishes.
    """
    catalogue = catalogue_of([organisation])
    for consultation in catalogue.consultations.values():
        if desk is not None and consultation.desk_key != desk:
            continue
        for status in STATES.get(kind, (Status.CONFIRMED, Status.REQUESTED)):
            for booking in _bookings(catalogue, consultation.key, status):
                matter = matter_of(catalogue, BASE_URL, booking, NOW)
                yield View(matter)
                yield View(replace(matter, desk=replace(matter.desk, contacts=())))


def _bookings(catalogue: Catalogue, key: str, status: Status) -> Iterator[Booking]:
    consultation = catalogue.consultation(key)
    start = instant(DAY, datetime.strptime("09:45", "%H:%M").time(), consultation.zone)  # noqa: DTZ007
    settled = Booking(
        id="00000000-0000-4000-8000-000000000000",
        reference="4821-7365",
        token="a" * 32,
        consultation=key,
        status=status,
        revision=2,
        session=f"{key}/{DAY.isoformat()}",
        slot_start=start,
        starts_at=start,
        ends_at=start + timedelta(minutes=45),
        zone=consultation.zone,
        place=place_text(consultation.place) or "例示市民会館 2階（例示市1番地）",
        wish=None,
        wishes=(),
        contact=Contact(name="例 花子", kana="れい はなこ", phone="090-0000-0000"),
        reason="都合のため",
        line_user=None,
        channel="online",
        confirmed_how=None,
        confirmed_by=None,
        confirmed_at=None,
        created_at=NOW,
        changed_at=NOW,
        calendar_sequence=0,
        calendar_changed_at=NOW,
        calendar_starts_at=start,
        calendar_ends_at=start + timedelta(minutes=45),
    )
    yield settled
    yield replace(settled, slot_start=None, wish="09:45", reason=None)
    yield replace(
        settled,
        session=None,
        slot_start=None,
        starts_at=None,
        ends_at=None,
        place=None,
        wishes=(Wish(DAY, "evening"), Wish(DAY)),
    )


def _read(path: Path, name: str, known: dict[str, Organisation]) -> _File | str:
    """The file with what its place says of it, or what is wrong with its place."""
    parts = PurePosixPath(name).parts
    organisation = known.get(parts[0])
    if len(parts) not in (4, 5):
        return (
            "is no message; lay it under organisation/language/kind/part.txt "
            "or organisation/desk/language/kind/part.txt"
        )
    if organisation is None:
        return f"no desk file defines {parts[0]!r}; name the folder like the organisation's id"
    desk = "/".join(parts[:2]) if len(parts) == 5 else None
    if desk is not None and desk not in {one.key for one in organisation.desks}:
        return f"there is no desk {desk!r}; name the folder like the desk's id"
    language, kind, file = parts[-3:]
    if language not in LANGUAGES:
        return f"{language!r} is no language; use one of {', '.join(LANGUAGES)}"
    if kind not in kinds():
        return f"{kind!r} is told to no party; use one of {', '.join(kinds())}"
    if file not in {f"{part}.txt" for part in PARTS}:
        return f"{file!r} is no part; use one of {', '.join(f'{one}.txt' for one in PARTS)}"
    return _File(
        path=path,
        name=f"{OWN}/{name}",
        organisation=organisation,
        desk=desk,
        language=LANGUAGES[language],
        kind=kind,
        part=file.removesuffix(".txt"),
    )


def _fault(file: _File, root: Path) -> str | None:
    """Why the template can't be used, with the remedy; None where it can."""
    try:
        source = file.path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        return "is not UTF-8; save it as UTF-8"
    except OSError as error:
        return f"cannot be read: {error.strerror}; let the program read it"
    if not source.strip():
        return "says nothing; write the words, or remove the file"
    try:
        asked = meta.find_undeclared_variables(own_words(root).parse(source))
    except TemplateSyntaxError as error:
        return f"line {error.lineno}: {error.message}; mend the {{{{ }}}} or {{% %}} there"
    unknown = sorted(asked - _usable(file.part))
    if unknown:
        return f"{unknown[0]!r} is no value; use one of {', '.join(sorted(_usable(file.part)))}"
    for view in samples(file.organisation, file.kind, file.desk):
        for text in _texts(file, root, view):
            if isinstance(text, Exception):
                return _failure(text)
            if not text.strip():
                return "says nothing about some bookings; give each `if` an `else`"
    return None


def _usable(part: str) -> set[str]:
    return {name for name in VARIABLES if name != "reason" or part == "call"}


def _failure(error: Exception) -> str:
    if isinstance(error, TemplateNotFound):
        return (
            f"includes {error.name!r}, which is not there; include what is shipped: ja/details.txt"
        )
    said = error.message if isinstance(error, TemplateError) else str(error)
    return f"fails with some bookings: {said}; try it with values that are none"


def _texts(file: _File, root: Path, view: View) -> Iterator[str | Exception]:
    """What it says on each channel."""
    template = own_words(root).get_template
    for channel in CHANNELS if file.part in ("subject", "body") else (None,):
        try:
            source = template(file.name).render
            yield tried(source, file.language, file.kind, file.part, view, channel) or ""
        except Exception as error:
            # Whatever it is that a template can do wrong is to be said, and the next one looked at.
            yield error


def _doubts(file: _File, root: Path) -> list[str]:
    """What can be used, but is hardly meant: an SMS in two parts, a desk's name on a locked screen."""
    found: set[str] = set()
    for view in samples(file.organisation, file.kind, file.desk):
        matter = view.matter
        for text in _texts(file, root, view):
            said = str(text)
            if file.part == "sms" and units(said) > SMS_UNITS:
                found.add(
                    f"is too long for one SMS with some bookings ({units(said)} of {SMS_UNITS}); "
                    "say less"
                )
            first = tidy("body", said).partition("\n")[0] if file.part == "body" else said
            names = (matter.desk.name, matter.desk.short_name, matter.consultation.name)
            if file.part != "call" and any(name and name in first for name in names):
                found.add("names the desk where others may read it; say ご予約")
    return sorted(found)
