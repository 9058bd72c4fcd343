"""Deadlines of connections, on a plain application: who is closed when, and that nothing begun is lost."""

import os
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

import pytest

from tests.harness.system import HANG_S, wait_for
from web import connections
from web.connections import HttpServer

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n"
BODY_LIMIT = 10_000


@contextmanager
def serving(app: Callable[..., Iterable[bytes]] | None = None) -> Iterator[tuple[tuple[str, int], HttpServer]]:
    """Serve an application on a port of its own."""
    listener = socket.create_server(("127.0.0.1", 0))
    place = listener.getsockname()
    served = HttpServer(app or echo, listener, 4, BODY_LIMIT)
    thread = threading.Thread(target=served.serve)
    thread.start()
    try:
        yield place, served
    finally:
        served.stop()
        thread.join(20)


def echo(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
    """Answer with the body."""
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
    return [body]


def ask(place: tuple[str, int], body: bytes = b"hello") -> tuple[int, bytes]:
    """Make a whole request."""
    connection = HTTPConnection(*place, timeout=HANG_S)
    connection.request("POST", "/", body)
    answer = connection.getresponse()
    found = answer.status, answer.read()
    connection.close()
    return found


def ended(connection: socket.socket) -> bool:
    """Say whether the other side has closed a connection."""
    connection.setblocking(False)  # noqa: FBT003  the standard library's own signature
    try:
        return connection.recv(1000) == b""
    except BlockingIOError:
        return False
    except ConnectionError:
        return True


def test_a_request_that_drips_is_given_up_and_one_that_is_whole_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "WHOLE_S", 1.0)
    monkeypatch.setattr(connections, "CHECK_EVERY_S", 0.1)
    with serving() as (place, _), socket.create_connection(place) as dripping:
        began = time.monotonic()

        def drips() -> bool:
            if ended(dripping):
                return True
            dripping.send(b"X")
            time.sleep(0.05)
            return False

        dripping.sendall(HEAD)
        wait_for(drips, "the dripping request to be given up")
        assert time.monotonic() - began >= 0.9
        assert ask(place) == (200, b"hello")


def test_a_connection_that_says_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "IDLE_S", 0.5)
    monkeypatch.setattr(connections, "CHECK_EVERY_S", 0.1)
    with serving() as (place, _), socket.create_connection(place) as silent:
        wait_for(lambda: ended(silent), "the silent connection to be closed")


def test_where_sockets_run_out_whoever_has_waited_longest_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(connections, "SOCKETS", 50)
    with serving() as (place, served), ExitStack() as stack:
        held = []
        for _ in range(120):
            held.append(stack.enter_context(socket.create_connection(place)))
            held[-1].sendall(HEAD)
        assert ask(place) == (200, b"hello")
        wait_for(lambda: ended(held[0]), "the first to be closed")
        assert len(served.active_channels) <= 51
        assert not ended(held[-1])


def test_a_body_that_is_too_long_is_the_applications_to_refuse() -> None:
    """Its length is told, it is not read; and one without a length is not read for ever."""
    seen: list[str] = []

    def refuses(environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        seen.append(environ["CONTENT_LENGTH"])
        start_response("413 Too Large", [("Content-Length", "4")])
        return [b"page"]

    with serving(refuses) as (place, _), socket.create_connection(place, timeout=HANG_S) as wire_:
        wire_.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9000000000\r\n\r\n")
        assert b" 413 " in wire_.recv(1000)
        with socket.create_connection(place, timeout=HANG_S) as chunked:
            chunked.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n")
            chunked.sendall(b"1000\r\n" + b"a" * 0x1000 + b"\r\n")
            chunked.sendall((b"1000\r\n" + b"a" * 0x1000 + b"\r\n") * 4)
            assert b" 413 " in chunked.recv(1000)
    assert seen[0] == "9000000000"
    assert int(seen[1]) > BODY_LIMIT


@pytest.mark.parametrize(
    "said",
    [
        b"GET /secret\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
        b"GET / HTTP/2.0\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: 5, 6\r\n\r\n",
        b"POST / HTTP/1.1\r\nTransfer-Encoding: gzip\r\n\r\n",
        b"GET / HTTP/1.1\r\n" + b"X-Long: " + b"a" * 40_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: x\r\nBroken\r\n\r\n",
    ],
)
def test_what_is_no_request_is_refused_in_words_that_repeat_nothing(said: bytes) -> None:
    with serving() as (place, _), socket.create_connection(place, timeout=HANG_S) as connection:
        connection.sendall(said)
        answer = HTTPResponse(connection)
        answer.begin()
        assert answer.status in {400, 431, 501}
        text = answer.read().decode()
    assert "Не получилось понять запрос" in text
    assert "secret" not in text


def test_what_was_begun_is_answered_when_it_is_told_to_stop() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(_environ: dict[str, Any], start_response: Callable[..., Any]) -> list[bytes]:
        begun.set()
        go_on.wait(20)
        start_response("200 OK", [("Content-Length", "4")])
        return [b"done"]

    found: list[tuple[int, bytes]] = []
    with serving(slow) as (place, served):
        asking = threading.Thread(target=lambda: found.append(ask(place)))
        asking.start()
        assert begun.wait(20)
        served.stop()
        go_on.set()
        asking.join(20)
    assert found == [(200, b"done")]


def test_told_to_stop_once_more_it_writes_to_nobody_elses_file(tmp_path: Path) -> None:
    with serving() as (_, served):
        trigger = served.trigger.trigger
        served.stop()
        wait_for(lambda: not is_open(trigger), "the trigger to be closed")
        with (tmp_path / "another").open("wb") as another:
            os.dup2(another.fileno(), trigger)
            served.stop()
            os.close(trigger)
        assert (tmp_path / "another").read_bytes() == b""


def is_open(number: int) -> bool:
    """Say whether a number is an open file of this process."""
    try:
        os.fstat(number)
    except OSError:
        return False
    return True
