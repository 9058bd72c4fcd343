"""Google away or refusing: orders are taken all the same, all reaches the sheet once, people are told what to do.

Faults are made by the sandbox, over HTTP; the worker, the bots and the site are processes.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

import pytest
from sqlalchemy import create_engine, text

from sandbox.sheets.spreadsheet import MAX_CELLS
from tests.harness.company import POLL, Company
from tests.harness.keys import ACCOUNT
from tests.harness.sheet import ORDERS, Sheet
from tests.pitfalls.test_rows import YULIA, offer
from tests.test_whole_story import order_in_the_bot, order_on_the_site

ANY, WRITE = "", ":batchUpdate"
A_FEW = 3  # requests: one for all the rows, and what may follow before they are looked at
FORM = {"name": "Аня", "phone": "8 900 123-45-67", "address": "Мира 1", "problem": "Искрит"}


@pytest.fixture
def site(company: Company) -> Company:
    """The same company, with its site open."""
    company.open_site()
    return company


def used_up(company: Company) -> bool:
    """Say whether all faults have happened."""
    return not company.system.http.get(f"{company.system.url}/sandbox/faults").json()


def order(company: Company) -> int:
    """Order on the site; return the number that the client is shown."""
    return int(order_on_the_site(company.system, **FORM)[0])


def writes(company: Company) -> int:
    """Return how many write requests Google has seen."""
    return int(company.system.http.get(f"{company.system.url}/sandbox/requests").json()["sheets_write"])


def stands_once(sheet: Sheet, *ids: int) -> bool:
    """Say whether the orders stand below those of the morning, in their order, each once and with all its cells."""
    new = sheet.rows()[3:]
    filled = ("Дата", "Имя", "Телефон", "Проблема", "Адрес", "Статус", "Ключ")
    return [row["ID"] for row in new] == list(ids) and all(row[column] != "" for row in new for column in filled)


# A read fails after an edit


READ_FAULTS: dict[str, dict[str, Any]] = {
    "429": {"times": 2, "status": 429},
    "500": {"times": 7, "status": 500},
    "503": {"times": 7, "status": 503},
    "time-out": {"times": 1, "delay_s": 4.5},
    "reset before": {"times": 7, "drop": "before"},
    "reset after": {"times": 7, "drop": "after"},
}


@pytest.mark.parametrize("fault", READ_FAULTS)
def test_pitfall_10_a_read_that_fails_after_an_edit_loses_nothing(company: Company, sheet: Sheet, fault: str) -> None:
    company.fault(POLL, **READ_FAULTS[fault])
    sheet.type(**YULIA)
    sheet.change(sheet.ids[0], Статус="Отменена")
    company.waits_for(lambda: used_up(company), "all faults to happen")
    company.everyone_hears(**offer(sheet.next_id), julia=["❌ … отменена"])
    assert company.history(sheet.ids[0]) == ["appeared", "status"]


# One order that can't be handled


def test_pitfall_11_one_order_whose_handling_raises_is_put_aside_with_an_alarm(
    company: Company, sheet: Sheet
) -> None:
    """What the store holds of the second is spoilt; after three polls it is put aside, until its row is edited."""
    first, second, _ = sheet.ids
    spoil(company, second, "Испорчено")
    for one in sheet.ids:
        sheet.change(one, Статус="Отменена")
    company.waits_for(lambda: company.news("olga"), "the alarm")
    company.everyone_hears(
        julia=[f"❌ Заявка #{first} отменена"], olga=[f"⚠️ Заявка {second} не обрабатывается … правки"]
    )
    assert [line["tries"] for line in company.logged("order_failed")] == [1, 2, 3]
    assert [company.history(one)[1:] for one in sheet.ids] == [["status"], [], ["status"]]
    company.nobody_hears_anything()
    spoil(company, second, "Новая")
    sheet.change(second, Комментарий="Проверено")
    company.everyone_hears(olga=[f"✅ Заявка {second} снова обрабатывается"])
    assert [company.history(one)[1:] for one in sheet.ids] == [["status"]] * 3


def spoil(company: Company, order_id: int, status: str) -> None:
    """Let the store hold a status that can't be read, or mend it."""
    engine = create_engine(company.system.env["NARYAD_STORE__URL"])
    with engine.begin() as connection:
        where = {"status": status, "id": str(order_id)}
        connection.execute(text("UPDATE orders SET status = :status WHERE id = :id"), where)
    engine.dispose()


# Writes


@pytest.mark.parametrize("fault", [{"drop": "after"}, {"drop": "before"}, {"status": 503}])
def test_pitfall_35_an_order_whose_write_was_not_answered_stands_once(
    site: Company, sheet: Sheet, fault: dict[str, Any]
) -> None:
    site.fault(WRITE, **fault)
    number = order(site)
    site.everyone_hears(**offer(number))
    assert stands_once(sheet, number)


def test_pitfall_36_out_of_quota_orders_are_taken_and_written_after_it_in_batches(
    site: Company, sheet: Sheet
) -> None:
    site.system.post("quota", enabled=True, reads_per_minute=0, writes_per_minute=0)
    taken = [order(site) for _ in range(5)]
    taken += [int(order_in_the_bot(site.system, person)) for person in (711, 712)]
    site.waits_for(lambda: out_of_quota(site), "the worker to notice")
    before = writes(site)
    site.system.post("quota", enabled=False)
    site.waits_for(lambda: len(sheet.rows()) == 3 + len(taken), "the rows")
    assert writes(site) - before <= A_FEW, "each alone would be seven"
    assert stands_once(sheet, *taken)
    announced = [f"🆕 … #{number}" for number in taken]
    site.everyone_hears(ivan=announced, sergey=announced)
    assert writes(site) - before < 2 * len(taken), "each alone would be seven more, for «Оповещены»"


def out_of_quota(company: Company) -> set[str]:
    """Return the jobs of the worker that have met the end of the quota; whoever has, tells the others."""
    return {line["job"] for line in company.logged("trouble") if line["cause"] == "quota"}


@pytest.mark.parametrize("fault", [{"delay_s": 1.5}, {"status": 503}, {"drop": "after"}])
def test_orders_are_taken_while_google_is_slow_down_or_falls_silent(
    site: Company, sheet: Sheet, fault: dict[str, Any]
) -> None:
    site.fault(ANY, times=10_000, **fault)
    taken = [order(site) for _ in range(3)]
    site.mend()
    announced = [f"🆕 … #{number}" for number in taken]
    site.everyone_hears(ivan=announced, sergey=announced)
    assert stands_once(sheet, *taken)


# What only a person can mend


class Trouble(NamedTuple):
    """Something a person does that shuts the system out, what the admin is told to do, and the mending."""

    begin: Callable[[Company], object]
    said: str
    mend: Callable[[Company], object]


def protect(company: Company) -> None:
    """Protect «Заявки» from everybody but its owner and who does it."""
    sheet_id = company.sheet.tab(ORDERS).id
    protected = {"range": {"sheetId": sheet_id}, "editors": {"users": []}}
    company.sheet.book.batch_update({"requests": [{"addProtectedRange": {"protectedRange": protected}}]})


def unprotect(company: Company) -> None:
    """Take that protection away."""
    found = company.sheet.book.list_protected_ranges(company.sheet.tab(ORDERS).id)
    ours = [one["protectedRangeId"] for one in found if not one.get("warningOnly")]
    requests = [{"deleteProtectedRange": {"protectedRangeId": one}} for one in ours]
    company.sheet.book.batch_update({"requests": requests})


def share(company: Company, *, allowed: bool) -> None:
    """Share the spreadsheet with the service account, or take that back."""
    company.system.post("access", spreadsheet=company.sheet.book.id, token_user=ACCOUNT, allowed=allowed)


def file_is(company: Company, state: str) -> None:
    """Let the file be deleted, an Excel file, or there."""
    company.system.post("file", spreadsheet=company.sheet.book.id, state=state)


def fill_up(company: Company) -> None:
    """Leave no room for new rows of «Заявки»."""
    company.sheet.tab().resize(rows=1 + company.sheet.height())
    used = sum(tab.row_count * tab.col_count for tab in company.sheet.book.worksheets())
    company.sheet.book.add_worksheet("Архив", rows=MAX_CELLS - used, cols=1)


def make_room(company: Company) -> None:
    """Delete the worksheet that took all the room."""
    company.sheet.book.del_worksheet(company.sheet.book.worksheet("Архив"))
    company.sheet.tab().add_rows(100)


TROUBLES = {
    "account revoked": Trouble(
        lambda company: company.system.post("revoke", user=ACCOUNT),
        "Google не принимает ключ … Выпустите новый JSON-ключ … key.json",
        lambda company: company.system.post("revoke", user=ACCOUNT, revoked=False),
    ),
    "key revoked": Trouble(
        lambda company: company.system.post("revoke", key=company.key.id),
        "Google не принимает ключ … Выпустите новый JSON-ключ … key.json",
        lambda company: company.key.put(),
    ),
    "key unreadable": Trouble(
        lambda company: company.key.write("{}"),
        "Ключ Google … не читается … скачайте JSON-ключ",
        lambda company: company.key.put(),
    ),
    "unshared": Trouble(
        lambda company: share(company, allowed=False),
        f"Нет доступа к таблице (403): откройте её сервисному аккаунту {ACCOUNT} как редактору",
        lambda company: share(company, allowed=True),
    ),
    "deleted": Trouble(
        lambda company: file_is(company, "deleted"),
        "Таблица не найдена (404): проверьте sheets.spreadsheet_id … из корзины",
        lambda company: file_is(company, "there"),
    ),
    "an Excel file": Trouble(
        lambda company: file_is(company, "office"),
        "Это файл Excel, а не Google Таблица … Сохранить как Google Таблицу",
        lambda company: file_is(company, "there"),
    ),
    "API off": Trouble(
        lambda company: company.system.post("project", sheets_api=False),
        "не включён Google Sheets API (403): нажмите «Включить»",
        lambda company: company.system.post("project", sheets_api=True),
    ),
    "protected": Trouble(
        protect,
        f"защищены ячейки … Защитить листы и диапазоны … разрешите правку сервисному аккаунту {ACCOUNT}",
        unprotect,
    ),
    "full": Trouble(fill_up, "В таблице кончилось место … 10 млн ячеек … Удалите ненужные листы", make_room),
}


@pytest.mark.parametrize("name", TROUBLES)
def test_pitfall_37_shut_out_it_says_what_to_do_takes_orders_and_recovers_by_itself(
    site: Company, sheet: Sheet, name: str
) -> None:
    trouble = TROUBLES[name]
    trouble.begin(site)
    taken = [order(site), order(site)]
    site.waits_for(lambda: site.news("olga"), "the admin is told")
    trouble.mend(site)
    site.waits_for(lambda: len(site.news("olga")) > 1, "the admin is told that it is over")
    announced = [f"🆕 … #{number}" for number in taken]
    once = [f"⚠️ … {trouble.said}", f"✅ Снова в порядке. Было: … {trouble.said}"]
    site.everyone_hears(ivan=announced, sergey=announced, olga=once)
    assert stands_once(sheet, *taken)
