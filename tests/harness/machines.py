"""A company whose processes run several times over, and what its store and logs tell of them."""

import json
from typing import Any

from record.dispatch.notices import Notice
from record.grid.worksheets import ORDERS
from record.store import Store
from record.store.facts import BASELINE
from tests.harness.databases import server
from tests.harness.staff import CALLER
from tests.harness.system import MASTER_BOT, System, wait_for

IVAN, PETER = 601, 602
MASTERS = ((IVAN, "Иван Петров", "+79110000601"), (PETER, "Пётр Ким", "+79110000602"))


class Machines:
    """Two masters, a spreadsheet, a store; processes are started by the test."""

    def __init__(self, system: System) -> None:
        system.masters(*MASTERS)
        self.system = system
        self.store = Store(system.store_url)

    def close(self) -> None:
        """Leave."""
        self.store.close()

    def start(self, *names: str) -> None:
        """Start processes."""
        self.system.start(*names)

    def one_leads(self) -> None:
        """Start two workers, of whom the first leads and the second stands by."""
        for name, event in (("worker", "poll"), ("second worker", "standby")):
            self.start(name)
            self.waits_for(name, event)

    def knows_the_sheet(self) -> None:
        """Let the bots not wait for a worker's first poll."""
        with self.store.transaction() as tx:
            tx.facts.put(BASELINE, 1.0)

    def type(self, **more: Any) -> None:
        """Type an order."""
        self.system.type_row(ORDERS, **(CALLER | more))

    def events(self, name: str) -> list[dict[str, Any]]:
        """Return what a process has logged."""
        return [json.loads(line) for line in self.system.log(name).splitlines() if line.startswith("{")]

    def logged(self, name: str, event: str) -> list[dict[str, Any]]:
        """Return what a process has logged of an event."""
        return [line for line in self.events(name) if line["event"] == event]

    def waits_for(self, name: str, event: str, times: int = 1) -> None:
        """Wait until a process has logged an event so many times."""
        wait_for(lambda: len(self.logged(name, event)) >= times, f"{name}: {event}")

    def offered(self) -> list[str]:
        """Return which masters were offered which orders, by name; every notice that there ever was."""
        with self.store.reading() as tx:
            found = [notice for number in range(1, 40) for notice, _, _ in tx.outbox.results(str(number))]
        return sorted(f"{notice.recipient} {notice.order_id}" for notice in found if notice.kind == "order_new")

    def are_offered(self, *orders: int) -> None:
        """Wait until both masters were offered these orders; nobody was offered anything twice."""
        expected = sorted(f"{master} {number}" for master in (1, 2) for number in orders)
        wait_for(lambda: len(self.offered()) >= len(expected), f"both masters to be offered {orders}")
        self.polled()
        assert self.offered() == expected

    def polled(self) -> None:
        """Wait until two polls that began after this moment have ended."""

        def polls() -> float:
            with self.store.reading() as tx:
                return tx.runs.last("poll", 1)[0].at

        for _ in range(2):
            before = polls()
            wait_for(lambda: polls() > before, "another poll")

    def cards(self, person: int) -> list[str]:
        """Return the first lines of all that a master has got, oldest first."""
        chat = self.system.chat(MASTER_BOT, person)
        return [message["text"].splitlines()[0] for message in chat if message["from"] == "bot"]

    def tells(self, person: int, *texts: str) -> None:
        """Let notices wait for a chat."""
        with self.store.transaction() as tx:
            for text in texts:
                tx.outbox.add(Notice(f"{person} {text}", "admin", str(person), "alarm", facts={"text": text}))

    def waiting(self) -> int:
        """Return how many notices wait."""
        with self.store.reading() as tx:
            return tx.outbox.depth()[0]

    def cut_leader(self) -> None:
        """Let the server end the connection that holds the leader's lock."""
        server().cut_lock(self.system.store_url, "worker")
