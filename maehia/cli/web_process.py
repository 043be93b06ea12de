"""One web process: uvicorn on a socket that the supervisor listens on (python -m maehia.cli.web_process FD)."""

from __future__ import annotations

import socket
import sys

import uvicorn

from maehia.cli import child, warming


def main(arguments: list[str]) -> None:
    child.follow_parent()
    certificate, key = arguments[1:3] if len(arguments) > 2 else (None, None)
    config = uvicorn.Config(
        "maehia.asgi:application",
        lifespan="off",
        access_log=False,  # addresses of people are not kept; the read log says who saw what
        log_level="warning",
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=10,
        ssl_certfile=certificate,
        ssl_keyfile=key,
    )
    warming.start()
    uvicorn.Server(config).run(sockets=[socket.socket(fileno=int(arguments[0]))])


if __name__ == "__main__":
    main(sys.argv[1:])
