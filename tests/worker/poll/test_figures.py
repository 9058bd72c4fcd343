"""«Статистика» and the masters' figures follow the orders."""

from record.grid.worksheets import MASTERS
from tests.harness.office import Office
from tests.harness.staff import CALLER


def test_figures_follow_the_orders_and_unchanged_ones_cause_no_write(company: Office) -> None:
    company.change(1, Статус="Выполнена", Мастер="Ким", Цена=2000)
    company.type(**CALLER, Источник="радио")
    company.settle()
    company.count()
    shown = {row["Показатель"]: row["Всего"] for row in company.rows("Статистика")}
    assert shown["Заявок"] == 4
    assert (shown["Выполнено"], shown["Оборот, ₽"], shown["Комиссия, ₽"], shown["Средний чек, ₽"]) == (
        1,
        2000,
        600,
        2000,
    )
    assert (shown["Источник: телефон"], shown["Источник: радио"], shown["Сергей Ким: выполнено"]) == (3, 1, 1)
    ivan, sergey = (company.row(number, MASTERS) for number in (1, 2))
    assert (sergey["Выполнено"], sergey["Заработок"], sergey["Комиссия"]) == (1, 1400, 600)
    assert (ivan["Выполнено"], ivan["Заработок"]) in {(0, 0), ("", "")}

    writes = company.requests()[1]
    assert company.figures.run()["idle"]
    company.settle()
    assert company.figures.run()["idle"]
    assert company.requests()[1] == writes

    company.change(4, Источник="direct")
    company.settle()
    company.count()
    shown = {row["Показатель"]: row["Всего"] for row in company.rows("Статистика")}
    assert (shown["Источник: личное сообщение"], shown["Источник: радио"]) == (1, 0)


def test_figures_may_stand_in_any_order_beside_own_notes(company: Office) -> None:
    company.count()
    tab = company.tab("Статистика")
    tab.insert_cols([["Заметка", "моё"]], 1)
    tab.sort((2, "des"), range="A2:F40")
    company.change(1, Статус="Отменена")
    company.settle()
    company.count()
    rows = company.rows("Статистика")
    assert len({row["Показатель"] for row in rows}) == len(rows)
    assert {row["Показатель"]: row["Всего"] for row in rows}["Отменена"] == 1
    assert [row["Заметка"] for row in rows].count("моё") == 1
