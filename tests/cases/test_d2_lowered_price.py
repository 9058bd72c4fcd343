"""A price that falls after completion: by its master within an hour, and never without the admin's knowing."""

from datetime import timedelta
from decimal import Decimal

from record.actions.staff import Edit, Panel
from tests.harness.company import ACCEPT, FINISH, IVAN, Company
from tests.harness.office import Office, order
from tests.harness.sheet import Sheet
from tests.harness.system import ADMIN, MASTER_BOT

CORRECT = "✏️ Исправить сумму"


def finished(company: Company, order_id: int, price: str) -> None:
    """Let Ivan take an order and finish it."""
    company.press("ivan", order_id, ACCEPT)
    company.waits_for(lambda: FINISH in str(company.card("ivan", order_id)["buttons"]), "the order to be his")
    company.press("ivan", order_id, FINISH)
    company.system.hears(MASTER_BOT, IVAN, f"#{order_id}: сколько заплатил клиент")
    company.system.say(MASTER_BOT, IVAN, price)
    company.system.hears(MASTER_BOT, IVAN, f"Заказ #{order_id} завершён")
    company.rests()


def corrected(company: Company, order_id: int, asked: str, price: str) -> None:
    """Let Ivan press the button that corrects a price, and answer what is asked."""
    company.press("ivan", order_id, CORRECT)
    company.system.hears(MASTER_BOT, IVAN, asked)
    company.system.say(MASTER_BOT, IVAN, price)


def prices(company: Company | Office, order_id: int) -> list[tuple[float, float, str]]:
    """Return the prices of the history: before, after, by whom; 0 for none."""
    with company.store.reading() as tx:
        told = [one for one in tx.history.of(str(order_id)) if one.what == "price"]
    return [(float(one.before or 0), float(one.after or 0), str(one.by)) for one in told]


def test_d2_within_the_hour_by_himself_and_the_admin_hears(announced: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    finished(announced, first, "20000")
    announced.everybody_looks()
    corrected(announced, first, f"#{first}: сколько заплатил клиент", "2000")
    announced.waits_for(lambda: sheet.row(first)["Цена"] == 2000, "the price in the sheet")
    announced.rests()
    assert sheet.row(first)["Комиссия"] == 600
    said = announced.system.hears(MASTER_BOT, ADMIN, f"#{first} стала ниже")["text"].replace("\xa0", " ")
    assert "20 000 ₽ → 2 000 ₽" in said
    assert "Иван Петров" in said
    assert (20000, 2000, "master 1") in prices(announced, first)


def test_d2_nine_days_later_only_by_asking_staff(announced: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    finished(announced, first, "1200")
    long_ago = announced.wall_clock() - timedelta(days=9)
    sheet.change(first, **{"Дата выполнения": f"{long_ago:%d.%m.%Y %H:%M}"})
    announced.rests()
    announced.everybody_looks()
    corrected(announced, first, "сумму теперь меняет диспетчер. Напишите, сколько", "300")
    told = announced.system.hears(MASTER_BOT, ADMIN, f"исправить сумму заявки #{first}")["text"].replace("\xa0", " ")
    assert "Иван Петров просит" in told
    assert "1 200 ₽ → 300 ₽" in told
    announced.rests()
    assert (sheet.row(first)["Цена"], sheet.row(first)["Комиссия"]) == (1200, 360)
    announced.everyone_hears(ivan=["Напишите, сколько", "Вашу просьбу ему передаю"], olga=["просит исправить"])
    sheet.change(first, Цена=300)
    announced.rests()
    lowered = announced.system.hears(MASTER_BOT, ADMIN, f"#{first} стала ниже")["text"].replace("\xa0", " ")
    assert "1 200 ₽ → 300 ₽" in lowered
    assert "в таблице" in lowered
    assert prices(announced, first)[-1] == (1200, 300, "staff")
    assert sheet.row(first)["Комиссия"] == 90


def test_d2_a_price_that_rises_or_comes_late_alarms_nobody(announced: Company, sheet: Sheet) -> None:
    first, second = sheet.ids[:2]
    finished(announced, first, "1200")
    sheet.change(first, Цена=1500)
    sheet.change(second, Статус="Выполнена", Мастер="Иван Петров")
    announced.rests()
    sheet.change(second, Цена=700)
    announced.rests()
    assert not [one for one in announced.news("olga") if "стала ниже" in one]


def test_d2_lowered_before_a_poll_saw_the_order_finished(office: Office) -> None:
    office.paste(order(1))
    office.begin()
    assert not office.accept(1, "1")
    office.settle()
    office.told()
    for price in (20_000, 2_000, 2_500):
        assert not office.actions.complete("1", "1", Decimal(price)).refusal
    office.settle()
    assert office.told().count("admin 900: price_lowered 1") == 1
    assert (20000, 2000, "master 1") in prices(office, 1)


def test_d2_lowered_in_the_panel(office: Office) -> None:
    office.paste(order(1))
    office.begin()
    office.change(1, Статус="Выполнена", Мастер="Иван Петров", Цена=2000)
    office.settle()
    office.told()
    assert not Panel(office.store).edit_order("1", [Edit("Цена", "2000", 500)]).refusal
    office.settle()
    assert "admin 900: price_lowered 1" in office.told()
    assert prices(office, 1)[-1] == (2000, 500, "panel")
