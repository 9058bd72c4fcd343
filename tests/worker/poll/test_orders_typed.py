"""Orders that staff type: what they lack is filled in, and they are offered once they are complete."""

import pytest
from freezegun import freeze_time

from record.grid.worksheets import MASTERS
from record.settings import load_settings
from tests.harness.office import Office, offered
from tests.harness.staff import CALLER


def test_an_order_typed_by_hand_is_given_what_it_lacks_and_offered_once(company: Office) -> None:
    company.type(**CALLER)
    company.settle()
    row = company.row(4)
    assert row["Телефон"] == "8 (900) 123-45-67", "what a person typed stays as it is"
    assert (row["Источник"], row["Статус"], row["Проверка"], row["Оповещены"]) == ("phone", "Новая", "", "")
    assert len(row["Ключ"]) == 16
    assert row["Дата"] > 45641
    assert company.told() == offered(4)
    company.settle()
    assert (company.told(), company.history(4)) == ([], ["appeared"])
    with company.store.reading() as tx:
        found = tx.orders.get("4")
        assert found
        assert found.phone == "+79001234567"


def test_half_a_row_waits_until_the_rest_is_typed(company: Office) -> None:
    company.type(Телефон="89001234567")
    company.settle()
    assert [row["ID"] for row in company.rows()] == [1, 2, 3, ""]
    assert company.rows()[3]["Проверка"] == "Заявка не заполнена: нет проблемы или категории"
    company.tab().update_cell(5, 7, "Искрит щиток")
    company.settle()
    row = company.row(4)
    assert (row["Телефон"], row["Проверка"], company.told()) == ("89001234567", "", offered(4))


@pytest.mark.parametrize(
    ("cells", "comment"),
    [
        ({}, "звонить после 18"),
        ({"Комментарий": "код 12"}, "код 12\nзвонить после 18"),
        ({"Статус": "Выполнена", "Дата": "01.02.2020"}, "звонить после 18"),
    ],
)
def test_what_a_person_wrote_into_the_check_is_moved_to_the_comment(
    company: Office, cells: dict[str, str], comment: str
) -> None:
    company.type(**{**CALLER, **cells, "Проверка": "звонить после 18"})
    company.settle()
    assert (company.row(4)["Проверка"], company.row(4)["Комментарий"]) == ("", comment)
    company.change(4, Проверка="уже звонил")
    company.settle()
    assert (company.row(4)["Проверка"], company.row(4)["Комментарий"]) == ("", f"{comment}\nуже звонил")


def test_what_a_person_wrote_into_the_check_of_half_a_row_is_kept_too(company: Office) -> None:
    company.type(Телефон="89001234567", Проверка="перезвонит сам")
    company.settle()
    row = company.rows()[3]
    assert row["Проверка"] == "Заявка не заполнена: нет проблемы или категории"
    assert row["Комментарий"] == "перезвонит сам"
    company.tab().update_cell(5, 7, "Искрит щиток")
    company.settle()
    assert (company.row(4)["Проверка"], company.row(4)["Комментарий"]) == ("", "перезвонит сам")


def test_a_row_that_cant_be_an_order_is_told_why(company: Office) -> None:
    company.type(Имя="Юля", Телефон="8900", Проблема="Искрит", Статус="дубль")
    company.settle()
    said = company.rows()[3]["Проверка"]
    assert said.startswith("Заявка не заполнена: нет понятного телефона. Телефон «8900» непонятен")
    assert "Статус «дубль» непонятен" in said
    writes = company.requests()[1]
    company.settle()
    assert company.requests()[1] == writes, "it is said once"
    company.tab().update([["89001234567"]], "E5")
    company.tab().update([["Новая"]], "I5")
    company.settle()
    assert (company.row(4)["Проверка"], company.told()) == ("", offered(4))


def test_a_row_rests_before_it_is_an_order(company: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """As long as somebody is typing in it, a row is left alone."""
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", "60")
    company.settings = load_settings()
    company.restart()
    with freeze_time("2026-12-15 12:00:00", tick=True) as clock:
        company.type(**CALLER)
        company.settle()
        clock.tick(55)
        company.tab().update_cell(5, 8, "Невского 47")
        company.settle()
        clock.tick(55)
        company.settle()
        assert company.told() == []
        assert company.poll().idle
        clock.tick(6)
        company.settle()
        assert company.row(4)["Адрес"] == "Невского 47"
        assert company.told() == offered(4)


def test_a_row_typed_with_a_master_goes_to_him(company: Office) -> None:
    company.type(**CALLER, Мастер="ким")
    company.settle()
    assert company.row(4)["Статус"] == "В работе"
    assert (company.told(), company.owner(4)) == (["master 2: assigned 4"], "2")


def test_nothing_in_a_bad_row_stops_the_others(company: Office) -> None:
    company.type(**{**CALLER, "Телефон": "позвонит сама"})
    company.type(**CALLER, Статус="дубль", Цена="дорого", Дата="завтра", Мастер="Вася")
    company.type(**CALLER)
    company.change(1, Статус="nan", Цена="две тысячи")
    company.tab(MASTERS).update_cell(3, 7, "nan")
    company.settle()
    assert company.told() == ["admin 900: alarm", *offered(5)], "of the percent that is none the admin is told"
    assert {row["ID"] for row in company.rows()} == {1, 2, 3, 4, 5, ""}
    check = company.row(1)["Проверка"]
    assert "Статус «nan» непонятен" in check
    assert "Цена «две тысячи» — не число" in check
    assert company.row(4)["Проверка"].count("«") >= 4
    company.change(1, Статус="Новая", Цена="2000")
    company.settle()
    assert company.row(1)["Проверка"] == ""


def test_text_that_looks_like_a_formula_stays_text(company: Office) -> None:
    company.paste({"Имя": "=1+1", "Телефон": "+79001234567", "Проблема": "<b>&\u202e👷 " + "а" * 5000})
    company.settle()
    row = company.row(4)
    assert (row["Имя"], len(row["Проблема"])) == ("=1+1", 5007)
    assert company.told() == offered(4)
