"""The HTTP server: threads, keep-alive, no delayed answers, no log line per request."""

import socket
from typing import Any

from flask import Flask
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server


class QuietHandler(WSGIRequestHandler):
    """HTTP/1.1 with Nagle's algorithm off.

    Headers and body leave in two sends, which would stall 40 ms otherwise.
    """

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1  # one send for headers and body together

    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Say nothing: whoever drives the sandbox reads /sandbox/requests instead."""


def bind(host: str, port: int) -> socket.socket:
    """A listening socket, or OSError when the address is taken."""
    listener = socket.socket(
        socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM
    )
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
        listener.listen(512)
    except OSError:
        listener.close()
        raise
    return listener


def serve_on(listener: socket.socket, app: Flask) -> BaseWSGIServer:
    """A threaded server on a socket that already listens."""
    host, port = listener.getsockname()[:2]
    return make_server(
        host,
        port,
        app,
        threaded=True,
        request_handler=QuietHandler,
        fd=listener.detach(),
    )
