"""The tables of docs/changes.md are what the code does, row by row."""

from decimal import Decimal
from pathlib import Path

import pytest

from record.dispatch.changes import diff, diff_master
from record.dispatch.followups import cells_to_follow
from record.dispatch.model import Order
from record.dispatch.notices import Audience, Notice, notices_of
from record.dispatch.reading import read_master
from record.dispatch.rereading import understood
from record.grid.identity import Known, identify, reunite
from record.grid.layout import fingerprint, same
from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.values import Cell, telegram, to_serial
from tests.record.notation import ROSTER, at, named, row

DOC = Path(__file__).parents[2] / "docs" / "changes.md"
START = (
    "ID: 7; Источник: phone; Имя: Юля; Телефон: 89001234567; Проблема: Нет света; Адрес: Невского 47; "
    "Оповещены: 45641; Telegram: 501; Ключ: k7"
)
STATES = {
    "Новая": "Статус: Новая",
    "В работе": "Статус: В работе; Мастер: Петров",
    "Выполнена": "Статус: Выполнена; Мастер: Петров; Цена: 2000; Комиссия: 600; Дата выполнения: 45641",
    "Отменена": "Статус: Отменена; Мастер: Петров",
    "unreadable": "Статус: дубль",
}
NOW = at(2024, 12, 15, 12)
WHO = {"501": "client", "1": "Петров", "2": "Ким", "900": "admin"}
AUDIENCE = Audience(ROSTER, card_holders=("1", "2"), admin_chat=telegram(900))
ORDER_ID, KEY = WORKSHEETS[ORDERS].index("ID"), WORKSHEETS[ORDERS].index("Ключ")
NOTHING = "—"


def table(title: str) -> list[list[str]]:
    """Return the cells of the table under a heading of the document."""
    section = DOC.read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    lines = [line.strip().strip("|") for line in section.splitlines() if line.startswith("| `")]
    return [[cell.strip().replace("`", "") for cell in line.split(" | ")] for line in lines]


def read(cells: dict[str, Cell], before: Order | None = None) -> Order:
    """Return what a row with these cells says after it said something else."""
    return understood(before, tuple(cells.get(column, "") for column in WORKSHEETS[ORDERS].columns), ROSTER)


def play(was: str, typed: str) -> tuple[str, str, str]:
    """Type over an order and let polls come until nothing is left to write: who hears, what is written, history."""
    state, _, more = was.partition("; ")
    before_cells = named(START) | named(STATES[state]) | named(more)
    before, cells = read(before_cells), before_cells | named(typed)
    notices: list[Notice] = []
    written: dict[str, Cell] = {}
    history: list[str] = []
    while True:
        after = read(cells, before)
        changes = diff(before, after)
        history += [change.what.value for change in changes]
        notices += [notice for seq, change in enumerate(changes) for notice in notices_of(change, seq, AUDIENCE)]
        due = cells_to_follow(before, after, ROSTER.get(after.master_id), Decimal(30), NOW)
        fresh = {column: value for column, value in due.items() if not same(cells.get(column, ""), value)}
        if not fresh:
            return heard(notices), shown(written), ", ".join(history) or NOTHING
        written |= fresh
        before, cells = after, cells | fresh


def heard(notices: list[Notice]) -> str:
    """Return who hears what, once each, in order; ``cards`` are brought up to date, ``all`` are both masters."""
    said = [f"{WHO[one.recipient]}: {one.kind}" for one in notices if one.kind != "card"]
    said += ["cards"] * any(one.kind == "card" for one in notices)
    text = ", ".join(dict.fromkeys(said)).replace("Петров: order_new, Ким: order_new", "all: order_new")
    return text or NOTHING


def shown(written: dict[str, Cell]) -> str:
    """Return the cells that the system writes, as the document shows them."""

    def value(column: str, cell: Cell) -> str:
        if column == "Проверка":
            return "why" if cell else "cleared"
        if cell == "":
            return "cleared"
        return "now" if cell == to_serial(NOW) else str(cell).replace("\n", " ⏎ ")

    return ", ".join(f"{column}: {value(column, cell)}" for column, cell in written.items()) or NOTHING


@pytest.mark.parametrize("line", table("Orders"), ids=lambda line: f"{line[0]} → {line[1]}")
def test_what_a_change_of_an_order_causes(line: list[str]) -> None:
    was, typed, *effect = line
    assert list(play(was, typed)) == effect


@pytest.mark.parametrize("line", table("Rows"), ids=lambda line: f"{line[0]}: {line[1]}")
def test_what_a_row_is_whose_id_or_key_was_touched(line: list[str]) -> None:
    how, typed, becomes = line
    rows = {number: row(f"ID: {number}; Ключ: k{number}; Имя: Клиент {number}") for number in (1, 2, 3)}
    known = {str(n): Known(fingerprint(cells), n + 1, f"k{n}") for n, cells in rows.items()}
    before = {str(n): cells for n, cells in rows.items()}
    place = 4 if how == "copied" else 2
    rows[place] = row(f"ID: 2; Ключ: k2; Имя: Клиент 2; {typed}")
    found = identify([(n + 1, cells) for n, cells in rows.items()], known, ORDER_ID, KEY)
    reunite(found, {key: cells for key, cells in before.items() if not found.has(key)}, ORDER_ID, KEY)
    mine = next((key for key, one in found.orders.items() if one.position == place + 1), "")
    copied, by_hand = ([one.position - 1 for one in group] for group in (found.copies, found.typed))
    meaning = {
        "order 2": mine == "2" and "2" not in found.lost_id and "2" not in found.lost_key,
        "order 2, ID put back": mine == "2" and "2" in found.lost_id and "2" not in found.lost_key,
        "order 2, Ключ put back": mine == "2" and "2" in found.lost_key and "2" not in found.lost_id,
        "order 2, ID and Ключ put back": mine == "2" and "2" in found.lost_id and "2" in found.lost_key,
        "a new order, order 2 stays": place in copied and "2" in found.orders,
        "a new order, order 2 removed": place in by_hand and "2" not in found.orders,
        "a new order under this ID, order 2 removed": mine not in ("", "2") and "2" not in found.orders,
    }
    assert [words for words, true in meaning.items() if true] == [becomes]


@pytest.mark.parametrize("line", table("Masters"), ids=lambda line: f"{line[0]} → {line[1]}")
def test_what_a_change_of_a_master_causes(line: list[str]) -> None:
    was, typed, tells, history = line
    start = "ID: 1; Имя: Иван Петров; Телефон: 89110000001; Telegram: 601; Активен: TRUE"
    before = read_master(row(f"{start}; {was}", MASTERS)) if was != "no row" else None
    after = (
        read_master(row(f"{start}; {was.replace('no row', '')}; {typed}", MASTERS)) if typed != "deleted" else None
    )
    changes = diff_master(before, after)
    assert (", ".join(change.notice for change in changes) or NOTHING) == tells
    assert (", ".join(change.what.value for change in changes) or NOTHING) == history
