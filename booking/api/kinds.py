"""The kinds of refusals, at the address that a problem's `type` names."""

from litestar import get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from booking.api.documents import documented
from booking.api.problems import ALL, Problem, problem


@get(
    "/problems/{code:str}",
    sync_to_thread=False,
    **documented("problem", "operations", Problem, "What the problem means.", "not-found"),
)
def kind(code: FromPath[str]) -> Problem:
    """What a problem's `type` leads to: its status and sentence, without the facts of a case."""
    if code not in ALL:
        raise NotFoundException
    return problem(code, ALL[code])
