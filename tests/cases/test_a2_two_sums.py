"""A2: two sums that a person wrote apart are never joined, in the sheet and in the master's bot."""

import pytest

from tests.cases.test_b1_said_with_a_phone import says, takes
from tests.harness.company import FINISH, IVAN, Company
from tests.harness.sheet import Sheet
from tests.harness.system import MASTER_BOT

TWO = ["2000 500", "1500р 300р", "2000\n500", "1 000 2 000", "2000/500", "2000, 500"]


@pytest.mark.parametrize("typed", TWO)
def test_a2_two_sums_in_the_sheet_are_asked_about(company: Company, sheet: Sheet, typed: str) -> None:
    first = sheet.ids[0]
    sheet.change(first, Статус="Выполнена", Цена=f"'{typed}")
    company.everyone_hears(julia=["✅ … выполнена"])
    row = sheet.row(first)
    assert row["Проверка"].startswith(f"Цена «{' '.join(typed.split())}» — не число: напишите, например, ")
    assert row["Комиссия"] == ""
    assert company.order(first).price is None


def test_a2_two_sums_in_the_bot_are_asked_again(announced: Company, sheet: Sheet) -> None:
    company, first = announced, sheet.ids[0]
    takes(company, first)
    company.press("ivan", first, FINISH)
    company.waits_for(lambda: "сколько" in company.chat_of(IVAN)[-1]["text"].casefold(), "the question")
    for typed in TWO:
        says(company, MASTER_BOT, IVAN, typed)
        assert "не число: напишите, например" in company.chat_of(IVAN)[-1]["text"], typed
    company.rests()
    assert sheet.row(first)["Цена"] == ""
