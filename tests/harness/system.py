"""The whole system for tests: real processes over HTTP, a person at the sheet, people in their chats."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, TypeVar

import gspread
import requests
from gspread.utils import ValueInputOption, ValueRenderOption

from tests.harness.databases import databases
from tests.harness.processes import Process
from tests.harness.staff import google_of

T = TypeVar("T")
CLIENT_BOT, MASTER_BOT = "1001:sandbox-client", "1002:sandbox-master"
SPREADSHEET = "naryad-demo"
ADMIN = 900
COMMANDS = {
    "worker": ["worker", "run"],
    "second worker": ["worker", "run"],
    "second client": ["bots", "client"],
    "client": ["bots", "client"],
    "master": ["bots", "master"],
    "second master": ["bots", "master"],
    "web": ["web"],
    "second web": ["web"],
    "third web": ["web"],
}


HANG_S = 180  # a wait ends when its condition holds; this is only for what hangs


def wait_for(condition: Callable[[], T | None], what: str, timeout: float = HANG_S) -> T:
    """Return the condition's first true value; fail with what was waited for when it never comes."""
    deadline, pause = time.monotonic() + timeout, 0.02
    while time.monotonic() < deadline:
        if found := condition():
            return found
        time.sleep(pause)
        pause = min(pause * 1.2, 0.1)  # who looks all the time takes the processor from what is waited for
    raise AssertionError(f"not within {timeout:g} s: {what}")


class System:
    """A sandbox and the product's processes around it, all on ports and files of their own."""

    def __init__(self, folder: Path, **settings: str) -> None:
        self.folder = folder
        self._processes: dict[str, Process] = {}
        self._stores: dict[Path, str] = {}
        self.url = ""
        self.sites: dict[str, str] = {}
        self.settings = settings
        self._sandbox()

    def _sandbox(self) -> None:
        self._begin("sandbox", ["sandbox", "--port", "0"], self._plain())
        self.url = self._address("sandbox")
        self.http = requests.Session()
        self.http.trust_env = False

    @staticmethod
    def _plain() -> dict[str, str]:
        return {name: value for name, value in os.environ.items() if not name.startswith(("NARYAD_", "TELEGRAM_"))}

    @property
    def store_url(self) -> str:
        """The address of the store of the folder; what kind it is of is settled when it is first asked for."""
        if self.folder not in self._stores:
            self._stores[self.folder] = databases.url(self.folder)
        return self._stores[self.folder]

    def forget(self) -> None:
        """Delete the store, as a person may do while nothing runs."""
        databases.forget(self.folder)

    @property
    def env(self) -> dict[str, str]:
        """The environment that the product's processes run in."""
        return {
            **self._plain(),
            "NARYAD_SHEETS__API_URL": self.url,
            "NARYAD_TELEGRAM__API_URL": self.url,
            "NARYAD_STORE__URL": self.store_url,
            "NARYAD_POLLING__INTERVAL_S": "0.5",
            "NARYAD_POLLING__SETTLE_S": "0.3",
            "NARYAD_POLLING__REGRET_S": "0",
            "NARYAD_POLLING__STATISTICS_S": "0.5",
            "NARYAD_SHEETS__READS_PER_MINUTE": "6000",
            "NARYAD_SHEETS__WRITES_PER_MINUTE": "6000",
            "NARYAD_SHEETS__MARK_S": "3600",  # else it would meet the faults and edits meant for others' writes
            "NARYAD_SHEETS__UNCLEAR_REST_S": "0",  # the sandbox thinks of nothing longer than it is told to
            "NARYAD_TELEGRAM__MESSAGES_PER_SECOND": "1000",  # nobody here talks at the pace of people
            "NARYAD_TELEGRAM__CHAT_MESSAGES_PER_SECOND": "1000",
            "NARYAD_WEB__ORDERS_PER_PERSON": "0",  # one chat and one phone serve many clients here
            "NARYAD_WEB__ORDERS_PER_PHONE": "0",
            "NARYAD_WEB__PORT": "0",
            "TELEGRAM_CLIENT_BOT_TOKEN": CLIENT_BOT,  # said here, a .env of the machine's owner has no say
            "TELEGRAM_MASTER_BOT_TOKEN": MASTER_BOT,
            "GOOGLE_APPLICATION_CREDENTIALS": "",
            "SECRET_KEY": "",
            "ADMIN_PASSWORD_HASH": "",
            "NARYAD_LOGS__FORMAT": "json",
            "NARYAD_BACKUP__FOLDER": f"{self.folder}/backup",
            "METRICS_TOKEN": "",
            **self.settings,
        }

    # Processes

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the product to its end."""
        out, err = (self.folder / f"command.{kind}" for kind in ("out", "log"))
        err.unlink(missing_ok=True)
        process = Process(list(arguments), self.env, out, err)
        code = process.wait(timeout=HANG_S)
        return subprocess.CompletedProcess(arguments, code, process.said(), err.read_text(encoding="utf-8"))

    def start(self, *names: str) -> None:
        """Start processes of the product: worker, client, master, web."""
        for name in names:
            self._begin(name, COMMANDS[name], self.env)
        self.sites |= {name: self._address(name) for name in names if COMMANDS[name] == ["web"]}

    def _begin(self, name: str, command: list[str], env: dict[str, str]) -> None:
        out, err = (self.folder / f"{name}.{kind}" for kind in ("out", "log"))
        self._processes[name] = Process(command, env, out, err)

    def _address(self, name: str) -> str:
        """Return where a process says that it listens, once it does."""
        process = self._processes[name]
        wait_for(lambda: "\n" in process.said() or not process.lives(), f"{name} to listen")
        found = re.match(r"\w+ listening on (http://\S+)\n", process.said())
        assert found, process.said() + self.log(name)
        return found[1]

    @property
    def site(self) -> str:
        """The address of the site."""
        return self.sites["web"]

    def freeze(self, name: str) -> None:
        """Let a process stand still."""
        self._processes[name].send_signal(signal.SIGSTOP)

    def thaw(self, name: str) -> None:
        """Let a frozen process go on."""
        self._processes[name].send_signal(signal.SIGCONT)

    def untaken(self, bot: str) -> int:
        """Return how many updates Telegram keeps for a bot that has not taken them yet."""
        answer = self.http.get(f"{self.url}/bot{bot}/getWebhookInfo")
        return int(answer.json()["result"]["pending_update_count"])

    def runs(self, name: str) -> bool:
        """Say whether a process was started and not ended."""
        return name in self._processes

    def lives(self, name: str) -> bool:
        """Say whether a process has not ended by itself, nor was it killed by another."""
        return self._processes[name].lives()

    def end(self, name: str, how: signal.Signals = signal.SIGTERM) -> int:
        """End one process and return its exit code."""
        process = self._processes.pop(name)
        process.send_signal(how)
        return process.wait(timeout=HANG_S)

    def dies(self, name: str) -> int:
        """Return the exit code of a process once it has ended by itself."""
        process = self._processes.pop(name)
        return process.wait(timeout=HANG_S)

    def end_all(self) -> None:
        """End everything but the sandbox."""
        for name in [name for name in reversed(self._processes) if name != "sandbox"]:
            self.end(name)

    def close(self) -> None:
        """End everything, the sandbox last."""
        self.end_all()
        self.end("sandbox")
        self.http.close()

    def log(self, name: str) -> str:
        """Return what a process has logged."""
        return (self.folder / f"{name}.log").read_text(encoding="utf-8")

    # The sheet, as staff see it

    def staff(self, who: str = "staff") -> gspread.Spreadsheet:
        """Return the spreadsheet as a person's own gspread opens it."""
        return google_of(who, self.url).open_by_key(SPREADSHEET)

    def rows(self, title: str) -> list[dict[str, Any]]:
        """Return a worksheet's rows by header, as values."""
        values = self.staff().worksheet(title).get_values(value_render_option=ValueRenderOption.unformatted)
        header, *rows = values or [[]]
        return [dict(zip(header, row, strict=False)) for row in rows if any(cell != "" for cell in row)]

    def order(self, **wanted: Any) -> dict[str, Any]:
        """Return the one order whose cells are as wanted, once there is one."""

        def find() -> dict[str, Any] | None:
            rows = [row for row in self.rows("Заявки") if all(row.get(k) == v for k, v in wanted.items())]
            return rows[0] if len(rows) == 1 else None

        return wait_for(find, f"an order with {wanted}")

    def type_row(self, title: str, **cells: Any) -> None:
        """Type a row below the others, as a person does.

        Without ``table_range`` Google takes a column of keys, apart from the rest while no master has the orders, for
        a table of its own, and appends below that.
        """
        worksheet = self.staff().worksheet(title)
        row = [cells.get(name, "") for name in worksheet.row_values(1)]
        worksheet.append_row(row, value_input_option=ValueInputOption.user_entered, table_range="A1")

    def type_cell(self, order_id: object, column: str, value: Any) -> None:
        """Type into one cell of an order's row, as a person does."""
        worksheet = self.staff().worksheet("Заявки")
        header = worksheet.row_values(1)
        ids = worksheet.col_values(header.index("ID") + 1)
        worksheet.update_cell(ids.index(str(order_id)) + 1, header.index(column) + 1, value)

    # The chats

    def post(self, path: str, **body: Any) -> Any:
        """Make a control call of the sandbox."""
        answer = self.http.post(f"{self.url}/sandbox/{path}", json=body)
        assert answer.ok, answer.text
        return answer.json()

    def person(self, person: int, name: str, phone: str = "") -> None:
        """Let a person with a Telegram account exist."""
        self.post("telegram/people", id=person, first_name=name, **({"phone": phone} if phone else {}))

    def say(self, bot: str, person: int, text: str = "", *, contact: bool = False) -> None:
        """Let a person write to a bot, or share the own contact."""
        said: dict[str, Any] = {"contact": True} if contact else {"text": text}
        self.post("telegram/say", bot=bot, person=person, **said)

    def sends(self, bot: str, person: int, content: Any, **more: Any) -> list[int]:
        """Let a person send fields of a Bot API message, or an album of them; return the messages' numbers."""
        answer = self.post("telegram/say", bot=bot, person=person, content=content, **more)
        return list(answer["message_ids"])

    def edits(self, bot: str, person: int, message_id: int, text: str) -> None:
        """Let a person change a message of theirs."""
        self.post("telegram/say", bot=bot, person=person, edit={"message_id": message_id, "text": text})

    def forges(self, bot: str, person: int, data: str, message_id: int = 0) -> None:
        """Let a person's app send callback data of its own making, of any message or of none."""
        self.post("telegram/press", bot=bot, person=person, message_id=message_id, data=data)

    def chat(self, bot: str, person: int) -> list[dict[str, Any]]:
        """Return a conversation."""
        answer = self.http.get(f"{self.url}/sandbox/telegram/chat", params={"bot": bot, "person": str(person)})
        return list(answer.json()) if answer.ok else []

    def heard(self, bot: str, person: int, text: str) -> list[dict[str, Any]]:
        """Return the bot's messages to a person that contain a text."""
        return [m for m in self.chat(bot, person) if m["from"] == "bot" and text in m["text"].replace("\xa0", " ")]

    def hears(self, bot: str, person: int, text: str, timeout: float = HANG_S) -> dict[str, Any]:
        """Return the bot's last message that contains a text, once there is one."""
        try:
            return wait_for(lambda: self.heard(bot, person, text), f"{person} hears «{text}»", timeout)[-1]
        except AssertionError as error:
            talk = "\n".join(f"{m['from']}: {m['text']}" for m in self.chat(bot, person))
            raise AssertionError(f"{error}; the chat is:\n{talk}") from None

    def press(self, bot: str, person: int, message: dict[str, Any], label: str) -> None:
        """Press a button under a message, or of the reply keyboard that came with it."""
        self.post("telegram/press", bot=bot, person=person, message_id=message["message_id"], text=label)

    def masters(self, *people: tuple[int, str, str]) -> None:
        """Let masters stand in «Мастера», active, each known to the bot."""
        for number, (person, name, phone) in enumerate(people, start=1):
            self.person(person, name, phone)
            self.say(MASTER_BOT, person, "/start")
            row = {"ID": number, "Имя": name, "Телефон": phone, "Telegram": person, "Активен": True}
            self.type_row("Мастера", **row)


def labels(message: dict[str, Any]) -> list[str]:
    """Return the labels of a message's inline buttons."""
    rows: Iterable[Iterable[dict[str, Any]]] = message["buttons"] or []
    return [button["text"] for row in rows for button in row]
