"""What RFC 9110 wants beside GET and POST, and Litestar leaves out: HEAD, and OPTIONS with all methods."""

from collections.abc import Iterable
from copy import copy

from litestar import Response
from litestar.handlers import HTTPRouteHandler


def beside(handlers: Iterable[HTTPRouteHandler]) -> list[HTTPRouteHandler]:
    """HEAD beside each GET (section 9.1), and OPTIONS whose Allow is complete (section 9.3.7).

    They come first in a router: Litestar's own OPTIONS knows only the handler that came first.
    """
    by_path: dict[str, set[str]] = {}
    heads = []
    for one in handlers:
        if "GET" in one.http_methods:
            heads.append(_head(one))
        for path in one.paths:
            by_path.setdefault(path, {"OPTIONS"}).update(one.http_methods)
            if "GET" in one.http_methods:
                by_path[path].add("HEAD")
    paths: dict[str, list[str]] = {}
    for path, methods in by_path.items():
        paths.setdefault(", ".join(sorted(methods)), []).append(path)
    return [*(_options(among, allow) for allow, among in paths.items()), *heads]


def _head(handler: HTTPRouteHandler) -> HTTPRouteHandler:
    twin = copy(handler)
    twin.http_methods = {"HEAD"}
    twin.include_in_schema = False
    return twin


def _options(paths: list[str], allow: str) -> HTTPRouteHandler:
    async def options() -> Response[None]:
        return Response(None, headers={"Allow": allow})

    return HTTPRouteHandler(paths, http_method="OPTIONS", include_in_schema=False, status_code=204)(
        options
    )
