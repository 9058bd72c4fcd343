"""`worker status`: how things stand, and exit code 1 where a person has to act."""

import io
import re
import time
from typing import Any

import pytest
from freezegun import freeze_time
from rich.console import Console
from sqlalchemy import create_engine, text

from record.dispatch.notices import Notice
from record.dispatch.reach import Unreachable
from record.errors import SheetBroken, SheetBusy
from record.grid.worksheets import ORDERS
from record.grid.writes import Write
from record.store.facts import BACKUP, SHEET_PROBLEMS, Beat, CopyMade, alive
from record.values import telegram
from tests.harness.office import Office, order
from worker.__main__ import main
from worker.alarms import Alarm
from worker.jobs import Job, NudgedJob, Patient, Runner, spare
from worker.poll import figures
from worker.status import status


def shown(capsys: pytest.CaptureFixture[str], code: int) -> str:
    """Return what `worker status` prints, after asserting its exit code."""
    capsys.readouterr()
    assert main(["status"]) == code
    return re.sub(r"\s+", " ", capsys.readouterr().out)


def polled(office: Office) -> None:
    """Let the worker poll as it does when it is scheduled."""
    Runner(office.store, office.sheet, office.settings).run(Job("poll", lambda: figures(office.poll())))


def test_before_the_first_poll(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    assert office
    said = shown(capsys, 1)
    assert "Последний опрос" in said
    assert "✗ Таблицу ещё ни разу не прочитали: запущен ли python -m worker run?" in said


def test_all_is_well(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.paste(order(1), order(2), order(3, Статус="Выполнена"), order(4, Статус="дубль"))
    polled(office)
    said = shown(capsys, 0)
    assert "✓ Всё в порядке" in said
    assert "непонятно 1, Выполнена 1, Новая 2" in said
    assert "Активных мастеров 2" in said
    assert "Ждут отправки в Telegram нет" in said
    assert " ок" in said


def test_a_worker_that_has_stopped(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with freeze_time("2024-12-15 12:00:00"):
        polled(office)
    with freeze_time("2024-12-15 12:10:00"):
        said = shown(capsys, 1)
    assert "✗ Таблицу не читали 10 мин: запущен ли python -m worker run?" in said


def test_the_backlog_and_what_google_refused(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    office.paste(order(1, Оповещены=""))
    polled(office)
    office.journal(Write(ORDERS, "set", "1", {"Статус": "В работе"}), Write(ORDERS, "set", "1", {"Цена": 5}))
    with office.store.transaction() as tx:
        tx.journal.mark([tx.journal.open()[0].id], "parked", "protected cell")
    said = shown(capsys, 1)
    assert re.search(r"Ждут записи в таблицу 1, самая старая \d+ с назад", said)
    assert re.search(r"Ждут отправки в Telegram 2, самая старая \d+ с назад", said)
    assert "✗ Не записано в «Заявки», ID 1: protected cell" in said


def test_a_sheet_that_cant_be_trusted(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    polled(office)
    office.tab().update_cell(1, 9, "Состояние")
    polled(office)
    said = shown(capsys, 1)
    assert "✗ Лист «Заявки»: нет столбца «Статус»" in said
    office.tab().update_cell(1, 9, "Статус")
    polled(office)
    assert "✓ Всё в порядке" in shown(capsys, 0)


# What else it shows


def test_who_cant_be_reached_and_when_the_last_copy_was_made(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    polled(office)
    assert "Копия таблицы ещё не было, будет в 03:30" in shown(capsys, 0)
    with office.store.transaction() as tx:
        tx.masters.set_unreachable("master", telegram(602), Unreachable.BLOCKED, "blocked the bot")
        tx.masters.set_unreachable("client", telegram(501), Unreachable.BLOCKED, "blocked the bot")
        tx.facts.put(BACKUP, CopyMade(at=time.time() - 9 * 3600, file="var/backup/2026-11-22.json.gz"))
        tx.facts.put(alive("worker"), Beat(at=time.time() - 4, pid=7))
        tx.inbox.add("client", 1, {})
        for job in ("flush", "backup"):
            tx.runs.add(job, ok=job == "flush", seconds=0.2, facts={"error": "на диске кончилось место"})
    said = shown(capsys, 0)
    assert "Telegram не доставляет мастерам: Сергей Ким; клиентов: 1" in said
    assert "Копия таблицы 9 ч назад, var/backup/2026-11-22.json.gz" in said
    assert "На связи worker 4 с назад" in said
    assert "Ждут ответа ботов 1" in said
    assert re.search(r"Квота Google сейчас чтений \d+, записей \d+", said)
    assert re.search(r"запись в таблицу │ [\d.]+ [\d:]+ │ ок", said)
    assert re.search(r"копия таблицы │ [\d.]+ [\d:]+ │ на диске кончилось место", said)


def test_a_message_that_waits_is_a_problem_as_for_a_monitor(
    office: Office, capsys: pytest.CaptureFixture[str]
) -> None:
    with freeze_time("2024-12-15 12:00:00") as clock:
        with office.store.transaction() as tx:
            tx.outbox.add(Notice("k", "admin", "900", "alarm"))
        clock.tick(61)
        polled(office)
        assert "✗ Сообщение ждёт отправки 61 с" in shown(capsys, 1)


def test_the_last_ten_polls(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    for _ in range(12):
        polled(office)
    capsys.readouterr()
    main(["status"])
    assert len(re.findall(r"│ ок +│$", capsys.readouterr().out, re.MULTILINE)) == 10


def test_a_trouble_of_many_polls_is_told_once(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    with office.store.transaction() as tx:
        for _ in range(4):
            tx.runs.add("poll", ok=False, seconds=0.1, facts={"error": "Сбой"})
    main(["status"])
    out = capsys.readouterr().out
    assert (out.count("Сбой"), out.count("то же")) == (1, 3)


def drawn(office: Office, width: int, *, terminal: bool) -> str:
    """Return what is printed on a console of this width."""
    out = io.StringIO()
    status(office.store, office.settings, Console(file=out, width=width, force_terminal=terminal, highlight=False))
    return out.getvalue()


@pytest.mark.parametrize("width", [40, 60, 80, 160])
def test_it_fits_terminals_of_every_width(office: Office, width: int) -> None:
    polled(office)
    lines = drawn(office, width, terminal=False).splitlines()
    assert max(map(len, lines)) <= width
    assert any("…" in line for line in lines) is False, "nothing is cut off"
    assert any("изменений" in line for line in lines) == (width >= 72)


def test_colours_are_for_terminals_only(office: Office) -> None:
    polled(office)
    assert "\x1b[" not in drawn(office, 80, terminal=False)
    assert "\x1b[1;32m✓ Всё в порядке" in drawn(office, 80, terminal=True)


# The alarms of the jobs


def failing(error: Exception | None) -> Job:
    """Return a job that fails in this way, or goes well."""

    def work() -> dict[str, object]:
        if error:
            raise error
        return {}

    return Job("poll", work)


def told(office: Office) -> list[tuple[str, str]]:
    """Return what the admins have been told since the last look."""
    with office.store.transaction() as tx:
        due = tx.outbox.due(["admin"])
        for one in due:
            tx.outbox.end(one.id, "sent")
    return [(one.notice.kind, str(one.notice.facts["text"])) for one in due]


def test_a_failure_is_told_once_and_its_end_once(office: Office, capsys: pytest.CaptureFixture[str]) -> None:
    runner = Runner(office.store, office.sheet, office.settings)

    def run(error: Exception | None) -> bool:
        return runner.run(failing(error))

    assert run(None)
    assert [run(SheetBroken(f"исчезли {n} из 9")) for n in (5, 6, 7)] == [False] * 3
    assert told(office) == [("alarm", "⚠️ исчезли 5 из 9")]
    run(SheetBroken("нет столбца «Статус»"))
    assert told(office) == [("alarm", "⚠️ нет столбца «Статус»")]
    assert run(None)
    assert run(None)
    said = "✅ Снова в порядке. Было: \n• исчезли 7 из 9\n• нет столбца «Статус»"
    assert told(office) == [("alarm_over", said)]

    assert not run(ZeroDivisionError("division by zero")), "nothing that goes wrong ends the worker"
    ((kind, said),) = told(office)
    assert kind == "alarm"
    assert "ZeroDivisionError" in said
    out = capsys.readouterr().out
    assert (out.count("trouble_over"), out.count("run_crashed")) == (1, 1)


def rename(office: Office, table: str, name: str) -> None:
    """Take a table of the store away, or bring it back."""
    engine = create_engine(office.settings.store.url)
    with engine.begin() as connection:
        connection.execute(text(f"ALTER TABLE {table} RENAME TO {name}"))
    engine.dispose()


def test_a_store_that_can_not_be_asked_for_a_moment_stops_no_job(office: Office) -> None:
    runs: list[str] = []

    def work() -> dict[str, object]:
        runs.append("poll")
        poll.nudge(lambda: None)
        return {}

    runner = Runner(office.store, office.sheet, office.settings)
    poll = NudgedJob(runner, Job("poll", work), lambda: spare(office.sheet))
    rename(office, "buckets", "away")
    poll.run()
    rename(office, "away", "buckets")
    assert runs == ["poll"], "what was asked for meanwhile is left to the next interval"
    runs.clear()
    poll.nudge(lambda: runs.append("nudged"))
    assert runs == ["nudged"], "it does not count as running any more"


def test_a_passing_failure_is_told_only_when_it_lasts(office: Office) -> None:
    runner = Runner(office.store, office.sheet, office.settings)

    away, well = failing(SheetBusy("Google Sheets временно не работает (503)")), failing(None)
    with freeze_time("2024-12-15 12:00:00") as clock:
        runner.run(away)
        clock.tick(50)
        runner.run(away)
        runner.run(well)
        assert told(office) == [], "a minute of it is nobody's business"
        runner.run(away)
        clock.tick(61)
        runner.run(away)
        clock.tick(600)
        runner.run(away)
        assert [kind for kind, _ in told(office)] == ["alarm"]
        runner.run(well)
        assert [kind for kind, _ in told(office)] == ["alarm_over"]


def test_a_restart_tells_no_alarm_again_and_hears_its_end(office: Office) -> None:
    broken = SheetBroken("нет столбца «Статус»")
    for _ in range(2):
        Runner(office.store, office.sheet, office.settings).run(failing(broken))
    assert [kind for kind, _ in told(office)] == ["alarm"]
    Runner(office.store, office.sheet, office.settings).run(failing(None))
    assert [kind for kind, _ in told(office)] == ["alarm_over"]


def test_alarms_of_different_jobs_stand_side_by_side(office: Office) -> None:
    """Each job is run by a runner of its own; the end of one job's trouble is not the end of another's."""
    poll, figures_job = (Runner(office.store, office.sheet, office.settings) for _ in range(2))
    poll.run(failing(SheetBroken("нет столбца «Статус»")))
    figures_job.run(Job("statistics", failing(SheetBroken("нет листа")).work))
    figures_job.run(Job("statistics", failing(None).work))
    with office.store.reading() as tx:
        assert tx.facts.get(SHEET_PROBLEMS) == [{"text": "нет столбца «Статус»", "kind": "таблица"}]


def test_a_run_that_began_before_the_end_of_the_trouble_was_told_tells_nothing(office: Office) -> None:
    """Its answer was late; should it go on, the next run says so."""
    alarm = Alarm(office.store, office.settings)
    poll, slow = (Runner(office.store, office.sheet, office.settings, alarm) for _ in range(2))
    broken = SheetBroken("нет листа")

    def late() -> dict[str, Any]:
        poll.run(failing(broken))
        poll.run(failing(None))
        raise broken

    slow.run(Job("statistics", late))
    assert [kind for kind, _ in told(office)] == ["alarm", "alarm_over"]
    slow.run(Job("statistics", failing(broken).work))
    assert [kind for kind, _ in told(office)] == ["alarm"]


def test_waiting_before_another_try_is_neither_trouble_nor_recovery(office: Office) -> None:
    """While Google is away the flush is tried later and later; that it does not try now is no news."""
    runner, patient = Runner(office.store, office.sheet, office.settings), Patient(office.flusher)
    flush = Job("flush", patient.run, every_run=False)
    office.journal(Write(ORDERS, "append", "1", order(1)))
    office.fault(times=1000, status=429)
    with freeze_time("2024-12-15 12:00:00") as clock:
        for _ in range(60):
            runner.run(flush)
            clock.tick(3)
        assert [kind for kind, _ in told(office)] == ["alarm"]
        with office.store.reading() as tx:
            assert len(tx.runs.last("flush", 100)) < 20
        office.system.http.delete(f"{office.system.url}/sandbox/faults")
        clock.tick(60)
        runner.run(flush)
        assert [kind for kind, _ in told(office)] == ["alarm_over"]
    assert [row["ID"] for row in office.rows()] == [1]
