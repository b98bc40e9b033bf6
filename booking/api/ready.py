"""A kept answer on its way out: bytes as they are, with no further ceremony."""

from litestar.types import Receive, Scope, Send

from booking.http import Bytes, etag_matches

NAME, VALUE = 0, 1


class ReadyAnswer:
    """Sends kept bytes, or 304 to who has them. An ASGI app, which Litestar takes as an answer.

    Building a Response takes longer than all else that a kept answer needs.
    """

    __slots__ = ("_headers", "_kept")

    def __init__(self, kept: Bytes, media_type: bytes, cache_control: bytes) -> None:
        """Send `kept` with these headers."""
        self._kept = kept
        self._headers = [
            (b"content-type", media_type),
            (b"cache-control", cache_control),
            (b"etag", kept.etag.encode()),
        ]

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer a request."""
        body = self._kept.body
        headers = self._headers
        status = 304 if etag_matches(_if_none_match(scope), self._kept.etag) else 200
        if status == 304:
            body = b""
        else:
            headers = [*headers, (b"content-length", str(len(body)).encode())]
        if scope.get("method") == "HEAD":
            body = b""
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body, "more_body": False})


def _if_none_match(scope: Scope) -> str | None:
    """The header, all its lines in one; read from the raw ones, since that's the only one wanted."""
    found = [one[VALUE] for one in scope["headers"] if one[NAME] == b"if-none-match"]
    return b",".join(found).decode("latin-1") if found else None
