"""Who of the staff is asking: a program shows its key in `Authorization: Bearer …`."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotAuthorizedException, PermissionDeniedException
from litestar.params import SkipValidation

from booking.api.room import TheApi
from booking.ledger.access import Staff, staff_of_key


def who_asks(request: Request[Any, Any, Any], api: TheApi) -> Staff:
    """The program that the key stands for. Raises NotAuthorizedException without a live key."""
    scheme, _, key = request.headers.get("authorization", "").partition(" ")
    staff = staff_of_key(api.ledger, key.strip()) if scheme.lower() == "bearer" else None
    if staff is None:
        raise NotAuthorizedException(headers={"WWW-Authenticate": 'Bearer realm="booking"'})
    return staff


def who_acts(staff: "TheStaff") -> Staff:
    """The same, where something is changed. Raises PermissionDeniedException for a viewer."""
    if not staff.may_act:
        raise PermissionDeniedException
    return staff


TheStaff = NamedDependency[SkipValidation[Staff]]
# `staff` may read, `actor` may act; each looks at the key first, whatever else is wrong.
DEPENDENCIES = {
    "staff": Provide(who_asks, sync_to_thread=True),
    "actor": Provide(who_acts, sync_to_thread=False),
}
