"""Files of days from staff's programs: what they would do, and doing it, all or nothing."""

from datetime import date
from typing import Annotated, Any, Literal

import msgspec
from litestar import Response, post
from litestar.params import JSONBody
from msgspec import Meta, Struct

from booking.api.bookings import IdempotencyKey
from booking.api.documents import BODY, documented
from booking.api.keys import StaffRequest, may_act
from booking.api.reading import JsonBody, read_idempotency_key
from booking.api.room import Api, TheApi
from booking.api.staff import KEY, MAY_ACT, PRIVATE
from booking.api.staff_changes import TOUCHING, DeskChangeShape, change_shape
from booking.desks.dated_files import MOST_BYTES, DatedFile, read_dated_file
from booking.errors import FieldError, Invalid
from booking.ledger import desk_changes
from booking.ledger.dated_imports import (
    Effect,
    Foreseen,
    Passed,
    Wanted,
    changes_from,
    consultations_of,
    foreseen,
)
from slots.zone import local_date

# JSON may write a letter of Japanese in six bytes, where UTF-8 takes three.
MOST_IMPORT_BYTES = 2 * MOST_BYTES


class ImportIn(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A file of days, and what they are to become at a consultation or desk (`scope`).

    `file` is the text of an iCalendar file, of the Cabinet Office's holidays, or of a list with a
    day a line; what begins after `until` is left out. `who` is absent; `start` and `end` are the
    times of extra sessions whose day has none; `text` is told of every change, or the file's own
    words where `titles` says so. `seen` is what the preview said, where it matters that the bookings
    are still the same; `bookings` and `reason` are as for one change.
    """

    scope: Annotated[str, Meta(examples=["shibukawa/lawyer/legal"])]
    kind: Literal["closures", "absences", "extra_sessions"]
    file: Annotated[str, Meta(examples=["2026-12-29,2027-01-03,年末年始\n"])]
    who: str = ""
    fiscal_year: Annotated[int, Meta(ge=2000, le=2099)] | None = None
    until: date | None = None
    start: str = ""
    end: str = ""
    text: str = ""
    titles: bool = False
    bookings: Literal["keep", "follow"] | None = None
    reason: str = ""
    seen: str | None = None


class EffectShape(Struct, frozen=True):
    """What one change would do: sessions by key, bookings by reference.

    `note` is `outside` where there is no session, `closed` where all of them are closed already.
    """

    change: dict[str, Any]
    sessions: list[str]
    follow: list[str]
    lost: list[str]
    note: str


class PassedShape(Struct, frozen=True):
    """Days that become nothing: `standing` already, `occupied` by a session, or `unserved`."""

    line: int
    first: date
    last: date
    why: str


class ForeseenShape(Struct, frozen=True):
    """What the days of a file would do. `left_out` counts what is over, cancelled, or there twice."""

    changes: list[EffectShape]
    passed: list[PassedShape]
    left_out: dict[str, int]
    seen: str


@post(
    "/changes/import/preview",
    dto=JsonBody,
    request_max_body_size=MOST_IMPORT_BYTES,
    sync_to_thread=True,
    **documented(
        "preview_import",
        "staff",
        ForeseenShape,
        "What it would do. Nothing is changed.",
        *KEY,
        *BODY,
        "invalid",
    ),
)
def preview_import(
    request: StaffRequest, api: TheApi, data: JSONBody[ImportIn]
) -> Response[ForeseenShape]:
    """Foresee what the days of a file would do; a broken file is refused whole, with its lines."""
    file, several, passed = _read(api, data, request.user.organisation)
    found = foreseen(api.ledger, data.scope, data.kind, several) if several else Foreseen((), "")
    shape = ForeseenShape(
        [_effect(one) for one in found.effects],
        [_passed(one) for one in passed],
        dict(file.left_out),
        found.mark,
    )
    return Response(shape, headers=PRIVATE)


@post(
    "/changes/import",
    guards=[may_act],
    dto=JsonBody,
    request_max_body_size=MOST_IMPORT_BYTES,
    sync_to_thread=True,
    **documented(
        "import_changes",
        "staff",
        list[DeskChangeShape],
        "All hold from now on. The same answer under the same key.",
        *MAY_ACT,
        *BODY,
        *TOUCHING,
        "changed-meanwhile",
        "invalid",
        "key-reused",
        status=201,
    ),
)
def import_changes(
    request: StaffRequest,
    api: TheApi,
    data: JSONBody[ImportIn],
    idempotency_key: IdempotencyKey = "",
) -> Response[list[DeskChangeShape]]:
    """Change a desk or consultation on the days of a file, on all of them or none."""
    key = read_idempotency_key(idempotency_key)
    _, several, _ = _read(api, data, request.user.organisation)
    made = desk_changes.make_all(
        api.ledger,
        data.scope,
        data.kind,
        several,
        actor=request.user.actor,
        bookings_do=data.bookings,
        reason=data.reason,
        key=key,
        seen=data.seen,
        # The file: what it becomes is another thing once it holds.
        asked=msgspec.json.encode(data).decode(),
    )
    shapes = [change_shape(api, one) for one in made]
    return Response(shapes, status_code=201, headers=PRIVATE)


def _read(
    api: Api, data: ImportIn, organisation: str | None
) -> tuple[DatedFile, list[dict[str, Any]], list[Passed]]:
    if organisation is not None and not data.scope.startswith(f"{organisation}/"):
        raise Invalid([FieldError("scope", "unknown")])
    consultations = consultations_of(api.ledger, data.scope)
    zone = consultations[0].zone if consultations else api.ledger.catalogue.desk(data.scope).zone
    file = read_dated_file(
        data.file.encode(errors="replace"),
        zone_name=zone,
        today=local_date(api.ledger.now(), zone),
        fiscal_year=data.fiscal_year,
        until=data.until,
    )
    wanted = Wanted(
        scope=data.scope,
        kind=data.kind,
        who=data.who,
        start=data.start,
        end=data.end,
        text=data.text,
        titles=data.titles,
    )
    return file, *changes_from(api.ledger, wanted, file.stretches)


def _effect(one: Effect) -> EffectShape:
    return EffectShape(
        dict(one.data),
        [session.key for session in one.sessions],
        [booking.reference for booking in one.follow],
        [booking.reference for booking in one.lost],
        one.note,
    )


def _passed(one: Passed) -> PassedShape:
    return PassedShape(one.stretch.line, one.stretch.first, one.stretch.last, one.why)


IMPORTS = [preview_import, import_changes]
