"""The site's connections: waitress, with deadlines of our own.

Waitress reads a request whole before a thread is used.

A request that is sent by halves, dripped, or never sent, and an answer that nobody
reads, cost a socket and nothing else, and that for a bounded time. Where sockets run
out all the same, those that have waited longest for their visitor are closed, so that
whoever comes next is always let in.
"""

import resource
import socket
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from waitress import wasyncore
from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError
from waitress.server import TcpWSGIServer
from waitress.task import ErrorTask, ThreadedTaskDispatcher, WSGITask

from record.logs import get_logger

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

log = get_logger(__name__)

# from the first byte of a request to its last: 256 KB over a bad mobile network
WHOLE_S = 30.0
IDLE_S = 15.0  # a connection may wait so long for its next request
STALLED_S = 30.0  # an answer of which nobody has read a byte for so long
GRACE_S = 5.0  # what is being answered when the site is told to end
CHECK_EVERY_S = 1.0
SOCKETS = 2000
SPARE = 100  # files that the store, its flusher and temporary files need beside sockets
HEADERS_LIMIT = 32 * 1024
IN_MEMORY = 32 * 1024  # of one body; the rest lies in a temporary file
TOO_LONG = 413
REFUSED = (
    "Не получилось понять запрос. Вернитесь на главную страницу и попробуйте ещё раз.\n"
)


class Parser(HTTPRequestParser):  # type: ignore[misc]  # waitress has no types
    """Reads one request; what is not HTTP/1 is refused."""

    def parse_header(self, header_plus: bytes) -> None:
        """Read the first line and the headers; waitress calls it."""
        super().parse_header(header_plus)
        # waitress itself takes any version, and answers HTTP/2.0 as if it were 1.0
        if self.version not in {"1.0", "1.1"}:
            raise ParsingError("Invalid HTTP version")


class BadRequestTask(ErrorTask):  # type: ignore[misc]  # waitress has no types
    """Answers what is no request; nothing of it is shown or logged."""

    def execute(self) -> None:
        """Answer; waitress calls it in a thread."""
        error = self.request.error
        body = REFUSED.encode()
        log.info("bad_request", status=error.code, why=error.body)
        self.status = f"{error.code} {error.reason}"
        headers = {
            "Content-Type": "text/plain; charset=utf-8",
            "X-Content-Type-Options": "nosniff",
        }
        self.response_headers.extend(headers.items())
        self.set_close_on_finish()
        self.content_length = len(body)
        self.write(body)


class PageTask(WSGITask):  # type: ignore[misc]  # waitress has no types
    """Lets the site answer, also what was too long to be read: its own page says so."""

    def execute(self) -> None:
        """Answer; waitress calls it in a thread."""
        if self.request.error:
            # waitress stopped reading the body: Flask answers 413 by the length that was
            # declared, and the connection can't be used for another request
            self.request.headers["CONTENT_LENGTH"] = str(self.request.declared)
            self.set_close_on_finish()
        super().execute()


def task_for_refused(channel: "Channel", request: Any) -> WSGITask | ErrorTask:
    """Return what answers a request that waitress refused."""
    if request.error.code != TOO_LONG:
        return BadRequestTask(channel, request)
    request.declared = max(request.content_length, request.body_bytes_received)
    return PageTask(channel, request)


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """One connection; ``waiting_since`` is when it began to wait for its visitor."""

    parser_class = Parser
    error_task_class = staticmethod(task_for_refused)

    def __init__(self, *arguments: Any, **named: Any) -> None:
        self.waiting_since = time.monotonic()
        super().__init__(*arguments, **named)

    def received(self, data: bytes) -> bool:
        """Take what a visitor has sent; a request's time begins with its first byte."""
        if self.request is None:
            self.waiting_since = time.monotonic()
        return bool(super().received(data))

    @property
    def is_answering(self) -> bool:
        """Whether a request is being answered, or its answer is still on its way."""
        return bool(self.requests or self.total_outbufs_len)

    def overdue(self) -> bool:
        """Return whether its visitor has had all the time that anybody gets."""
        quiet: float = time.time() - self.last_activity
        if self.total_outbufs_len:
            return quiet > STALLED_S
        if self.requests:
            return False
        if self.request is None:
            return quiet > IDLE_S
        return time.monotonic() - self.waiting_since > WHOLE_S


class HttpServer(TcpWSGIServer):  # type: ignore[misc]  # waitress has no types
    """Serves an application on a socket that already listens, until told to stop."""

    channel_class = Channel

    def __init__(
        self,
        app: "WSGIApplication",
        listener: socket.socket,
        threads: int,
        body_limit: int,
    ) -> None:
        self._stopping = False
        self._most = _sockets()
        adjusted = Adjustments(
            threads=threads,
            backlog=512,
            ident=None,
            connection_limit=self._most,
            max_request_header_size=HEADERS_LIMIT,
            # what is a little too long still gets our page
            max_request_body_size=2 * body_limit,
            inbuf_overflow=IN_MEMORY,
            # web/access/security.py knows whom to believe
            clear_untrusted_proxy_headers=False,
            log_socket_errors=False,  # visitors who leave in the midst of an answer
        )
        # a thread sends what it has; the loop that reads everybody need not come to it
        # first
        adjusted.send_bytes = 1
        dispatcher = ThreadedTaskDispatcher()
        dispatcher.set_thread_count(threads)
        super().__init__(
            app,
            map={},
            _sock=listener,
            dispatcher=dispatcher,
            adj=adjusted,
            sockinfo=(
                listener.family,
                listener.type,
                listener.proto,
                listener.getsockname(),
            ),
            bind_socket=False,
        )

    def serve(self) -> None:
        """Serve until :meth:`stop`; then answer what has come whole, and close the rest."""
        checked = time.monotonic()
        while not self._stopping:
            self._loop(timeout=CHECK_EVERY_S)
            if time.monotonic() - checked > CHECK_EVERY_S:
                checked = time.monotonic()
                self._close(Channel.overdue)
        wasyncore.dispatcher.close(self)  # the listening socket alone
        self._close(lambda channel: not channel.is_answering)
        until = time.monotonic() + GRACE_S
        while self._is_answering() and time.monotonic() < until:
            self._loop(timeout=0.1)
        self.task_dispatcher.shutdown(timeout=1)
        wasyncore.close_all(self._map)

    def stop(self) -> None:
        """Serve no longer; any thread or signal handler may call it, more than once."""
        # later the trigger is closed, and its number may be another file's
        if not self._stopping:
            self._stopping = True
            self.pull_trigger()

    def readable(self) -> bool:
        """Take whoever comes."""
        # waitress would let people wait once there are too many connections
        return bool(self.accepting)

    def handle_accept(self) -> None:
        """Let one more in, at the cost of whoever has kept us waiting longest."""
        super().handle_accept()
        if len(self.active_channels) <= self._most:
            return
        longest = self._longest_waiting()
        if longest is not None:
            longest.handle_close()

    def _longest_waiting(self) -> Channel | None:
        channels = self.active_channels.values()
        waiting = [channel for channel in channels if not channel.is_answering]
        return min(waiting, key=lambda channel: channel.waiting_since, default=None)

    def _is_answering(self) -> bool:
        return any(channel.is_answering for channel in self.active_channels.values())

    def _loop(self, timeout: float) -> None:
        """Read and write whatever can be, or wait for that."""
        wasyncore.loop(timeout=timeout, use_poll=True, map=self._map, count=1)

    def _close(self, which: Callable[[Channel], bool]) -> None:
        # a copy, since closing takes a channel out of the list
        for channel in list(self.active_channels.values()):
            if which(channel):
                channel.handle_close()


def _sockets() -> int:
    """Return how many connections to hold; ask for as many files as that needs."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = SOCKETS + SPARE
    if hard != resource.RLIM_INFINITY:
        wanted = min(wanted, hard)
    if soft == resource.RLIM_INFINITY:
        return SOCKETS
    if soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return max(50, min(SOCKETS, soft - SPARE))
