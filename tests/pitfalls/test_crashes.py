"""kill -9 between any two steps, restarts after it, and two workers where one was meant."""

import signal
from collections import Counter

import pytest

from record.failpoints import VARIABLE
from tests.harness.company import PROCESSES, Company
from tests.harness.sheet import Sheet
from tests.pitfalls.test_google import WRITE, order, used_up
from tests.pitfalls.test_rows import YULIA, offer


def start_armed(company: Company, process: str, point: str) -> None:
    """Start a process that dies at a fail point."""
    company.system.settings[VARIABLE] = point
    company.system.start(process)
    del company.system.settings[VARIABLE]


def dies(company: Company, process: str, point: str) -> None:
    """Wait until the process has died at its fail point."""
    company.waits_for(lambda: f'"fail_point", "name": "{point}"' in company.system.log(process), f"death at {point}")
    assert company.system.end(process, signal.SIGKILL) == -signal.SIGKILL


def offers(company: Company) -> dict[str, Counter[str]]:
    """Return how often each master was offered each new client's order since all looked last."""
    company.rests()
    return {
        who: Counter(text.partition("👤 Клиент: ")[2].partition("\n")[0] for text in company.news(who))
        for who in ("ivan", "sergey")
    }


def test_pitfall_12_the_worker_is_killed_between_reading_committing_and_flushing(
    company: Company, sheet: Sheet
) -> None:
    """An order is typed before each kill; each of them is one row, announced to both masters once."""
    for other in ("client", "master", *(["web"] if company.system.runs("web") else [])):  # who could flush instead
        company.system.end(other)
    points = ("poll.read", "poll.committed", "flush.planned", "flush.sent", "flush.marked")
    company.system.end("worker")
    for point in points:
        start_armed(company, "worker", point)
        sheet.type(**YULIA | {"Имя": point})
        dies(company, "worker", point)
    company.system.start(*PROCESSES)
    expected = Counter(dict.fromkeys(points, 1))
    assert offers(company) == {"ivan": expected, "sergey": expected}
    assert sorted(row["Имя"] for row in sheet.rows()[3:]) == sorted(points)
    company.everybody_looks()


def test_pitfall_12_the_bot_is_killed_between_sending_and_marking(company: Company, sheet: Sheet) -> None:
    """Before Telegram has the message, after it has it, after it is marked: only the second kill repeats it."""
    company.system.end("client")
    sheet.change(sheet.ids[0], Статус="Отменена")
    for point in ("send.worded", "send.accepted", "send.marked"):
        start_armed(company, "client", point)
        dies(company, "client", point)
    company.system.start("client")
    company.everyone_hears(julia=["❌ … отменена", "❌ … отменена"])


def test_pitfall_12_everything_is_killed_while_google_is_adding_a_row(company: Company, sheet: Sheet) -> None:
    """The row appears when all run again; whoever flushes then has waited for it."""
    usual = company.system.settings["NARYAD_SHEETS__UNCLEAR_REST_S"]
    company.system.settings["NARYAD_SHEETS__UNCLEAR_REST_S"] = "4"
    company.restart()
    company.open_site()
    company.fault(WRITE, delay_s=2)
    number = order(company)
    company.waits_for(lambda: used_up(company), "the write to be under way")
    for process in (*PROCESSES, "web"):
        company.system.end(process, signal.SIGKILL)
    company.system.start(*PROCESSES)
    company.everyone_hears(**offer(number))
    assert [row["ID"] for row in sheet.rows()[3:]] == [number]
    company.system.settings["NARYAD_SHEETS__UNCLEAR_REST_S"] = usual
    company.restart()


@pytest.mark.parametrize("forget", [False, True])
def test_pitfall_13_all_killed_at_once_and_started_again(company: Company, sheet: Sheet, *, forget: bool) -> None:
    """With the store as the kill left it, or deleted then: nobody is told anything twice."""
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    sheet.change(sheet.ids[1], Статус="В работе", Мастер="Ким")
    company.everyone_hears(sergey=["📌 …"])
    before = sheet.values()
    for process in PROCESSES:
        company.system.end(process, signal.SIGKILL)
    company.restart(forget=forget)
    company.nobody_hears_anything()
    assert sheet.values() == before


def test_pitfall_14_two_workers_are_started_at_once(company: Company, sheet: Sheet) -> None:
    """One leads; when it is killed the other one does, and nobody hears anything twice."""
    company.system.end("worker")
    company.system.start("worker", "second worker")
    sheet.type(**YULIA)
    company.everyone_hears(**offer(sheet.next_id))
    assert company.history(sheet.next_id) == ["appeared"]
    leader = next(name for name in ("worker", "second worker") if last_word(company, name) == "started")
    company.system.end(leader, signal.SIGKILL)
    sheet.change(sheet.ids[0], Статус="Отменена")
    company.everyone_hears(julia=["❌ … отменена"])
    assert company.history(sheet.ids[0]) == ["appeared", "status"]
    left = "second worker" if leader == "worker" else "worker"
    company.system.end(left)
    company.system.start("worker")


def last_word(company: Company, name: str) -> str:
    """Return whether a worker said last that it leads, or that it stands by."""
    log = company.system.log(name)
    return "started" if log.rfind('"event": "started"') > log.rfind('"event": "standby"') else "standby"
