"""Staff's pages of what is to be told: the call list."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler


def routes() -> Sequence[ControllerRouterHandler]:
    """The pages' routes."""
    return ()
