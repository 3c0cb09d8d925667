"""The address: a free port of this machine alone, printed first, until Ctrl-C."""

import socket
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

LOCAL = "127.0.0.1"


def serve(root: Path, tell: Callable[[str], object], port: int = 0) -> None:
    """Answer for a folder until interrupted; ``tell`` is told the address, which opens once."""
    import uvicorn

    from legalaid_sim.studio.app import application

    with socket.socket() as held:
        held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        held.bind((LOCAL, port))
        held.listen(64)
        guard, studio = application(root, held.getsockname()[1])
        try:
            tell(guard.address)
            settings = uvicorn.Config(
                guard, log_level="warning", access_log=False, lifespan="off", server_header=False
            )
            with suppress(KeyboardInterrupt):
                uvicorn.Server(settings).run(sockets=[held])
        finally:
            studio.end()
