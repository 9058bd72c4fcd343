"""A2: two sums that a person wrote apart are never joined, in the sheet and in the master's bot."""

import pytest

from bots.incoming import Incoming
from bots.master.pricing import asking, pricing
from record.values import telegram
from tests.harness.office import Office, order

TWO = ["2000 500", "1500р 300р", "2000\n500", "1 000 2 000", "2000/500", "2000, 500"]


def test_a2_two_sums_in_the_sheet_are_asked_about(office: Office) -> None:
    numbers = range(1, len(TWO) + 1)
    office.paste(*map(order, numbers))
    office.begin()
    for number, typed in zip(numbers, TWO, strict=True):
        office.change(number, Статус="Выполнена", Цена=f"'{typed}")
    office.settle()
    assert [line for line in office.told() if not line.startswith("client")] == []
    for number, typed in zip(numbers, TWO, strict=True):
        row = office.row(number)
        assert row["Проверка"].startswith(f"Цена «{' '.join(typed.split())}» — не число: напишите, например, ")
        assert row["Комиссия"] == ""
        with office.store.reading() as tx:
            kept = tx.orders.get(str(number))
        assert kept
        assert kept.price is None


@pytest.mark.parametrize("typed", TWO)
def test_a2_two_sums_in_the_bot_are_asked_again(typed: str) -> None:
    asked = asking("5", usual=None, before=None)
    turn = pricing(asked, Incoming(telegram(601), "text", text=typed))
    assert (turn.act, turn.state) == ("", asked)
    assert turn.message
    assert "не число: напишите, например" in turn.message.text
