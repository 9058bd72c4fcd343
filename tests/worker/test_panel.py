"""What staff change in the panel reaches the sheet, unless a person at the sheet was there in between."""

from record.actions import staff
from record.actions.staff import Edit, Overruled, Panel
from record.grid.worksheets import MASTERS
from record.values import telegram
from tests.harness.office import Office, order


def overruled(office: Office) -> list[Overruled]:
    """Return what the panel has to tell."""
    with office.store.reading() as tx:
        return staff.overruled(tx)


def test_a_change_reaches_the_sheet_and_whom_it_concerns(office: Office) -> None:
    office.paste(order(1))
    office.begin()
    saved = Panel(office.store).edit_order(
        "1", [Edit("Статус", "Новая", "В работе"), Edit("Мастер", "", "Сергей Ким")]
    )
    assert (saved.refusal, saved.changed) == ("", ("Статус", "Мастер"))
    office.settle()
    row = office.row(1)
    assert (row["Статус"], row["Мастер"]) == ("В работе", "Сергей Ким")
    assert "client 501: accepted 1" in office.told()
    with office.store.reading() as tx:
        assert [str(event.by) for event in tx.history.of("1")][-1] == "panel"


def test_a_price_brings_its_commission(office: Office) -> None:
    office.paste(order(1, Статус="Выполнена", Мастер="Иван Петров"))
    office.begin()
    Panel(office.store).edit_order("1", [Edit("Цена", "", 2000)])
    office.settle()
    assert (office.row(1)["Цена"], office.row(1)["Комиссия"]) == (2000, 600)


def test_an_edit_that_landed_at_the_sheet_first_stays_and_the_panel_shows_both(office: Office) -> None:
    office.paste(order(1, Статус="Выполнена", Мастер="Иван Петров", Цена=1000))
    office.begin()
    office.change(1, Цена=2500)  # no poll has seen it yet
    assert Panel(office.store).edit_order("1", [Edit("Цена", "1000", 1800)]).refusal == ""
    office.settle()
    assert office.row(1)["Цена"] == 2500
    (told,) = overruled(office)
    (cell,) = told.cells
    assert (cell.column, cell.seen, cell.now, cell.wanted) == ("Цена", "1000", "2500", "1800")
    Panel(office.store).dismiss(told.write.id)
    assert overruled(office) == []


def test_a_row_that_was_deleted_is_said_to_be_gone(office: Office) -> None:
    office.paste(order(1), order(2))
    office.begin()
    office.delete(1)
    Panel(office.store).edit_order("1", [Edit("Статус", "Новая", "Отменена")])
    office.settle()
    assert [one.gone for one in overruled(office)] == [True]


def test_a_master_is_let_in_and_greeted(office: Office) -> None:
    office.type(MASTERS, ID=3, Имя="Новый Мастер", Телефон="+79110000003", Telegram="603", Активен=False)
    office.begin()
    assert Panel(office.store).edit_master("3", [Edit("Активен", "ЛОЖЬ", wanted=True)]).refusal == ""
    with office.store.reading() as tx:
        shown = staff.master(tx, "3")
        assert shown
        assert shown.master.active  # seen before the sheet has it
    office.settle()
    assert office.row(3, MASTERS)["Активен"] is True
    assert "master 3: activated" in office.told()


def test_one_who_has_just_registered_can_be_let_in_before_the_sheet_knows_him(office: Office) -> None:
    office.begin()
    hopeful = office.actions.register_master("Семён Новиков", "+79110000009", telegram(609), "Электрика")
    saved = Panel(office.store).edit_master(hopeful.id, [Edit("Активен", "ЛОЖЬ", wanted=True)])
    assert saved.changed == ("Активен",)
    office.settle()
    assert office.row(hopeful.id, MASTERS)["Активен"] is True


def test_a_master_whom_a_person_has_switched_off_meanwhile_is_not_switched_on(office: Office) -> None:
    office.begin()
    panel_of = Panel(office.store)
    office.change(1, MASTERS, Активен=False)
    office.settle()
    saved = panel_of.edit_master("1", [Edit("Активен", "", wanted=True)])
    assert saved.refusal == "conflict"
    assert [(one.now, one.wanted) for one in saved.conflicts] == [("ЛОЖЬ", "ИСТИНА")]
