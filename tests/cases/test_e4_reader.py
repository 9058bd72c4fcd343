"""E4: a service account that may only read is found by the check, which writes to prove that it may."""

import json

import pytest

from tests.harness.system import ADMIN, MASTER_BOT, SPREADSHEET, System

FIELDS = "properties,sheets(properties,conditionalFormats,protectedRanges,basicFilter,data.rowData.values)"


@pytest.fixture
def ready(system: System) -> System:
    """A system whose admin has written to the master bot."""
    system.person(ADMIN, "Ольга")
    system.say(MASTER_BOT, ADMIN, "/start")
    return system


def test_e4_an_account_shared_as_reader_is_found(ready: System) -> None:
    assert ready.run("worker", "check").returncode == 0
    ready.post("access", spreadsheet=SPREADSHEET, token="naryad", role="reader")
    done = ready.run("worker", "check")
    assert done.returncode == 1
    assert "✓ таблица: " in done.stdout, "reading is allowed"
    assert (
        "✗ запись в таблицу: Нет доступа к таблице (403): откройте её сервисному аккаунту как редактору"
        in done.stdout
    )


def test_e4_the_proof_leaves_no_trace(ready: System) -> None:
    """Neither in cells nor in looks, also where other rules stand; and nothing is told to anybody but the admin."""

    def everything() -> str:
        return json.dumps(ready.staff().fetch_sheet_metadata({"fields": FIELDS}), sort_keys=True, ensure_ascii=False)

    before = everything()
    for _ in range(2):
        done = ready.run("worker", "check")
        assert done.returncode == 0, done.stdout
        assert "✓ запись в таблицу: разрешена (пробная запись прочитана и тут же убрана)" in done.stdout
    assert everything() == before
