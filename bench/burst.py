"""A thousand orders in a minute, through form and bot, with Google's quota on: what is
lost, and how long it takes.

Every order tells of a trouble of its own, by which its row is found again.
"""

import contextlib
import re
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import requests

from bench.meter import Meter
from bench.report import p95, report
from tests.harness.system import CLIENT_BOT, System

# every fifth order comes through the bot
ORDERS, IN_THE_BOT_EACH, SECONDS = 1000, 5, 60.0
PEOPLE_AT_ONCE = 64
PATIENCE_S = 120
GOOGLE = 60  # requests a minute of each kind
RESERVE = ">= 10 for people's own scripts"
LOOKS = count()  # each is another user's, whose quota is not the company's
SETTINGS = {
    "NARYAD_POLLING__INTERVAL_S": "5",
    "NARYAD_POLLING__SETTLE_S": "20",
    "NARYAD_POLLING__STATISTICS_S": "15",
    "NARYAD_SHEETS__READS_PER_MINUTE": "50",
    "NARYAD_SHEETS__WRITES_PER_MINUTE": "50",
    "NARYAD_TELEGRAM__MESSAGES_PER_SECOND": "25",
    "NARYAD_TELEGRAM__CHAT_MESSAGES_PER_SECOND": "1",
    # so that the masters are told of all, which is the greater load
    "NARYAD_POLLING__WAVE_ORDERS": "0",
    "NARYAD_WEB__ORDERS_PER_MINUTE": "100000",
    "NARYAD_WEB__QUICK_ORDERS_PER_HOUR": "100000",
}
TALK = (
    "⚡ Услуги электрика",
    "{problem}",
    "Невского 47",
    "Анна",
    "8 (900) 111-22-33",
    "✅ Подтвердить",
)


@dataclass
class Seen:
    """What the crowd has seen: who was given a number and when the last was, how long
    the form took.
    """

    taken: set[str] = field(default_factory=set)
    form_s: list[float] = field(default_factory=list)
    last_at: float = 0.0
    late_s: float = 0.0


def measure() -> None:
    """Print the figures of the burst."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder), **SETTINGS)
        try:
            _prepare(system)
            meter = Meter(system)
            with meter.running():
                seen = _crowd(system)
                drained = _drained(system, seen, meter)
                rows = _problems(system, meter)
            report(
                "burst_1000_orders_lost",
                len(seen.taken - rows.keys()),
                "orders",
                "<= 0",
            )
            report(
                "burst_1000_orders_doubled",
                sum(rows.values()) - len(rows),
                "orders",
                "<= 0",
            )
            report("burst_form_p95_s", p95(seen.form_s), "s", "<= 0.3")
            report("burst_drained_s", drained, "s", "<= 10")
            report("burst_write_requests", meter.total("write"), "writes", "<= 60")
            report(
                "burst_read_requests", meter.total("read"), "reads", "<= 60 a minute"
            )
            report(
                "burst_reads_left",
                GOOGLE - meter.most("read"),
                "reads a minute",
                RESERVE,
            )
            report(
                "burst_writes_left",
                GOOGLE - meter.most("write"),
                "writes a minute",
                RESERVE,
            )
            report("burst_refused_by_quota", _refused(system), "requests", "<= 0")
            report(
                "burst_orders_not_answered", ORDERS - len(seen.taken), "orders", "<= 0"
            )
            report(
                "burst_visitors_late_s",
                seen.late_s,
                "s",
                "how far the crowd itself lagged behind its minute",
            )
        finally:
            system.close()


def _prepare(system: System) -> None:
    system.run("worker", "init")
    system.masters(
        (601, "Иван Петров", "+79000000601"), (602, "Сергей Ким", "+79000000602")
    )
    for person in range(ORDERS // IN_THE_BOT_EACH):
        system.person(1000 + person, "Анна", "+79001112233")
    system.start("worker", "client", "master", "web")
    # everybody has started, and the share of the quota that `init` used is back
    time.sleep(5)
    system.post(
        "quota", enabled=True, reads_per_minute=GOOGLE, writes_per_minute=GOOGLE
    )


def _crowd(system: System) -> Seen:
    """Let all orders come, evenly over the minute, each from a person of his own."""
    seen, lock, began = Seen(), threading.Lock(), time.monotonic()

    def come(number: int) -> None:
        due = began + number * SECONDS / ORDERS
        time.sleep(max(0.0, due - time.monotonic()))
        act: Callable[[System, int], float | None] = (
            _in_the_bot if number % IN_THE_BOT_EACH == 0 else _on_the_site
        )
        late = time.monotonic() - due
        # who was given no number is not among the taken
        with contextlib.suppress(OSError, RuntimeError):
            took = act(system, number)
            with lock:
                seen.taken.add(_problem(number))
                seen.last_at, seen.late_s = (
                    max(seen.last_at, time.monotonic()),
                    max(seen.late_s, late),
                )
                if took is not None:
                    seen.form_s.append(took)

    with ThreadPoolExecutor(PEOPLE_AT_ONCE) as pool:
        list(pool.map(come, range(ORDERS)))
    return seen


def _on_the_site(system: System, number: int) -> float:
    """Open the first page, send the form; return how long the sending took until the
    site said that it has it.
    """
    with requests.Session() as session:
        session.trust_env = False
        page = session.get(system.site + "/").text
        hidden = dict(
            re.findall(
                r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page
            )
        )
        fields = {
            "name": "Юля",
            "phone": "+79001234567",
            "address": "Невского 47",
            "consent": "y",
        }
        body = {**hidden, **fields, "problem": _problem(number)}
        began = time.monotonic()
        done = session.post(system.site + "/", data=body, allow_redirects=False)
        took = time.monotonic() - began
    if done.status_code != 303:
        raise RuntimeError(f"the site answered {done.status_code}")
    return took


def _in_the_bot(system: System, number: int) -> None:
    """Go through the dialog as somebody who types ahead, and wait for the order's
    number.
    """
    person = 1000 + number // IN_THE_BOT_EACH
    with requests.Session() as session:
        session.trust_env = False
        for said in ("/start", *TALK):
            body = {
                "bot": CLIENT_BOT,
                "person": person,
                "text": said.format(problem=_problem(number)),
            }
            session.post(
                f"{system.url}/sandbox/telegram/say", json=body
            ).raise_for_status()
        _until(lambda: _number_given(system, session, person))


def _number_given(system: System, session: requests.Session, person: int) -> bool:
    query = {"bot": CLIENT_BOT, "person": str(person), "last": "5"}
    said = session.get(f"{system.url}/sandbox/telegram/chat", params=query).json()
    return any(
        message["from"] == "bot" and re.search(r"#\d", message["text"])
        for message in said
    )


def _problem(number: int) -> str:
    return f"Не работает розетка, случай {number} этой минуты"


def _drained(system: System, seen: Seen, meter: Meter) -> float:
    """Wait until all rows are in the sheet; return how long that took after the last
    client had his number.
    """
    with contextlib.suppress(TimeoutError):
        _until(lambda: seen.taken <= _problems(system, meter).keys())
    return max(0.0, time.monotonic() - seen.last_at)


def _problems(system: System, meter: Meter) -> Counter[str]:
    """Return how often each trouble stands in the sheet, straight from the sandbox."""
    url = f"{system.url}/v4/spreadsheets/naryad-demo/values/'Заявки'!G2:G"
    with meter.own_read():
        answer = system.http.get(
            url, headers={"Authorization": f"Bearer bench{next(LOOKS)}"}
        )
    return Counter(
        str(row[0])
        for row in answer.json().get("values", [])
        if row and "случай" in str(row[0])
    )


def _refused(system: System) -> int:
    """Return how often any process was told that Google's quota is used up."""
    return sum(
        system.log(name).count('"cause": "quota"')
        for name in ("worker", "client", "master", "web")
    )


def _until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        if time.monotonic() > deadline:
            message = "the bench waited in vain"
            raise TimeoutError(message)
        time.sleep(0.2)
