"""Google is away, refuses or loses its answer: what waits reaches the sheet once."""

import time

import pytest

from record.errors import SheetBusy, SheetDenied, SheetUnclear
from record.settings import load_settings
from record.store import Store
from record.values import telegram
from record.values.actors import Actor
from tests.harness.office import Office, order
from tests.harness.system import wait_for
from tests.worker.flush.writes import BATCH_UPDATE, accept, append, rows


@pytest.mark.parametrize("drop", ["before", "after"])
def test_an_append_whose_answer_is_lost_makes_one_row(company: Office, drop: str) -> None:
    company.journal(append(6), append(7))
    company.fault(BATCH_UPDATE, drop=drop)
    with pytest.raises(SheetUnclear):
        company.flush()
    assert company.states() == ["unclear", "unclear"]
    company.flush()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6, 7]
    assert company.states() == ["written", "written"]


def test_a_row_that_google_is_still_adding_is_not_added_again(
    company: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its answer does not come in time, the row a second later; what else waits is written meanwhile."""
    monkeypatch.setenv("NARYAD_SHEETS__TIMEOUT_S", "1")
    monkeypatch.setenv("NARYAD_SHEETS__UNCLEAR_REST_S", "3")
    company.settings = load_settings()
    company.restart()
    company.fault(BATCH_UPDATE, delay_s=2)
    company.journal(append(6))
    with pytest.raises(SheetUnclear):
        company.flush()
    company.journal(accept(2), accept(6))
    assert company.flush().written == 1
    wait_for(lambda: company.flush().written, "the new row to be looked for")
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]
    assert (rows(company)[2]["Мастер"], rows(company)[6]["Мастер"]) == ("Сергей Ким", "Сергей Ким")


def test_a_new_row_that_came_askew_is_set_right_though_google_refuses_for_a_while(
    company: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A column comes in just before the write, its answer is lost, and the mending meets the end of the quota."""
    monkeypatch.setenv("NARYAD_SHEETS__UNCLEAR_REST_S", "0")
    company.settings = load_settings()
    company.restart()
    dimension = {"sheetId": company.sheet_id, "dimension": "COLUMNS", "startIndex": 6, "endIndex": 7}
    company.meanwhile({"insertDimension": {"range": dimension, "inheritFromBefore": False}})
    company.fault(BATCH_UPDATE, drop="after")
    company.journal(append(6, Ключ="key6key6key6key6"))
    with pytest.raises(SheetUnclear):
        company.flush()
    company.fault(BATCH_UPDATE, status=429)
    with pytest.raises(SheetBusy):
        company.flush()
    company.mend()
    company.settle()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]
    assert rows(company)[6]["Ключ"] == "key6key6key6key6"
    assert len(company.rows()) == 6


@pytest.mark.parametrize("reached", [False, True])
def test_an_append_is_looked_for_after_a_kill_between_sending_and_hearing(company: Office, *, reached: bool) -> None:
    if reached:
        company.paste(order(6, Оповещены="", Имя="Оля"))
    company.journal(append(6, Имя="Оля"))
    with company.store.transaction() as tx:
        tx.journal.mark([write.id for write in tx.journal.open()], "unclear")
    company.restart()
    company.flush()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]


def test_a_row_typed_by_hand_is_adopted_once_though_the_answer_is_lost(company: Office) -> None:
    company.type(Имя="Юля", Телефон="89001234567", Проблема="Искрит")
    company.poll()
    company.fault(BATCH_UPDATE, drop="after")
    with pytest.raises(SheetUnclear):
        company.flush()
    company.settle()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]
    assert company.told() == ["master 1: order_new 6", "master 2: order_new 6"]


def kept_away(company: Office) -> bool:
    """Flush; say whether Google refused it, or the flush rests since it was refused a moment ago."""
    try:
        return company.flush().rest_s > 0
    except SheetBusy:
        return True


@pytest.mark.parametrize("status", [429, 500, 503])
def test_writes_wait_while_google_is_away_and_none_is_lost(company: Office, status: int) -> None:
    company.fault(times=1000, status=status)
    for number in range(6, 26):
        company.journal(append(number))
        if number % 10 == 0:
            assert kept_away(company)
    company.journal(accept(1), accept(7))
    company.mend()
    _, writes = company.requests()
    company.flush()
    assert company.requests()[1] == writes + 1, "in one batch"
    found = rows(company)
    assert list(found) == list(range(1, 26))
    assert found[7]["Мастер"] == found[1]["Мастер"] == "Сергей Ким"


def test_the_minutes_quota_used_up_by_others(company: Office) -> None:
    company.system.post("quota", enabled=True, reads_per_minute=60, writes_per_minute=0)
    company.journal(append(6), accept(1))
    before = time.time()
    with pytest.raises(SheetBusy, match="Квота Google"):
        company.flush()
    left = company.sheet.left()["write"]
    come_back = (time.time() - before) * company.settings.sheets.writes_per_minute / 60
    assert left < 5 + come_back, "and nobody asks again at once"
    company.system.post("quota", enabled=False)
    company.mend()
    company.flush()
    assert (list(rows(company)), rows(company)[1]["Мастер"]) == ([1, 2, 3, 4, 5, 6], "Сергей Ким")


def test_access_taken_away_keeps_the_writes(company: Office) -> None:
    company.journal(append(6))
    company.system.post("revoke", user="naryad")
    with pytest.raises(SheetDenied):
        company.flush()
    company.system.post("revoke", user="naryad", revoked=False)
    company.flush()
    assert list(rows(company)) == [1, 2, 3, 4, 5, 6]


def test_waiting_writes_show_at_once_in_every_other_process(company: Office) -> None:
    company.fault(times=1000, status=503)
    company.journal(append(6))
    assert company.actions.cancel("6", by=Actor.client(telegram(506))).refusal == ""
    other = Store(company.settings.store.url)
    with other.reading() as tx:
        shown = tx.orders.get("6")
    other.close()
    assert shown
    assert (shown.name, shown.status) == ("Клиент 6", "Отменена")
    company.mend()
    company.settle()
    assert rows(company)[6]["Статус"] == "Отменена"
    assert company.told() == ["admin 900: client_cancelled 6"], "who cancelled knows"
