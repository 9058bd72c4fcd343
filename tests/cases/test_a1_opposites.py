"""A1: no word is guessed into its opposite; «Проверка» asks, and nobody is told anything."""

import pytest

from tests.harness.company import Company
from tests.harness.sheet import Sheet

DENIED = ["Невыполнено", "незавершена", "незакрыта", "неотменена", "несделано", "непринята"]
WISHED = ["закрыть", "выполнение", "принять", "отменить?", "Выполнена ❌"]


def test_a1_a_denied_or_wished_status_is_asked_about(company: Company, sheet: Sheet) -> None:
    for batch in range(0, len(DENIED + WISHED), 3):
        typed = dict(zip(sheet.ids, (DENIED + WISHED)[batch : batch + 3], strict=False))
        for one, word in typed.items():
            sheet.change(one, Статус=word)
        company.nothing_happened()
        for one, word in typed.items():
            assert sheet.row(one)["Проверка"].startswith(f"Статус «{word}» непонятен: может быть, «")
    for one in sheet.ids:
        sheet.change(one, Статус="Новая")
    company.nothing_happened()
    assert {sheet.row(one)["Проверка"] for one in sheet.ids} == {""}


@pytest.mark.parametrize("typed", ["не Иван Петров", "Иван Петров или Ким", "Петров/Ким", "Иван Петров отказался"])
def test_a1_a_master_who_is_denied_or_one_of_two_is_not_sent(company: Company, sheet: Sheet, typed: str) -> None:
    sheet.change(sheet.ids[0], Мастер=typed)
    company.nothing_happened()
    assert sheet.row(sheet.ids[0])["Проверка"].startswith(f"Мастер «{typed}»")
    assert company.owner(sheet.ids[0]) == ""
