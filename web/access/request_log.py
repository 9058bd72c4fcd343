"""One log line per request: never the query (it holds tracking keys), never a body."""

import time
from urllib.parse import quote

import structlog
from flask import Flask, Response, g, request

from record.logs import get_logger

log = get_logger(__name__)
QUIET = ("/static/", "/healthz", "/metrics")


def log_requests(app: Flask) -> None:
    """Log method, path, status and milliseconds of every request; routine ones only at
    DEBUG.
    """

    @app.before_request
    def _start() -> None:
        # each thread of the server has its own context
        structlog.contextvars.bind_contextvars(process="web")
        g.started = time.perf_counter()

    @app.after_request
    def _line(response: Response) -> Response:
        routine = request.path.startswith(QUIET) and response.status_code < 500
        ms = round(
            (time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1
        )
        say = log.debug if routine else log.info
        say(
            "request",
            method=request.method,
            path=quote(request.path),
            status=response.status_code,
            ms=ms,
        )
        return response
