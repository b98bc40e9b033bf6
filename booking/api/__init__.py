"""JSON v1."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler


def routes() -> Sequence[ControllerRouterHandler]:
    """The JSON routes."""
    return ()
