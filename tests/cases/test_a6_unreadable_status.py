"""An act is allowed by what the order is, never by what it is not."""

from tests.cases.presses import carried, forge
from tests.harness.company import ACCEPT, IVAN, Company
from tests.harness.sheet import Sheet

UNCLEAR = "непонятный статус"


def refused(company: Company, times: int = 1) -> None:
    """Wait until Ivan was told so often that nobody can read how the order stands."""
    company.waits_for(lambda: sum(UNCLEAR in said for said in company.toasts("ivan")) >= times, "a refusal")


def test_a6_accept_on_an_unreadable_status(announced: Company, sheet: Sheet) -> None:
    known = sum(UNCLEAR in said for said in announced.toasts("ivan"))
    doubled, named, taken = sheet.ids
    sheet.change(doubled, Статус="дубль")
    sheet.change(named, Мастер="Вася")
    announced.press("ivan", taken, ACCEPT)
    announced.waits_for(lambda: sheet.row(taken)["Статус"] == "В работе", "the order to be his")
    announced.waits_for(lambda: len(carried(announced.card("ivan", taken))) == 2, "his card to have its buttons")
    finish, give_back = carried(announced.card("ivan", taken))
    sheet.change(taken, Статус="перезвонить")
    announced.rests()
    announced.everybody_looks()
    for number, order_id in enumerate((doubled, named), start=1):
        announced.press("ivan", order_id, ACCEPT)
        refused(announced, known + number)
    for data in (finish, give_back):
        assert UNCLEAR in forge(announced, IVAN, announced.card("ivan", taken), data)
    announced.everyone_hears()
    assert [sheet.row(one)["Статус"] for one in sheet.ids] == ["дубль", "Новая", "перезвонить"]
    assert [sheet.row(one)["Мастер"] for one in sheet.ids] == ["", "Вася", "Иван Петров"]
    assert announced.owner(doubled) == announced.owner(named) == ""


def test_a6_once_mended_the_button_works(announced: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    sheet.change(first, Статус="дубль")
    announced.rests()
    sheet.change(first, Статус="Новая")
    announced.rests()
    announced.everybody_looks()
    announced.press("sergey", first, ACCEPT)
    announced.waits_for(lambda: announced.owner(first), "the order to be his")
    announced.everyone_hears(julia=["принял мастер … Сергей Ким"])
    assert sheet.row(first)["Мастер"] == "Сергей Ким"
