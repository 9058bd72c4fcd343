"""How long a sent message stands unmarked: killed in that time, a bot sends it again.

The store is a real file; Telegram answers at once, so only our own part is measured. Of
a process killed at random under load every message that stands unmarked is repeated.
"""

import asyncio
import tempfile
import time
from collections import defaultdict
from pathlib import Path
from unittest.mock import patch

from bench.report import middle, p95, report
from bots.delivery.send import Delivery
from record import failpoints
from record.dispatch.notices import Notice
from tests.harness.bot_office import BotOffice, beside

CLIENTS, EACH = 50, 6

Passed = dict[str, list[float]]


def measure() -> None:
    """Print the window of repeats, and how many messages stand in it at once."""
    with tempfile.TemporaryDirectory() as folder:
        office = BotOffice(Path(folder))
        try:
            windows, took_s = _windows(office)
        finally:
            office.store.close()

    report("repeat_window_p50_ms", 1000 * middle(windows), "ms", "<= 50")
    report("repeat_window_p95_ms", 1000 * p95(windows), "ms", "<= 200")
    report(
        "repeats_per_kill", sum(windows) / took_s, "messages", "<= 16 (sent at once)"
    )


def _windows(office: BotOffice) -> tuple[list[float], float]:
    """Send to many chats at once; return each message's window and how long all took."""
    office.order()
    _queue(office)
    passed: Passed = defaultdict(list)

    def note(point: str) -> None:
        passed[f"{asyncio.current_task()} {point}"].append(time.perf_counter())

    began = time.perf_counter()
    with patch.object(failpoints, "passing", note):
        asyncio.run(_send_all(office))
    return _between(passed), time.perf_counter() - began


def _queue(office: BotOffice) -> None:
    with office.store.transaction() as tx:
        for chat in range(1, CLIENTS + 1):
            for number in range(EACH):
                text = {"text": "Когда приедет мастер?"}
                key = f"window:{chat}:{number}"
                tx.outbox.add(Notice(key, "admin", str(chat), "alarm", facts=text))


async def _send_all(office: BotOffice) -> None:
    delivery = Delivery(
        office.store, office.settings, office.actions, [office.sender], ["admin"]
    )

    def sent() -> bool:
        with office.store.reading() as tx:
            return tx.outbox.depth()[0] == 0

    await beside(delivery.run(), delivery.stop, [sent])


def _between(passed: Passed) -> list[float]:
    """Return the times from Telegram's yes to our mark, in seconds."""
    windows: list[float] = []
    for name, accepted in passed.items():
        task, _, point = name.rpartition(" ")
        if point == "send.accepted":
            marked = passed[f"{task} send.marked"]
            windows += [
                end - start for start, end in zip(accepted, marked, strict=True)
            ]
    return windows
