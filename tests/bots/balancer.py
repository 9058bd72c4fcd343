"""What stands between Telegram and the bots: one address, and behind it processes that take turns."""

import socket
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from threading import Thread

import requests

from tests.harness.system import HANG_S


class Balancer:
    """Passes each POST on to the next of its backends that is there; 502 where none is, as nginx does.

    One that ``forbids`` answers 403 by itself, as a firewall does.
    """

    def __init__(self) -> None:
        self.ports = [_free_port(), _free_port()]
        self.served = [0, 0]
        self.forbids = False
        self._turn = count()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/telegram"

    def close(self) -> None:
        """Close the address."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def _pass_on(self, path: str, body: bytes, headers: dict[str, str]) -> int:
        if self.forbids:
            return 403
        first = next(self._turn)
        for place in (first % 2, (first + 1) % 2):
            try:
                with requests.Session() as session:
                    session.trust_env = False
                    url = f"http://127.0.0.1:{self.ports[place]}{path}"
                    answer = session.post(url, data=body, headers=headers, timeout=HANG_S)
            except requests.RequestException:
                continue
            self.served[place] += answer.ok
            return answer.status_code
        return 502

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        pass_on = self._pass_on

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                kept = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                self.send_response(pass_on(self.path, body, kept))
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        return Handler


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
