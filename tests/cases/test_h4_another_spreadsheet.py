"""H4: another spreadsheet with the store kept is said to be another, and entered by a step of its own."""

import pytest

from record.actions.client_acts import Draft
from record.errors import SheetBroken
from record.grid.worksheets import ORDERS
from record.settings import load_settings
from record.sheet import Sheet
from record.store import Store
from tests.harness.office import Office, offered, order
from tests.harness.staff import CALLER, Staff, google_of
from tests.harness.system import SPREADSHEET
from worker.check import check
from worker.init import prepare
from worker.switch import Switched, begin_if_empty, in_words, switch

ANOTHER = "В настройках другая таблица"


class Mover:
    """An owner who writes another spreadsheet into the settings."""

    def __init__(self, office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
        self.office = office
        self._monkeypatch = monkeypatch
        self._google = google_of("staff", office.system.url)

    def made(self, *rows: dict[str, object]) -> str:
        """Return a spreadsheet that `init` has prepared, with these orders in it."""
        book = self._google.create("Новая")
        self.goes_to(book.id)
        prepare(self.any_one())
        self.office.paste(*rows)
        return book.id

    def copied(self) -> str:
        """Return a copy of the spreadsheet, as «Файл → Создать копию» makes it."""
        return self._google.copy(SPREADSHEET, "Копия").id

    def goes_to(self, spreadsheet: str) -> None:
        """Name a spreadsheet in the settings, and start everything anew."""
        self._monkeypatch.setenv("NARYAD_SHEETS__SPREADSHEET_ID", spreadsheet)
        office = self.office
        office.settings = load_settings()
        Staff.__init__(office, self._google.open_by_key(spreadsheet))
        office.restart()

    def any_one(self) -> Sheet:
        """Return the door of who prepares a spreadsheet."""
        return Sheet(self.office.settings, self.office.store, any_one=True)

    def switches(self) -> Switched | None:
        """Run `worker switch`."""
        return switch(self.office.store, self.any_one(), self.office.settings)


@pytest.fixture
def mover(company: Office, monkeypatch: pytest.MonkeyPatch) -> Mover:
    """An owner of a company with three orders."""
    company.deliver()
    company.begin()
    return Mover(company, monkeypatch)


@pytest.fixture
def company(office: Office) -> Office:
    """An office with three orders, the second in work."""
    office.paste(order(1), order(2, Статус="В работе", Мастер="Иван Петров"), order(3))
    office.begin()
    return office


DRAFT = Draft("Юля", "+79001234567", "Мира 1", "Искрит")


def mirrored(store: Store) -> dict[str, str]:
    """Return the orders of the mirror with their keys."""
    with store.reading() as tx:
        return {order_id: str(row[-1]) for order_id, _, row in tx.orders.rows()}


@pytest.mark.parametrize("copy", [False, True])
def test_h4_it_says_so_and_touches_nothing(mover: Mover, *, copy: bool) -> None:
    office, before = mover.office, mirrored(mover.office.store)
    mover.goes_to(mover.copied() if copy else mover.made(order(1, Имя="Совсем другой", Ключ="zzz")))
    sheet = office.values()
    office.actions.accept("1", "2")
    for act in (office.poll, office.flush, office.figures.run):
        with pytest.raises(SheetBroken, match=ANOTHER) as broken:
            act()
        assert "python -m worker switch" in str(broken.value)
        assert "верните прежний sheets.spreadsheet_id" in str(broken.value)
        assert broken.value.cause == "another"
    assert office.told() == []
    assert (mirrored(office.store), office.values()) == (before, sheet)
    assert [one.said for one in check(office.settings) if ANOTHER in one.said and not one.right]


def test_h4_back_to_the_first_all_goes_on(mover: Mover) -> None:
    office = mover.office
    mover.goes_to(mover.made())
    with pytest.raises(SheetBroken):
        office.poll()
    office.actions.accept("1", "2")
    mover.goes_to(SPREADSHEET)
    office.settle()
    assert office.row(1)["Мастер"] == "Сергей Ким"
    assert office.told() == ["client 501: accepted 1"]


def test_h4_two_orders_deleted_in_the_same_spreadsheet_are_deleted(mover: Mover) -> None:
    office = mover.office
    office.delete(3)
    office.delete(2)
    office.settle()
    assert set(mirrored(office.store)) == {"1"}
    assert "master 1: removed 2" in office.told()


def test_h4_another_one_is_begun_anew_and_nobody_is_told(mover: Mover) -> None:
    office = mover.office
    mover.made(order(2, Имя="Другой", Ключ="zz2", Статус="Отменена"), order(5, Ключ="zz5"))
    done = mover.switches()
    assert done
    assert (done.known, done.same, done.found) == (3, set(), 2)
    assert in_words(done)[0] == "Это другая таблица, в ней 2 заявки: Наряд начинает с неё заново"
    office.settle()
    assert office.told() == []
    assert set(mirrored(office.store)) == {"2", "5"}
    assert office.row(2)["Имя"] == "Другой"
    assert office.owner(2) is None
    assert office.history(2) == []
    office.type(**CALLER)
    office.settle()
    assert office.told() == ["admin 900: no_masters 6"]
    assert mover.switches() is None


def test_h4_in_a_copy_all_that_is_known_goes_along(mover: Mover) -> None:
    office = mover.office
    office.accept(1, "2")
    before = office.history(3)
    mover.goes_to(mover.copied())
    done = mover.switches()
    assert done
    assert (len(done.same), done.given_up) == (3, 0)
    assert in_words(done)[0].startswith("Это копия прежней таблицы, все заявки (3) те же")
    office.settle()
    assert [line for line in office.told() if "order_new" in line] == []
    assert office.owner(1) == "2"
    assert office.history(3)[: len(before)] == before
    row = office.row(1)
    assert (row["Статус"], row["Мастер"]) == ("В работе", "Сергей Ким")


def test_h4_what_a_client_sent_meanwhile_reaches_the_new_one(mover: Mover) -> None:
    office = mover.office
    mover.made()
    office.actions.accept("1", "2")
    with pytest.raises(SheetBroken):
        office.flush()
    made = office.actions.place_order(DRAFT).id
    done = mover.switches()
    assert done
    assert done.given_up == 1
    assert any("не успели попасть и отменены: 1 правка" in line for line in in_words(done))
    office.settle()
    assert [row["ID"] for row in office.rows()] == [int(made)]


def test_h4_back_again_the_history_is_there(mover: Mover) -> None:
    office = mover.office
    office.change(3, Статус="Отменена")
    office.settle()
    office.told()
    before = office.history(3)
    new = mover.made(order(3, Ключ="zz3"))
    mover.switches()
    office.settle()
    assert office.history(3) != before
    mover.goes_to(SPREADSHEET)
    with pytest.raises(SheetBroken, match=f"Наряд вёл {new}"):
        office.poll()
    mover.switches()
    office.settle()
    assert office.history(3)[: len(before)] == before
    assert office.told() == []


def test_h4_an_empty_store_begins_with_any(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (3, 2):
        office.tab("Мастера").delete_rows(number)
    office.begin()
    mover = Mover(office, monkeypatch)
    mover.made(order(1), order(2, Статус="Новая", Оповещены=""))
    begin_if_empty(office.store, office.settings)
    office.settle()
    assert set(mirrored(office.store)) == {"1", "2"}
    assert offered(1)[0] not in office.told()
    assert office.tab(ORDERS).title == ORDERS
