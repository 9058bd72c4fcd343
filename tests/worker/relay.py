"""A machine between Naryad and the sandbox: it passes on what it is asked for, as a proxy does, and may change it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import requests

from tests.harness.system import HANG_S

KEPT = ("content-type", "authorization")


class Relay(ThreadingHTTPServer):
    """Passes requests on to ``target``; ``date`` stands in its answers, ``asked`` are the paths it has seen."""

    daemon_threads = True

    def __init__(self, target: str, date: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Passing)
        self.target, self.date, self.asked = target, date, list[str]()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.server_port}"


class _Passing(BaseHTTPRequestHandler):
    server: Relay

    def _pass_on(self) -> None:
        body = self.rfile.read(int(self.headers.get("content-length") or 0))
        parts = urlsplit(self.path)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        self.server.asked.append(self.path)
        session = requests.Session()
        session.trust_env = False
        headers = {name: value for name, value in self.headers.items() if name.lower() in KEPT}
        answer = session.request(self.command, self.server.target + path, data=body, headers=headers, timeout=HANG_S)
        self.send_response_only(answer.status_code)
        self.send_header("Date", self.server.date or answer.headers["date"])
        self.send_header("Content-Type", answer.headers.get("content-type", ""))
        self.send_header("Content-Length", str(len(answer.content)))
        self.end_headers()
        self.wfile.write(answer.content)

    do_GET = do_POST = _pass_on  # noqa: N815  the names are http.server's

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def relay(target: str, date: str = "") -> Iterator[Relay]:
    """Run a relay."""
    with Relay(target, date) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
