"""The worker's parts, run one step at a time in this process against the real sandbox; staff at the sheet."""

from typing import Any

from gspread.utils import ValueInputOption

from record.actions.orders import Actions
from record.dispatch.notices import Notice
from record.flush import Flush, Flushed
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import Write
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from record.values import telegram
from tests.harness.staff import Staff
from tests.harness.system import System, wait_for
from worker.init import prepare
from worker.poll import Poller, Report
from worker.statistics import StatisticsJob

ENOUGH = 10


class Office(Staff):
    """A company at work. What staff do here they do through their own gspread, as in a browser."""

    def __init__(self, system: System, *, masters: bool = True) -> None:
        self.system = system
        self.settings = load_settings()
        self.store = Store(self.settings.store.url)
        self.sheet = Sheet(self.settings, self.store)
        prepare(self.sheet)
        super().__init__(system.staff())
        self.restart()
        if masters:
            self.type(MASTERS, ID=1, Имя="Иван Петров", Телефон="+79110000001", Telegram="601", Активен=True)
            self.type(MASTERS, ID=2, Имя="Сергей Ким", Телефон="+79110000002", Telegram="602", Активен=True)

    def close(self) -> None:
        """Leave."""
        self.store.close()

    # The system

    def restart(self, *, forget: bool = False) -> None:
        """Start the worker's parts anew, with the store as it is or deleted."""
        if forget:
            self.store.close()
            self.system.forget()
            self.store = Store(self.settings.store.url)
        self.sheet = Sheet(self.settings, self.store)
        self.poller = Poller(self.store, self.sheet, self.settings)
        self.flusher = Flush(self.store, self.sheet, self.settings)
        self.figures = StatisticsJob(self.store, self.sheet, self.settings)
        self.actions = Actions(self.store, self.settings)

    def poll(self) -> Report:
        """Poll once."""
        return self.poller.poll()

    def flush(self) -> Flushed:
        """Bring all that waits to the sheet."""
        return self.flusher.run()

    def settle(self) -> None:
        """Poll and flush until nothing is left to do."""
        for _ in range(10):
            report = self.poll()
            if report.idle and not self.flush().rounds:
                return
            self.flush()
        raise AssertionError("the sheet and the system never come to rest")

    def begin(self) -> None:
        """Take the baseline and let all that was queued be forgotten, so that a test sees only what comes next."""
        self.settle()
        self.told()

    def told(self) -> list[str]:
        """Return what has been queued since the last look, as `to recipient: kind order`, and count it as sent."""
        with self.store.transaction() as tx:
            due = tx.outbox.due(["master", "client", "admin"])
            for one in due:
                tx.outbox.end(one.id, "sent")
        return [said(one.notice) for one in due]

    def history(self, order_id: object) -> list[str]:
        """Return what happened to an order."""
        with self.store.reading() as tx:
            return [event.what for event in tx.history.of(str(order_id))]

    def owner(self, order_id: object) -> str | None:
        """Return the master who has an order."""
        with self.store.reading() as tx:
            return tx.claims.owner(str(order_id))

    def journal(self, *writes: Write) -> None:
        """Let writes wait for the sheet."""
        with self.store.transaction() as tx:
            for write in writes:
                tx.journal.add(write)

    def accept(self, order_id: object, master_id: str) -> str:
        """Let a master press Accept; return why he is refused, if he is."""
        return self.actions.accept(str(order_id), master_id).refusal

    def deliver(self) -> None:
        """Let the bots send all that waits: the first card of an order fills «Оповещены»."""
        with self.store.reading() as tx:
            due = tx.outbox.due(["master", "client", "admin"])
        for one in due:
            self.actions.sent(one, telegram(1), str(one.id))

    def mend_faults(self) -> None:
        """Let Google work again."""
        self.system.http.delete(f"{self.system.url}/sandbox/faults")

    def mend(self) -> None:
        """Let Google work again, with some quota to spend."""
        self.mend_faults()
        wait_for(lambda: min(self.sheet.left().values()) > ENOUGH, "the quota to be refilled")

    def count(self) -> None:
        """Bring the figures up to date, and let the system see its own writes."""
        self.figures.run()
        self.settle()

    def states(self) -> list[str]:
        """Return the state of every write that no poll has seen yet, and of those that wait or are parked."""
        with self.store.reading() as tx:
            return [write.state for write in tx.journal.unechoed()]

    # Staff at the sheet

    def paste(self, *rows: dict[str, Any], title: str = ORDERS) -> None:
        """Paste rows below the others, as values."""
        lines = [list(row_of(title, row)) for row in rows]
        self.tab(title).append_rows(lines, value_input_option=ValueInputOption.raw, table_range="A1")

    def meanwhile(self, *requests: dict[str, Any]) -> None:
        """Let a person make these changes just before the system's next write."""
        self.system.post("before_write", spreadsheet=self.settings.sheets.spreadsheet_id, requests=list(requests))

    def fault(self, path: str = "", times: int = 1, **what: Any) -> None:
        """Let the next requests to Google that match fail."""
        body = {"api": "sheets", "path": path, "times": times, **what}
        self.system.http.post(f"{self.system.url}/sandbox/faults", json=body).raise_for_status()

    def requests(self) -> tuple[int, int]:
        """Return how many reads and writes Google has seen."""
        seen = self.system.http.get(f"{self.system.url}/sandbox/requests").json()
        return seen["sheets_read"], seen["sheets_write"]

    @property
    def sheet_id(self) -> int:
        """The id of «Заявки», for requests of one's own."""
        return self.tab().id


def offered(number: int) -> list[str]:
    """Return the notices that offer an order to both masters."""
    return [f"master {master}: order_new {number}" for master in (1, 2)]


def said(notice: Notice) -> str:
    """Return a notice as one line."""
    return " ".join(part for part in (f"{notice.to} {notice.recipient}:", notice.kind, notice.order_id) if part)


def order(number: int, **more: Any) -> dict[str, Any]:
    """Return the cells of an order that the masters have been told of."""
    return {
        "ID": number,
        "Дата": 45641.5,
        "Источник": "phone",
        "Имя": f"Клиент {number}",
        "Телефон": f"+790012345{number:02}",
        "Проблема": f"Проблема {number}",
        "Адрес": f"Невского {number}",
        "Статус": "Новая",
        "Оповещены": 45641.6,
        "Telegram": str(500 + number),
        "Ключ": f"key{number}",
        **more,
    }
