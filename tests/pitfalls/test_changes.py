"""Statuses, masters and money typed by staff: everybody hears what concerns him, once, and nothing of the past."""

from record.grid.worksheets import MASTERS
from tests.harness.company import ACCEPT, FINISH, Company, labels
from tests.harness.sheet import Sheet


def at_work(company: Company, sheet: Sheet, master: str = "Иван Петров") -> int:
    """Let a master be at work on the client's order; return its number."""
    first = sheet.ids[0]
    sheet.change(first, Статус="В работе", Мастер=master)
    company.rests()
    company.everybody_looks()
    return first


def finished(company: Company, sheet: Sheet, price: object = 2000) -> int:
    """Let Ivan have finished the client's order; return its number."""
    first = at_work(company, sheet)
    sheet.change(first, Статус="Выполнена", Цена=price)
    company.rests()
    company.everybody_looks()
    return first


def test_pitfall_29_new_then_taken_then_done_within_one_interval(announced: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    sheet.change(first, Статус="Выполнена", Мастер="Ким", Цена="2000")
    announced.everyone_hears(
        julia=[f"✅ Работа по заявке #{first} выполнена … 2 000 ₽"], sergey=["📋 Диспетчер закрыл ваш заказ"]
    )
    assert announced.history(first) == ["appeared", "status", "price"]
    assert labels(announced.card("ivan", first)) == []
    assert sheet.row(first)["Комиссия"] == 600


def test_pitfall_29_taken_and_cancelled_within_one_interval(company: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    sheet.change(first, Статус="Отменена", Мастер="Ким")
    company.everyone_hears(julia=[f"❌ Заявка #{first} отменена"])
    assert (company.owner(first), company.history(first)) == ("", ["appeared", "status"])


def test_pitfall_30_the_price_of_a_finished_order_changes(company: Company, sheet: Sheet) -> None:
    first = finished(company, sheet)
    sheet.change(first, Цена=1500)
    company.everyone_hears(julia=["💰 Стоимость … 1 500 ₽"], olga=["📉 … 2 000 ₽ → 1 500 ₽"])
    assert sheet.row(first)["Комиссия"] == 450


def test_pitfall_30_the_price_of_a_finished_order_is_cleared(company: Company, sheet: Sheet) -> None:
    first = finished(company, sheet)
    sheet.change(first, Цена="")
    company.everyone_hears()
    assert sheet.row(first)["Комиссия"] == ""
    assert company.history(first)[-1] == "price"
    sheet.change(first, Цена=500)
    company.everyone_hears(julia=["💰 Стоимость … 500 ₽"], olga=["📉 … 2 000 ₽ → 500 ₽"])


def test_pitfall_30_a_finished_order_goes_back_to_work(company: Company, sheet: Sheet) -> None:
    first = finished(company, sheet)
    sheet.change(first, Статус="В работе")
    company.everyone_hears(julia=["🚀 … Иван Петров"], ivan=["📌 Диспетчер назначил вам заказ"])
    row = sheet.row(first)
    assert (row["Комиссия"], row["Дата выполнения"], row["Цена"]) == ("", "", 2000)
    sheet.change(first, Статус="Выполнена")
    company.everyone_hears(julia=["✅ … выполнена … 2 000 ₽"], ivan=["📋 Диспетчер закрыл"])
    assert sheet.row(first)["Комиссия"] == 600


def test_pitfall_30_a_finished_order_is_offered_anew(company: Company, sheet: Sheet) -> None:
    first = finished(company, sheet)
    sheet.change(first, Статус="Новая")
    company.everyone_hears(
        ivan=[f"🔁 Заказ #{first} больше не у вас", f"🆕 … #{first}"], sergey=[f"🆕 Новая заявка … #{first}"]
    )
    row = sheet.row(first)
    assert (row["Мастер"], row["Комиссия"], row["Дата выполнения"]) == ("", "", "")


def test_pitfall_31_a_commission_typed_by_hand_stays_until_the_price_changes(company: Company, sheet: Sheet) -> None:
    first = finished(company, sheet)
    sheet.change(first, Комиссия=100)
    company.nobody_hears_anything()
    sheet.change(first, Имя="Юлия", Комментарий="скидка")
    company.everyone_hears()
    assert sheet.row(first)["Комиссия"] == 100
    sheet.change(first, Цена=1000)
    company.everyone_hears(julia=["💰 Стоимость … 1 000 ₽"], olga=["📉 … 2 000 ₽ → 1 000 ₽"])
    assert sheet.row(first)["Комиссия"] == 300


def test_pitfall_31_a_commission_typed_together_with_the_price(company: Company, sheet: Sheet) -> None:
    first = at_work(company, sheet)
    sheet.change(first, Статус="Выполнена", Цена=2000, Комиссия=50)
    company.everyone_hears(julia=["✅ … 2 000 ₽"], ivan=["📋 Диспетчер закрыл"])
    assert sheet.row(first)["Комиссия"] == 50


def test_pitfall_32_another_master_is_typed(announced: Company, sheet: Sheet) -> None:
    first = at_work(announced, sheet)
    sheet.change(first, Мастер="Сергей Ким")
    announced.everyone_hears(
        ivan=[f"🔁 Заказ #{first} больше не у вас. Теперь им займётся Сергей Ким"],
        sergey=[f"📌 Диспетчер назначил вам заказ … #{first}"],
        julia=["🔁 … приедет другой мастер … Сергей Ким … +7 911 000-06-02"],
    )
    assert announced.owner(first) == "2"
    assert labels(announced.card("sergey", first))[0] == FINISH


def test_pitfall_32_the_master_is_cleared(announced: Company, sheet: Sheet) -> None:
    first = at_work(announced, sheet)
    sheet.change(first, Мастер="")
    announced.everyone_hears(
        ivan=[f"🔁 Заказ #{first} больше не у вас", f"🆕 … #{first}"],
        sergey=[f"🆕 Новая заявка … #{first}"],
        julia=["🔎 … Уже ищем другого"],
    )
    assert (sheet.row(first)["Статус"], announced.owner(first)) == ("Новая", "")
    assert announced.history(first)[-2:] == ["master", "reopened"]
    assert labels(announced.card("sergey", first)) == [ACCEPT]


def test_pitfall_32_staff_overrule_a_masters_press(announced: Company, sheet: Sheet) -> None:
    """A master has accepted in his chat; the dispatcher gives the order to the other one."""
    first = sheet.ids[0]
    announced.press("ivan", first, ACCEPT)
    announced.waits_for(lambda: sheet.row(first)["Мастер"] == "Иван Петров", "the acceptance in the sheet")
    announced.everyone_hears(julia=["🚀 … Иван Петров"])
    sheet.change(first, Мастер="Ким")
    announced.everyone_hears(ivan=["🔁 … Сергей Ким"], sergey=["📌 Диспетчер назначил"], julia=["🔁 … Сергей Ким"])
    assert announced.owner(first) == "2"


def test_corrected_details_reach_the_master_at_work_with_their_values(company: Company, sheet: Sheet) -> None:
    first = at_work(company, sheet)
    sheet.change(first, Телефон="8 900 111-22-33", Адрес="Мира 7, кв. 5")
    company.everyone_hears(ivan=[f"✏️ В заказе #{first} … +7 900 111-22-33 … Мира 7, кв. 5"])


def test_a_master_renamed_keeps_his_orders_under_the_old_name(company: Company, sheet: Sheet) -> None:
    """What stands in «Мастер» means whom it meant, until somebody types over it."""
    first = at_work(company, sheet)
    sheet.change(1, MASTERS, Имя="Иван Сидоров")
    company.nobody_hears_anything()
    sheet.change(first, Статус="Выполнена", Цена=2000)
    company.everyone_hears(julia=["✅ … 2 000 ₽"], ivan=["📋 Диспетчер закрыл"])
    row = sheet.row(first)
    assert (row["Мастер"], row["Комиссия"], row["Проверка"]) == ("Иван Петров", 600, "")
    assert company.order(first).master_id == "1"


def test_a_master_with_another_telegram_is_greeted_there(company: Company, sheet: Sheet) -> None:
    """His new chat gets the keyboard and what comes from now on; the old one hears nothing any more."""
    company.stranger(603, "Иван")
    sheet.change(1, MASTERS, Telegram="'603")
    company.everyone_hears()
    assert "🎉 Вам открыли заказы" in company.chat_of(603)[-1]["text"]
    sheet.change(sheet.ids[0], Мастер="Иван Петров")
    company.everyone_hears(julia=["🚀 … Иван Петров"])
    assert "📌 Диспетчер назначил" in company.chat_of(603)[-1]["text"]


def test_a_master_switched_off_and_on(company: Company, sheet: Sheet) -> None:
    sheet.change(1, MASTERS, Активен=False)
    company.everyone_hears(ivan=["⏸ Новые заказы вам пока не приходят"])
    sheet.change(1, MASTERS, Активен="да")
    company.everyone_hears(ivan=["🎉 Вам открыли заказы"])


def test_another_rate_of_a_master_counts_from_the_next_price(company: Company, sheet: Sheet) -> None:
    first = finished(company, sheet)
    sheet.change(1, MASTERS, **{"Комиссия, %": "20%"})
    company.nobody_hears_anything()
    assert sheet.row(first)["Комиссия"] == 600
    sheet.change(first, Цена=1000)
    company.everyone_hears(julia=["💰 … 1 000 ₽"], olga=["📉 … 2 000 ₽ → 1 000 ₽"])
    assert sheet.row(first)["Комиссия"] == 200
