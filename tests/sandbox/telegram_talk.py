"""Setup helpers for the Telegram tests: a bot and the people it talks to, over HTTP."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from queue import Queue
from threading import Event, Thread
from typing import Any

import requests

from tests.harness.system import HANG_S
from tests.sandbox.conftest import Sandbox

Json = dict[str, Any]

BOT = "99:TEST"
YULIA = 5
ADMINS = -1001234567890
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1000).to_bytes(4, "big") + (500).to_bytes(4, "big") + b"\x08\x02\0\0\0"
ACCEPT = {"inline_keyboard": [[{"text": "Принять", "callback_data": "y:1"}]]}


class Refused(Exception):
    """The Bot API answered with an error."""

    def __init__(self, response: requests.Response) -> None:
        self.status = response.status_code
        self.body: Json = response.json()
        self.description = str(self.body["description"])
        super().__init__(self.description)


class Talk:
    """One bot in the sandbox and what people do to it."""

    def __init__(self, sandbox: Sandbox, token: str = BOT) -> None:
        self.sandbox = sandbox
        self.token = token

    def bot(self, method: str, **params: Any) -> Any:
        """Call a method the way PTB does: a form whose structured values are JSON."""
        form = {key: value if isinstance(value, str) else json.dumps(value) for key, value in params.items()}
        response = self.sandbox.session.post(
            f"{self.sandbox.url}/bot{self.token}/{method}", data=form, timeout=HANG_S
        )
        body = response.json()
        if response.status_code != 200:
            assert body["ok"] is False
            assert body["error_code"] == response.status_code
            raise Refused(response)
        assert body["ok"] is True
        return body["result"]

    def refused(self, method: str, **params: Any) -> str:
        """Call a method that must be refused; the description without its prefix for 400."""
        try:
            self.bot(method, **params)
        except Refused as refusal:
            return refusal.description.removeprefix("Bad Request: ")
        raise AssertionError(f"{method} was not refused")

    def act(self, name: str, **body: Any) -> Json:
        """A person's act."""
        return self.sandbox.control(f"telegram/{name}", bot=self.token, **body)

    def exists(self, person: int = YULIA, first_name: str = "Юля", **more: Any) -> "Talk":
        """The person exists."""
        self.sandbox.control("telegram/people", id=person, first_name=first_name, **more)
        return self

    def started(self, person: int = YULIA, **more: Any) -> "Talk":
        """The person exists and has pressed Start, which the bot has already seen."""
        self.exists(person, **more)
        self.say("/start", person)
        self.bot("getUpdates", offset=-1)
        self.bot("getUpdates", offset=self.updates()[-1]["update_id"] + 1)
        return self

    def say(self, text: str, person: int = YULIA, **more: Any) -> int:
        """The person types a text; its message id."""
        return int(self.act("say", person=person, text=text, **more)["message_id"])

    def send(self, text: str = "Привет", person: int = YULIA, **more: Any) -> Json:
        """The bot writes to the person."""
        message: Json = self.bot("sendMessage", chat_id=person, text=text, **more)
        return message

    def press(self, message: Json, label: str = "Принять", person: int = YULIA) -> Json:
        """The person presses a button."""
        return self.act("press", person=person, message_id=message["message_id"], text=label)

    def updates(self, **params: Any) -> list[Json]:
        """What waits for the bot."""
        waiting: list[Json] = self.bot("getUpdates", **params)
        return waiting

    def seen(self, person: int = YULIA) -> list[Json]:
        """The chat as the person sees it."""
        lines: list[Json] = self.sandbox.get("/sandbox/telegram/chat", bot=self.token, person=str(person)).json()
        return lines


@contextmanager
def listener(*statuses: int, held: Event | None = None) -> Iterator[tuple[str, "Queue[tuple[Json, str | None]]"]]:
    """A web server that answers POSTs with these statuses, then 200; yields its URL and what arrives.

    With `held` nothing is answered before that is set.
    """
    arrived: Queue[tuple[Json, str | None]] = Queue()
    answers = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            # noted before it is answered: an answer lets the next request come, which another thread notes
            arrived.put((body, self.headers["X-Telegram-Bot-Api-Secret-Token"]))
            if held is not None:
                held.wait()
            self.send_response(answers.pop(0) if answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", arrived
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
