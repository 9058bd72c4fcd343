"""Orders as files for Excel: whole, harmless, made without filling the memory."""

import csv
import io
import tracemalloc
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from record.dispatch.model import Order, Roster
from record.store import Store
from record.values import Status
from tests.web.staff import Person
from tests.web.visitor import put_order
from web.present.tables import csv_parts, harmless, xlsx_parts

WHEN = datetime(2026, 11, 22, 15, 4)
Parts = Callable[[Iterable[Order], Roster], Iterator[bytes]]
EVIL = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\n=HYPERLINK(0)",
    "＝1+1",
    "=cmd|' /C calc'!A0",
]

TYPED = {
    "name": "Имя", "problem": "Проблема", "address": "Адрес", "comment": "Комментарий", "master": "Мастер",
    "source": "Источник", "category": "Категория", "check": "Проверка",
}  # fmt: skip


def rows_of_csv(content: bytes) -> list[list[str]]:
    """Return a CSV file as Russian Excel reads it."""
    text = content.decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text, newline=""), delimiter=";"))


def rows_of_xlsx(content: bytes) -> list[list[object]]:
    """Return an XLSX file's cells; a formula would come as its text with the type f."""
    sheet = openpyxl.load_workbook(io.BytesIO(content)).active
    assert sheet
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    return [[cell.value for cell in row] for row in sheet.iter_rows()]


def order(**more: Any) -> Order:
    """Return an order with everything in it."""
    given: dict[str, Any] = {
        "created": WHEN,
        "phone": "+79001234567",
        "status": Status.DONE,
        "price": Decimal("2000.50"),
    }
    return Order("17", **(given | more))


@pytest.mark.parametrize("text", EVIL)
def test_a_text_is_never_a_formula(text: str) -> None:
    made = [order(**dict.fromkeys(TYPED, text))]
    csv_table = rows_of_csv(b"".join(csv_parts(made, Roster())))
    xlsx_table = rows_of_xlsx(b"".join(xlsx_parts(made, Roster())))
    for header, row in (csv_table, xlsx_table):
        shown = {str(cell) for title, cell in zip(header, row, strict=True) if title in TYPED.values()}
        assert shown == {harmless(text)}
        assert harmless(text).startswith("'")


def test_other_texts_stay_as_they_are() -> None:
    assert [harmless(text) for text in ("Мира 1", "a=b", "", "5 + 5")] == ["Мира 1", "a=b", "", "5 + 5"]
    assert harmless("a\x00\x1bb") == "ab"
    assert len(harmless("я" * 50_000)) == 32_000


def test_csv_opens_in_russian_excel() -> None:
    content = b"".join(csv_parts([order(name="Юля; «Бриз»")], Roster()))
    assert content.startswith(b"\xef\xbb\xbf")
    header, row = rows_of_csv(content)
    cells = dict(zip(header, row, strict=True))
    assert (cells["Дата"], cells["Цена"], cells["Имя"]) == ("22.11.2026 15:04", "2000,5", "Юля; «Бриз»")
    assert cells["Телефон"] == "79001234567"


def test_xlsx_has_numbers_and_dates() -> None:
    header, row = rows_of_xlsx(b"".join(xlsx_parts([order()], Roster())))
    cells = dict(zip(header, row, strict=True))
    assert (cells["ID"], cells["Дата"], cells["Цена"], cells["Статус"]) == (17, WHEN, 2000.5, "Выполнена")
    assert cells["Телефон"] == "79001234567"


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_the_file_holds_what_the_list_shows(admin: Person, store: Store, kind: str) -> None:
    put_order(store, "1", Дата=46_000.1, Статус="Выполнена", Мастер="Иван Петров")
    put_order(store, "2", Дата=46_001.1, Имя="=1+1")
    put_order(store, "3", Дата=46_002.1, Имя="Аня")
    answer = admin.opens(f"/admin/export.{kind}?status=Новая")
    assert f"naryad-{datetime.now():%Y}" in answer.headers["Content-Disposition"]
    rows: Sequence[Sequence[object]] = rows_of_csv(answer.data) if kind == "csv" else rows_of_xlsx(answer.data)
    assert [(str(row[0]), row[3]) for row in rows[1:]] == [("3", "Аня"), ("2", "'=1+1")]


def test_files_are_asked_for_in_moderation(admin: Person) -> None:
    answers = [admin.opens("/admin/export.csv").status_code for _ in range(11)]
    assert answers == [200] * 10 + [429]


@pytest.mark.parametrize("parts", [csv_parts, xlsx_parts])
def test_many_orders_take_no_more_memory_than_few(parts: Parts) -> None:
    def many() -> Iterator[Order]:
        for number in range(150):
            yield Order(str(number), problem=f"{number} не работает розетка " * 1000, created=WHEN)

    tracemalloc.start()
    size = sum(len(part) for part in parts(many(), Roster()))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert size > 10_000
    assert peak < 2_500_000  # all texts together are 7 MB
