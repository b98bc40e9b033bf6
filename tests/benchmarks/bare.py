"""The peer of the reads: a bare Litestar handler that answers with the same bytes, under granian.

`python -m tests.benchmarks.bare PORT FILE MEDIA_TYPE`
"""

import sys
from pathlib import Path

from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels
from litestar import Litestar, Response, get


def app() -> Litestar:
    """One handler, ready bytes."""
    body, media_type = Path(sys.argv[2]).read_bytes(), sys.argv[3]

    @get("/", sync_to_thread=False)
    def handler() -> Response[bytes]:
        return Response(body, media_type=media_type)

    return Litestar([handler], openapi_config=None)


if __name__ == "__main__":
    server = Granian(
        "bare",
        port=int(sys.argv[1]),
        interface=Interfaces.ASGI,
        factory=True,
        log_access=False,
        log_level=LogLevels.warning,
    )
    server.serve(target_loader=app, wrap_loader=False)
