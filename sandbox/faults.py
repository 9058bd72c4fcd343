"""Faults on request: a refusal, a wait, a connection lost.

It is lost before or after the request took effect.
"""

import contextlib
import io
import json
import re
import socket
import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, NamedTuple
from urllib.parse import unquote
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from werkzeug.http import HTTP_STATUS_CODES

from sandbox.requests_log import DRIVE, SHEETS, TELEGRAM, TOKEN, RequestsLog, api_of

Bodies = Mapping[str, Callable[[int, str], dict[str, Any]]]
GOOGLE = (SHEETS, DRIVE, TOKEN)


class Fault(NamedTuple):
    """What happens to the next matching requests."""

    api: str
    path: re.Pattern[str]
    status: int | None
    delay_s: float
    drop: str | None

    def matches(self, api: str, url: str) -> bool:
        """Whether a request to the stand-in at this URL is hit."""
        mine = api in GOOGLE if self.api == SHEETS else api == TELEGRAM
        return mine and self.path.search(url) is not None


class Faults:
    """The faults that wait, each for a number of requests."""

    def __init__(self) -> None:
        """No faults."""
        self._lock = threading.Lock()
        self._waiting: list[tuple[Fault, int]] = []
        self._let_go = threading.Event()

    def add(self, body: dict[str, Any]) -> None:
        """Take a fault from a control call; ValueError says what is wrong with it."""
        fault, times = _parse(body)
        with self._lock:
            self._waiting.append((fault, times))

    def clear(self, *, release: bool = False) -> None:
        """Forget all; with ``release`` the requests that are being held go on at once."""
        with self._lock:
            self._waiting.clear()
            if release:
                self._let_go.set()
                self._let_go = threading.Event()

    def hold(self, delay_s: float) -> None:
        """Keep a request waiting so long, or until it is released."""
        with self._lock:
            let_go = self._let_go
        let_go.wait(delay_s)

    def listed(self) -> list[dict[str, Any]]:
        """What waits, with the number of requests left."""
        with self._lock:
            return [
                {
                    "api": fault.api,
                    "path": fault.path.pattern,
                    "times": times,
                    "status": fault.status,
                    "delay_s": fault.delay_s,
                    "drop": fault.drop,
                }
                for fault, times in self._waiting
            ]

    def take(self, api: str, url: str) -> Fault | None:
        """The first fault that hits this request; it is used up by one."""
        with self._lock:
            for index, (fault, times) in enumerate(self._waiting):
                if fault.matches(api, url):
                    self._waiting[index : index + 1] = (
                        [(fault, times - 1)] if times > 1 else []
                    )
                    return fault
        return None


class FaultInjector:
    """WSGI middleware that counts requests to the APIs and lets faults happen to them."""

    def __init__(
        self, app: WSGIApplication, faults: Faults, log: RequestsLog, bodies: Bodies
    ) -> None:
        """`bodies` makes each API's own error body for a status and a path."""
        self._app = app
        self._faults = faults
        self._log = log
        self._bodies = bodies

    def __call__(
        self, environ: WSGIEnvironment, start_response: StartResponse
    ) -> Iterable[bytes]:
        """Handle one request."""
        path = _text(environ.get("PATH_INFO", "/"))
        api = api_of(path)
        _read_ahead(environ)
        if api is None:
            return self._app(environ, start_response)
        if api != TELEGRAM:
            self._log.add(api, environ["REQUEST_METHOD"], path)
        query = unquote(environ.get("QUERY_STRING", ""))
        fault = self._faults.take(api, f"{path}?{query}" if query else path)
        if fault is None:
            return self._app(environ, start_response)
        self._faults.hold(fault.delay_s)
        if api == TELEGRAM and (fault.drop == "before" or fault.status):
            self._log.add_telegram(path)
        if fault.drop == "before":
            _drop(environ)
        if fault.status:
            answer = _refusal(
                fault.status, self._bodies[api](fault.status, path), start_response
            )
        else:
            answer = self._app(environ, _swallow if fault.drop else start_response)
        if fault.drop == "after":
            _finish(answer)
            _drop(environ)
        return answer


def _parse(body: dict[str, Any]) -> tuple[Fault, int]:
    unknown = set(body) - {"api", "path", "times", "status", "delay_s", "drop"}
    if unknown:
        raise ValueError(f"unknown field {min(unknown)!r}")
    api, times, status = body.get("api"), body.get("times", 1), body.get("status")
    delay, drop = body.get("delay_s"), body.get("drop")
    if api not in (SHEETS, TELEGRAM):
        raise ValueError("api must be 'sheets' or 'telegram'")
    if not _is_int(times) or times < 1:
        raise ValueError("times must be a positive integer")
    if status is not None and (not _is_int(status) or not 400 <= status <= 599):
        raise ValueError("status must be an integer from 400 to 599")
    if delay is not None and (
        isinstance(delay, bool)
        or not isinstance(delay, int | float)
        or not 0 <= delay <= 3600
    ):
        raise ValueError("delay_s must be a number of seconds from 0 to 3600")
    if drop not in (None, "before", "after"):
        raise ValueError("drop must be 'before' or 'after'")
    if status is None and delay is None and drop is None:
        raise ValueError("one of status, delay_s, drop is needed")
    try:
        path = re.compile(body.get("path") or "")
    except (re.error, TypeError) as error:
        raise ValueError(f"path is not a regular expression: {error}") from error
    return Fault(api, path, status, float(delay or 0), drop), times


def _is_int(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _text(path: str) -> str:
    return path.encode("latin-1").decode("utf-8", "replace")


def _read_ahead(environ: WSGIEnvironment) -> None:
    """Take the body off the connection.

    What nobody reads would be taken for the next request.
    """
    length = environ.get("CONTENT_LENGTH")
    if length and length.isdigit():
        environ["wsgi.input"] = io.BytesIO(environ["wsgi.input"].read(int(length)))


def _refusal(
    status: int, body: dict[str, Any], start_response: StartResponse
) -> Iterable[bytes]:
    data = json.dumps(body).encode()
    headers = [
        ("Content-Type", "application/json; charset=UTF-8"),
        ("Content-Length", str(len(data))),
    ]
    start_response(f"{status} {HTTP_STATUS_CODES.get(status, 'Unknown')}", headers)
    return [data]


def _swallow(
    _status: str, _headers: list[tuple[str, str]], _exc_info: object = None, /
) -> Callable[[bytes], object]:
    return lambda _data: None


def _finish(answer: Iterable[bytes]) -> None:
    try:
        for _chunk in answer:
            pass
    finally:
        close = getattr(answer, "close", None)
        if close is not None:
            close()


def _drop(environ: WSGIEnvironment) -> None:
    connection = environ.get("werkzeug.socket")
    if connection is not None:
        with contextlib.suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)
    raise ConnectionResetError("dropped on request")
