"""Contacts only of his own orders, or of offered ones while active; forged and foreign buttons do nothing."""

from itertools import product

from tests.cases.presses import answers, carried, forge, forge_all
from tests.harness.company import ACCEPT, IVAN, SERGEY, Company
from tests.harness.sheet import MASTERS, Sheet

NEWCOMER = 611
VERBS = ("card", "accept", "done", "fix", "back", "why:0", "why", "stay")


def registered(company: Company, sheet: Sheet) -> None:
    """Let somebody stand on the list of masters whom nobody has let in."""
    company.stranger(NEWCOMER, "Чужой")
    sheet.type(MASTERS, Имя="Чужой Человек", Телефон="+79110000611", Telegram=str(NEWCOMER), Активен="нет")
    company.rests()


def secrets(sheet: Sheet) -> list[str]:
    """Return what a stranger must not learn."""
    rows = sheet.rows()
    return [str(row[column]) for row in rows for column in ("Имя", "Телефон", "Адрес", "Проблема")]


def test_f1_forged_callbacks_show_and_do_nothing(announced: Company, sheet: Sheet) -> None:
    registered(announced, sheet)
    announced.rests()
    before, heard = sheet.rows(), announced.chat_of(NEWCOMER)
    there, nowhere = sheet.ids[0], 99_999
    data = [f"{verb}:{order_id}" for verb, order_id in product(VERBS, (there, nowhere))]
    said = set(forge_all(announced, NEWCOMER, heard[-1], data))
    assert len(said) == 1, "the answer does not tell whether there is such an order"
    assert announced.chat_of(NEWCOMER) == heard
    assert not any(word in text for word in secrets(sheet) for text in said)
    announced.rests()
    assert sheet.rows() == before


def test_f1_a_button_works_for_nobody_else(announced: Company, sheet: Sheet) -> None:
    registered(announced, sheet)
    first = sheet.ids[0]
    (data,) = carried(announced.card("ivan", first))
    before, heard = sheet.rows(), announced.chat_of(NEWCOMER)
    for person, under in ((NEWCOMER, heard[-1]), (SERGEY, announced.chat_of(SERGEY)[1])):
        assert "устарела" in forge(announced, person, under, data)
    announced.rests()
    assert sheet.rows() == before
    assert announced.chat_of(NEWCOMER) == heard
    forge(announced, IVAN, announced.card("ivan", first), data)
    announced.waits_for(lambda: sheet.row(first)["Мастер"] == "Иван Петров", "Ivan's own button to work")


def test_f1_a_card_from_before_is_made_fresh_and_does_nothing(announced: Company, sheet: Sheet) -> None:
    first, before = sheet.ids[0], sheet.rows()
    card = announced.card("ivan", first)
    assert "нажмите ещё раз" in forge(announced, IVAN, card, f"accept:{first}")
    announced.rests()
    assert sheet.rows() == before
    announced.press("ivan", first, ACCEPT)
    announced.waits_for(lambda: sheet.row(first)["Мастер"] == "Иван Петров", "the fresh card to work")


def test_f1_a_card_taken_by_another_shows_no_contacts(announced: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    announced.press("ivan", first, ACCEPT)
    announced.waits_for(lambda: f"#{first} занят" in announced.card("sergey", first)["text"], "his card to close")
    sheet.change(first, Адрес="Мира 1")
    announced.rests()
    text = announced.card("sergey", first)["text"]
    assert not any(str(sheet.row(first)[column]) in text for column in ("Имя", "Телефон", "Адрес"))


def test_f1_buttons_outlive_the_store(announced: Company, sheet: Sheet) -> None:
    first = sheet.ids[0]
    announced.restart(forget=True)
    announced.rests()
    announced.press("ivan", first, ACCEPT)
    announced.waits_for(lambda: sheet.row(first)["Мастер"] == "Иван Петров", "the old card to work")
    assert answers(announced, IVAN)
