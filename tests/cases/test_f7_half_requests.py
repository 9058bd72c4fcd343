"""F7: requests that never come whole, and answers that nobody reads, take nothing from others."""

import socket
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.harness.system import HANG_S, wait_for
from tests.web.process import Process

HEAD = b"GET / HTTP/1.1\r\nHost: x\r\nUser-Agent: ha"
FORM = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
BODY = FORM + b"Content-Length: 5000\r\n\r\nname="
CHUNKS = FORM + b"Transfer-Encoding: chunked\r\n\r\n5\r\nname="
PROMISE = FORM + b"Content-Length: 5000\r\nExpect: 100-continue\r\n\r\n"
PROMPT_S = 2
MANY = 200


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Process]:
    """A site of this test's own."""
    running = Process(tmp_path)
    yield running
    running.end()


def place(site: Process) -> tuple[str, int]:
    """Return host and port of a site."""
    host, port = site.url.removeprefix("http://").split(":")
    return host, int(port)


def comes(stack: ExitStack, site: Process, says: bytes) -> socket.socket:
    """Connect, say something and wait."""
    connection = stack.enter_context(socket.create_connection(place(site), timeout=HANG_S))
    connection.sendall(says)
    return connection


def answered(site: Process, path: str = "/") -> tuple[int, float]:
    """Return the status of a page and how long it took."""
    began = time.monotonic()
    connection = HTTPConnection(*place(site), timeout=HANG_S)
    connection.request("GET", path)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    return answer.status, time.monotonic() - began


def answers_promptly(site: Process) -> None:
    """Let a page come as if nobody else were there; a machine that is busy with other things may be slow for long."""

    def prompt() -> bool:
        status, took = answered(site)
        assert status == 200
        return took < PROMPT_S

    wait_for(prompt, "a prompt answer")


def test_f7_two_hundred_half_headers_and_as_many_half_bodies(site: Process) -> None:
    answered(site)
    with ExitStack() as stack:
        for number in range(MANY):
            comes(stack, site, HEAD[: 1 + number % len(HEAD)])
            comes(stack, site, BODY[: len(BODY) - number % 5])
        answers_promptly(site)
        for _ in range(20):
            comes(stack, site, CHUNKS)
            comes(stack, site, PROMISE)
            comes(stack, site, b"")
        answers_promptly(site)
    assert "Traceback" not in site.log()


def test_f7_answers_that_nobody_reads(site: Process) -> None:
    """Pages are asked for many times over and left in the pipe."""
    ask = b"GET /catalog.html HTTP/1.1\r\nHost: x\r\n\r\n"
    with ExitStack() as stack:
        for _ in range(MANY):
            connection = comes(stack, site, b"")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1024)
            connection.sendall(ask * 3)
        answers_promptly(site)
