"""Residents' pages."""

from collections.abc import Sequence

from litestar.types import ControllerRouterHandler


def routes() -> Sequence[ControllerRouterHandler]:
    """The residents' routes."""
    return ()


def exception_handlers(pages: object) -> dict:
    """What to answer when a page refuses."""
    return {}
