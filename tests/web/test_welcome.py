"""What a newcomer reads last when everything is started: where to look and how to sign in, in one piece."""

import threading
import time
from pathlib import Path

import pytest

from record.store import Store
from record.store.facts import BASELINE, Beat, ProcessName, alive
from tests.harness.system import wait_for
from tests.web.visitor import settings_for
from web.welcome import LATE, PROCESSES, READY, all_running, block, welcome


def beat(store: Store, *processes: ProcessName) -> None:
    """Let processes show that they live."""
    with store.transaction() as tx:
        for process in processes:
            tx.facts.put(alive(process), Beat(at=time.time(), pid=1))


def test_it_comes_once_the_sheet_was_read_and_all_processes_live(
    store: Store, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3")
    said = block(settings, "http://127.0.0.1:8000", "abcd-efgh")
    for needed in (settings.sheets.api_url, "http://127.0.0.1:8000/admin.html", "пароль на этот запуск: abcd-efgh"):
        assert needed in said
    with store.transaction() as tx:
        tx.facts.put(BASELINE, 0.0)
    beat(store, *PROCESSES[1:])
    with store.reading() as tx:
        assert not all_running(tx, time.time()), "the worker has shown no sign of life"
    welcome(store, said, lambda: False)
    with store.transaction() as tx:
        tx.facts.put(BASELINE, time.time())
    beat(store, *PROCESSES)
    shown: list[str] = []

    def told() -> str:
        shown.append(capsys.readouterr().out)
        return "".join(shown)

    wait_for(lambda: told().strip() == f"{READY}\n{said}".strip(), "the welcome")


def test_where_a_process_never_comes_it_does_not_say_that_all_is_well(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("web.welcome.PATIENCE_S", 0.1)
    welcome(store, "x", lambda: False)
    wait_for(lambda: all(thread.name != "welcome" for thread in threading.enumerate()), "the thread to end")
    assert capsys.readouterr().out.strip() == f"{LATE}\nx"


def test_who_ends_before_says_nothing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    welcome(store, "x", lambda: True)
    wait_for(lambda: all(thread.name != "welcome" for thread in threading.enumerate()), "the thread to end")
    assert capsys.readouterr().out == ""
