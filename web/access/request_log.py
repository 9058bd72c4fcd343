"""One log line per request: never the query (it holds tracking keys), never a body."""

import logging
import time
from urllib.parse import quote

import structlog
from flask import Flask, Response, g, request

from record.logs import get_logger

log = get_logger(__name__)
QUIET = ("/static/", "/healthz", "/metrics")


def log_requests(app: Flask) -> None:
    """Log method, path, status and milliseconds of each request, routine ones at DEBUG."""

    @app.before_request
    def _start() -> None:
        # each thread of the server has its own context
        structlog.contextvars.bind_contextvars(process="web")
        g.started = time.perf_counter()

    @app.after_request
    def _line(response: Response) -> Response:
        now = time.perf_counter()
        seconds = now - g.get("started", now)
        level = logging.INFO
        if request.path.startswith(QUIET) and response.status_code < 500:
            level = logging.DEBUG
        log.log(
            level,
            "request",
            method=request.method,
            # a line break in it would forge a line of the log
            path=quote(request.path),
            status=response.status_code,
            ms=round(seconds * 1000, 1),
        )
        return response
