"""I3: who is forgotten takes nobody else along: no master of his name or chat, no order that mentions him."""

from pathlib import Path

import pytest

from record.actions.client_acts import Draft
from record.dispatch.person import ERASED, Person, is_clients
from record.grid.worksheets import MASTERS
from record.values import telegram
from tests.cases.test_i3_forgotten_everywhere import forgets
from tests.harness.office import Office, order
from worker.backup.backup import on_demand
from worker.backup.file import files, load

HIS, CHAT = "+79215550177", telegram(555017755)
TYPED = "8 921 555-01-77"


@pytest.fixture
def company(office: Office) -> Office:
    """A master whose chat sends an order for his mother, and a client who is called as another master is."""
    office.type(MASTERS, ID=3, Имя="Павел Громов", Телефон="+79110000003", Telegram=str(CHAT.id), Активен=True)
    office.begin()
    by_son = Draft("Анна Громова", HIS, "Ленина 5, кв. 3", "Искрит", source="telegram", chat=CHAT)
    office.actions.place_order(by_son)
    office.actions.place_order(Draft("Иван Петров", "+79215550178", "Советский проспект 1", "Искрит"))
    office.settle()
    for number in (1, 2):
        office.change(number, Статус="Отменена")
    office.settle()
    with office.store.transaction() as tx:
        tx.cards.put("9", "3", CHAT, "77")
        tx.staff.put("Иван Петров", "hash", 1.0)
    office.told()
    return office


@pytest.mark.parametrize("phone", [HIS, "+79215550178"])
def test_i3_no_master_is_forgotten_with_a_client(company: Office, phone: str) -> None:
    with company.store.reading() as tx:
        before = tx.masters.rows()
    forgets(company, phone)
    with company.store.reading() as tx:
        assert tx.masters.rows() == before
        assert tx.cards.holders("9") == ["3"]
    company.settle()
    assert not [one for one in company.told() if "activated" in one]


def test_i3_nor_one_who_enters_the_panel_in_the_copies(company: Office) -> None:
    on_demand(company.store, company.sheet, company.settings)
    forgets(company, "+79215550178")
    (copy,) = [load(path) for path in files(Path(company.settings.backup.folder))]
    assert [one["name"] for one in copy.kept["staff"]] == ["Иван Петров"]


def test_i3_an_order_that_mentions_him_loses_his_phone_only(company: Office) -> None:
    said = f"ключ у соседки {TYPED}\nпосле 18"
    company.paste(order(5, Телефон="+79001110000", Комментарий=said, Статус="Новая"))
    company.settle()
    on_demand(company.store, company.sheet, company.settings)
    forgets(company, HIS)
    company.settle()
    row = company.row(5)
    assert (row["Имя"], row["Телефон"], row["Адрес"]) == ("Клиент 5", "+79001110000", "Невского 5")
    assert row["Комментарий"] == "ключ у соседки\nпосле 18"
    assert company.row(1)["Имя"] == ERASED
    (copy,) = [load(path) for path in files(Path(company.settings.backup.folder))]
    kept = str([tab.rows for tab in copy.worksheets])
    assert ("Невского 5" in kept, TYPED in kept) == (True, False)


@pytest.mark.parametrize(
    ("cells", "his"),
    [
        ({"Телефон": TYPED}, True),
        ({"Телефон": "+79001110000 или 8(921)5550177"}, True),
        ({"Телефон": "+79001110000", "Комментарий": f"Телефон: 8 900 111-00-00 или {TYPED}"}, True),
        ({"Телефон": "+79001110000", "Комментарий": f"ключ у соседки {TYPED}"}, False),
        ({"Телефон": "", "Проблема": f"перезвонить мастеру {TYPED}"}, False),
        ({"Телефон": "+79001110000", "Адрес": "Ленина 5, кв. 3", "Комментарий": f"или {TYPED}"}, True),
        ({"Телефон": "+79001110000", "Telegram": CHAT.id, "Комментарий": f"или {TYPED}"}, True),
    ],
)
def test_i3_whose_order_it_is(cells: dict[str, object], his: bool) -> None:  # noqa: FBT001  the table says
    person = Person(HIS, ("Ленина 5, кв. 3",), (str(CHAT), str(CHAT.id)))
    assert is_clients(person, cells) is his


def test_i3_a_name_that_is_our_own_word_hides_nothing(office: Office) -> None:
    office.begin()
    office.actions.place_order(Draft(ERASED, HIS, "Ленина 5, кв. 3", "Искрит у Феофании"))
    office.settle()
    office.change(1, Статус="Отменена")
    office.settle()
    forgets(office, HIS)
    with office.store.reading() as tx:
        journal = tx._connection.exec_driver_sql("select cells from journal").scalars()  # noqa: SLF001  no noun has it
        assert not [cells for cells in journal if "Искрит" in cells or r"\u0418\u0441\u043a" in cells]
