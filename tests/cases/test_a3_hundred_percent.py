"""A3: «100%» in a cell formatted as percent, which Google keeps as 1, is 100 %; a plain 1 is 1 %."""

from decimal import Decimal
from typing import Any

import pytest

from record.grid.worksheets import MASTERS
from tests.harness.office import Office, order
from tests.harness.staff import Staff


def formatted(staff: Staff, master: int, pattern: str) -> None:
    """Let a master's commission be shown in a number format."""
    place = f"{chr(ord('A') + staff.header(MASTERS).index('Комиссия, %'))}{staff.number(master, MASTERS)}"
    kind = "PERCENT" if "%" in pattern else "NUMBER"
    staff.tab(MASTERS).format(place, {"numberFormat": {"type": kind, "pattern": pattern}})


def finished_at_2000(office: Office) -> Any:
    """Finish order 1 at 2000, and return its commission."""
    office.change(1, Статус="Выполнена", Мастер="Иван Петров", Цена=2000)
    office.settle()
    return office.row(1)["Комиссия"]


@pytest.mark.parametrize(
    ("pattern", "typed", "due"),
    [("0%", "100%", 2000), ("0.00%", 1, 2000), ("0", 1, 20), ("0%", 0.9, 1800),
     ("0.0%", 0.009, 18), ("0", 30, 600)],
)  # fmt: skip
def test_a3_the_format_says_what_1_means(office: Office, pattern: str, typed: Any, due: int) -> None:
    formatted(office, 1, pattern)
    office.change(1, MASTERS, **{"Комиссия, %": typed})
    office.paste(order(1))
    office.begin()
    assert finished_at_2000(office) == due


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (0.9, "«0.9»: неясно, 90 % или 0,9 %. Напишите «90%» или «0,9%»"),
        (0.3, "«0.3»: неясно, 30 % или 0,3 %"),
        ("тридцать", "«тридцать» — не число: напишите, например, 30"),
        ("двадцать пять", "— не число: напишите, например, 25"),
    ],
)
def test_a3_what_may_be_a_share_or_a_part_is_asked(office: Office, typed: Any, words: str) -> None:
    formatted(office, 1, "0.##")
    office.change(1, MASTERS, **{"Комиссия, %": typed})
    office.paste(order(1))
    office.settle()
    with office.store.reading() as tx:
        (master,) = [one for one in tx.masters.stored().values() if one.id == "1"]
        (trouble,) = master.troubles
    assert words in trouble.sentence
    # the company's rate counts meanwhile
    assert finished_at_2000(office) == 600


def test_a3_a_poll_asks_google_for_nothing_more(office: Office) -> None:
    """Only while somebody's commission is just 1 is one more read made, and not again while nothing changes."""
    office.paste(order(1))
    office.begin()
    reads = office.sheet.calls
    office.change(1, Адрес="Мира 1")
    office.poll()
    assert office.sheet.calls == reads + 1
    office.change(1, MASTERS, **{"Комиссия, %": 1})
    office.poll()
    assert office.sheet.calls == reads + 3
    office.change(1, Адрес="Мира 2")
    office.poll()
    assert office.sheet.calls == reads + 4


def test_a3_another_format_over_the_same_1_is_noticed(office: Office) -> None:
    office.paste(order(1))
    office.change(1, MASTERS, **{"Комиссия, %": 1})
    office.begin()
    with office.store.reading() as tx:
        assert tx.masters.stored()["1"].percent == Decimal(1)
    formatted(office, 1, "0%")
    office.poller._percent_format.due = 0.0  # noqa: SLF001  as a minute later
    office.poller._next_due = 0.0  # noqa: SLF001  likewise
    assert finished_at_2000(office) == 2000
