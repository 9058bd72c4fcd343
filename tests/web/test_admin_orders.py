"""Orders in the panel: found among many, shown whole, changed without taking anything from a person at the sheet."""

import re
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from record.actions.client_acts import Draft
from record.actions.orders import Actions
from record.dispatch import notices
from record.dispatch.model import Roster
from record.dispatch.notices import Notice
from record.dispatch.price_questions import asked, unusual
from record.dispatch.reading import read_order
from record.grid.layout import Row
from record.grid.overlay import row_of
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.store import Store, Stored, Told
from record.values import Status
from tests.web.staff import IVAN, KIM, Person
from tests.web.visitor import put_order, put_paid, settings_for, tell
from web.present.order_history import told_lines


def listed(person: Person) -> list[str]:
    """Return the numbers of the orders that the page lists."""
    return re.findall(r'class="number-link"[^>]*>([^<]+)<', person.page)


def writes(store: Store) -> list[Write]:
    """Return what waits for the sheet."""
    with store.reading() as tx:
        return tx.journal.open()


def put_many(store: Store, count: int) -> None:
    """Put so many orders into the mirror at once, one after another."""
    rows = [
        row_of(ORDERS, {"ID": number, "Дата": 46_000 + number / 100, "Имя": f"Клиент {number}", "Статус": "Новая"})
        for number in range(1, count + 1)
    ]
    with store.transaction() as tx:
        tx.orders.put_new([Stored(read_order(row, Roster()), row, 2) for row in rows])


def edits(person: Person, order_id: str = "17", **typed: str) -> int:
    """Open an order, change fields of its form, send it; return the status."""
    person.opens(f"/admin/orders/{order_id}")
    return sends(person, order_id, **typed)


def sends(person: Person, order_id: str = "17", **typed: str) -> int:
    """Send the form as it was shown, with these fields changed."""
    shown = {name: person.hidden(name) for name in ("seen_status", "seen_master", "seen_price")}
    fields = {name: chosen(person.page, name) for name in ("status", "master")}
    price = re.search(r'id="price"[^>]*value="([^"]*)"', person.page)
    assert price
    return person.sends(f"/admin/orders/{order_id}", {**shown, **fields, "price": price[1]}, **typed).status_code


def chosen(page: str, name: str) -> str:
    """Return what a select shows."""
    select = re.search(rf'<select id="{name}".*?</select>', page, re.DOTALL)
    assert select
    option = re.search(r'<option(?: value="([^"]*)")? selected>([^<]*)', select[0])
    assert option, select[0]
    return option[2] if option[1] is None else option[1]


class TestTheList:
    """Filters, search and pages."""

    @pytest.fixture
    def many(self, admin: Person, store: Store) -> None:  # noqa: ARG002  the masters come with the admin
        """Orders of every kind."""
        put_order(store, "1", Дата=46_000.1, Статус="Выполнена", Мастер="Иван Петров", Цена=2000, Источник="phone")
        put_order(store, "2", Дата=46_001.1, Имя="Марина", Телефон="+79114567801", Источник="website")
        put_order(store, "3", Дата=46_002.1, Адрес="Ленинский проспект 30", Статус="В работе", Мастер="Сергей Ким")
        put_order(store, "4", Дата=46_003.1, Цена="дорого", Проверка="Цена «дорого» — не число")
        put_order(store, "5", Дата=46_004.1, Статус="дубль", Проверка="Статус «дубль» непонятен")

    @pytest.mark.parametrize(
        ("asked", "found"),
        [
            ("", ["5", "4", "3", "2", "1"]),
            ("status=Выполнена", ["1"]),
            ("status=?", ["5"]),
            (f"master={KIM}", ["3"]),
            ("source=phone", ["1"]),
            ("check=1", ["5", "4"]),
            ("since=2025-12-10&until=2025-12-11", ["3", "2"]),
            ("since=2025-12-12", ["5", "4"]),
            ("q=марина", ["2"]),
            ("q=8 911 456-78-01", ["2"]),
            ("q=456-78", ["2"]),
            ("q=№ 3", ["3"]),
            ("q=ЛЕНИНСКИЙ 30", ["3"]),
            ("q=юля невского&status=Выполнена", ["1"]),
            ("q=100%25", []),
            ("q=_", []),
            ("q=зюзюзю", []),
            ("status=чепуха&since=вчера&below=x", ["5", "4", "3", "2", "1"]),
        ],
    )
    @pytest.mark.usefixtures("many")
    def test_it_shows_what_was_asked_for(self, admin: Person, asked: str, found: list[str]) -> None:
        admin.opens(f"/admin/orders?{asked}")
        assert listed(admin) == found

    def test_what_is_searched_for_stands_in_no_address(self, admin: Person, store: Store) -> None:
        put_many(store, 120)
        put_order(store, "500", Телефон="+79114567801")
        admin.opens("/admin/orders")
        answer = admin.sends("/admin/orders", q="8 911 456-78-01", status="Новая")
        assert answer.headers["Location"] == "/admin/orders?sought=1&status=%D0%9D%D0%BE%D0%B2%D0%B0%D1%8F"
        admin.follows(answer)
        assert listed(admin) == ["500"]
        assert not re.search(r'(?:href|action)="[^"]*(?:456-?78|4567801)', admin.page.replace('href="tel:', "tel:"))
        admin.sends("/admin/orders", q="клиент")
        admin.opens("/admin/orders?sought=1")
        older = re.search(r'rel="next" href="([^"]+)"', admin.page)
        assert older
        admin.opens(older[1].replace("&amp;", "&"))
        assert len(listed(admin)) == 50
        rows = admin.client.get("/admin/export.csv?sought=1").get_data(as_text=True).count("\r\n")
        assert rows == 121

    def test_pages_go_down_and_back_up_again(self, admin: Person, store: Store) -> None:
        put_many(store, 120)
        seen = []
        admin.opens("/admin/orders")
        while True:
            seen.append(listed(admin))
            older = re.search(r'rel="next" href="([^"]+)"', admin.page)
            if not older:
                break
            admin.opens(older[1])
        assert [len(page) for page in seen] == [50, 50, 20]
        assert [number for page in seen for number in page] == [str(number) for number in range(120, 0, -1)]
        assert "101–120 из 120" in admin.says()
        newer = re.search(r'rel="prev" href="([^"]+)"', admin.page)
        assert newer
        admin.opens(newer[1])
        assert listed(admin) == seen[1]

    def test_a_new_order_moves_nobodys_page(self, admin: Person, store: Store) -> None:
        put_many(store, 60)
        admin.opens("/admin/orders")
        older = re.search(r'rel="next" href="([^"]+)"', admin.page)
        assert older
        put_order(store, "61", Дата=46_001.5)
        admin.opens(older[1])
        assert listed(admin) == [str(number) for number in range(10, 0, -1)]

    def test_what_is_on_its_way_to_the_sheet_is_seen_as_if_there(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        actions = Actions(store, settings_for("sqlite:///unused"))
        placed = actions.place_order(Draft("Аня", "+79001112233", "Мира 1", "Свет"))
        actions.accept("17", IVAN)
        admin.opens("/admin/orders")
        assert listed(admin) == [placed.id, "17"]
        admin.opens("/admin/orders?status=В работе")
        assert listed(admin) == ["17"]
        admin.opens("/admin/orders?status=Новая")
        assert listed(admin) == [placed.id]

    def test_what_outsiders_typed_is_text(self, admin: Person, store: Store) -> None:
        evil = "<script>alert(1)</script>"
        put_order(store, "17", Имя=evil, Адрес=evil, Проблема=evil, Комментарий=evil, Проверка=evil, Источник=evil)
        tell(store, "17", "details", evil)
        for address in ("/admin.html", "/admin/orders", "/admin/orders/17", f"/admin/orders?q={evil}"):
            admin.opens(address)
            assert evil not in admin.page
        assert "&lt;script&gt;" in admin.page


class TestOneOrder:
    """Shown whole."""

    def test_it_tells_what_happened_and_who_was_told(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Статус="В работе", Мастер="Иван Петров", Комментарий="код 12", Комиссия=300, Цена=1000)
        tell(store, "17", "appeared", "Новая", by="website")
        tell(store, "17", "status", "В работе", by=f"master {IVAN}")
        admin.opens("/admin/orders/17")
        said = admin.says()
        for expected in ("Заявка появилась · с сайта", "→ В работе · Иван Петров", "код 12", "1 000 ₽", "Юля"):
            assert expected in said.replace("\N{NO-BREAK SPACE}", " ")
        assert 'href="tel:+79001234567"' in admin.page

    def test_every_notice_about_an_order_has_a_name_in_russian(self) -> None:
        kinds = set(re.findall(r"^\| (?:master|client|admin) +\| (\w+) ", str(notices.__doc__), re.MULTILINE))
        about_others = {"activated", "deactivated", "master_registered", "talk", "talks", "alarm"}
        about_others |= {"stranger_says", "master_says"}
        assert {"order_new", "price", "paid"} < kinds
        for kind in kinds - about_others:
            told = Told(Notice("key", "admin", "900", kind, "17"), "sent", "", 0.0)
            (line,) = told_lines([told], Roster(), ZoneInfo("UTC"))
            assert re.match("[А-Я]", line.said[0].text), kind

    def test_an_unknown_number_is_no_page(self, admin: Person) -> None:
        assert admin.opens("/admin/orders/404").status_code == 404


def with_check(row: Row, said: str) -> Row:
    """Return a row whose «Проверка» says this."""
    place = WORKSHEETS[ORDERS].index("Проверка")
    return (*row[:place], said, *row[place + 1 :])


def put_asked(store: Store, price: int) -> None:
    """Let order 17 be done at a price that «Проверка» asks about."""
    put_order(store, "17", Статус="Выполнена", Мастер="Иван Петров", Цена=price)
    with store.transaction() as tx:
        stored = tx.orders.stored(["17"])["17"]
        question = unusual(Decimal(price), Decimal(2000), datetime(2026, 12, 1, 12))
        order = replace(asked(None, stored.order, question), check=question.sentence)
        tx.orders.put(order, with_check(stored.row, question.sentence), 2)


class TestChanging:
    """Through the journal, as staff; a person's word at the sheet is never overwritten unseen."""

    def test_an_unusual_price_is_saved_once_it_is_confirmed(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Статус="Выполнена", Мастер="Иван Петров", Цена=1500)
        put_paid(store, 2000)
        assert edits(admin, price="20000") == 422
        assert "20 000 ₽, верно? Обычно такие заказы стоят около 2 000 ₽" in admin.says().replace("\xa0", " ")
        assert writes(store) == []
        assert sends(admin, sure=admin.hidden("sure")) == 303
        assert [write.cells for write in writes(store)] == [{"Цена": 20000}]

    def test_a_price_that_is_asked_about_is_confirmed(self, admin: Person, store: Store) -> None:
        put_asked(store, 20000)
        admin.opens("/admin/orders/17")
        assert "Цена верна" in admin.says()
        assert admin.sends("/admin/price/17", asked=admin.hidden("asked")).status_code == 303
        assert [dict(write.cells) for write in writes(store)] == [{"Проверка": "да"}]

    def test_a_price_that_has_changed_meanwhile_is_not_confirmed(self, admin: Person, store: Store) -> None:
        put_asked(store, 20000)
        admin.opens("/admin/orders/17")
        seen = admin.hidden("asked")
        put_asked(store, 200_000)
        admin.follows(admin.sends("/admin/price/17", asked=seen))
        assert "цену изменили" in admin.says()
        assert writes(store) == []

    def test_status_master_and_price_go_into_the_journal(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        assert edits(admin, status="Выполнена", master=KIM, price="2 000,50 ₽") == 303
        (write,) = writes(store)
        assert (write.title, write.kind, write.subject, str(write.by)) == (ORDERS, "set", "17", "panel")
        assert dict(write.cells) == {"Статус": "Выполнена", "Мастер": "Сергей Ким", "Цена": 2000.5}
        assert dict(write.seen) == {"Статус": "Новая", "Мастер": "", "Цена": ""}

    def test_the_page_shows_it_at_once(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        edits(admin, status="Отменена")
        admin.opens("/admin/orders/17")
        assert "Сохранено" in admin.says()
        assert chosen(admin.page, "status") == "Отменена"

    def test_a_field_that_was_left_alone_is_nobodys_edit(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Статус="в работе", Мастер="петров иван", Цена="2 000 ₽")
        assert edits(admin) == 303
        assert writes(store) == []
        assert edits(admin, price="2500") == 303
        assert [dict(write.cells) for write in writes(store)] == [{"Цена": 2500}]

    def test_a_cell_that_nobody_understands_may_stay(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Статус="дубль", Мастер="Вася", Цена="дорого", Проверка="Статус непонятен")
        admin.opens("/admin/orders/17")
        assert "как в таблице: дубль" in admin.says()
        assert edits(admin, price="1500") == 303
        assert [dict(write.cells) for write in writes(store)] == [{"Цена": 1500}]

    @pytest.mark.parametrize(
        ("typed", "said"),
        [
            ({"price": "дорого"}, "не число"),
            ({"status": "В работе", "master": ""}, "выберите мастера"),
        ],
    )
    def test_what_cannot_be_is_explained_and_kept_as_typed(
        self, admin: Person, store: Store, typed: dict[str, str], said: str
    ) -> None:
        put_order(store, "17")
        assert edits(admin, **typed) == 422
        assert said in admin.says()
        assert chosen(admin.page, "status") == typed.get("status", "Новая")
        assert writes(store) == []

    def test_what_a_person_changed_meanwhile_is_not_overwritten_and_both_are_shown(
        self, admin: Person, store: Store
    ) -> None:
        put_order(store, "17", Статус="Выполнена", Мастер="Иван Петров", Цена=1000)
        admin.opens("/admin/orders/17")
        put_order(store, "17", Статус="Выполнена", Мастер="Иван Петров", Цена=2500)
        assert sends(admin, price="1800") == 409
        assert writes(store) == []
        assert "Цена: сейчас « 2500 » , вы хотели « 1800 »" in admin.says()
        assert sends(admin, price="1800") == 303  # seen now, and wanted all the same
        assert [dict(write.cells) for write in writes(store)] == [{"Цена": 1800}]
        assert [dict(write.seen) for write in writes(store)] == [{"Цена": 2500}]

    def test_a_slip_does_not_make_the_form_forget_what_it_saw(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Цена=1000, Статус="Выполнена")
        admin.opens("/admin/orders/17")
        put_order(store, "17", Цена=2500, Статус="Выполнена")
        assert sends(admin, price="дорого") == 422
        assert sends(admin, price="1800") == 409

    def test_a_change_of_something_else_is_no_hindrance(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Цена=1000, Статус="Выполнена")
        admin.opens("/admin/orders/17")
        put_order(store, "17", Цена=2500, Статус="Выполнена")
        assert sends(admin, status=Status.CANCELLED.value) == 303
        assert [dict(write.cells) for write in writes(store)] == [{"Статус": "Отменена"}]

    def test_two_who_want_the_same_do_not_quarrel(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Цена=1000, Статус="Выполнена")
        admin.opens("/admin/orders/17")
        put_order(store, "17", Цена=1800, Статус="Выполнена")
        assert sends(admin, price="1800") == 303
        assert writes(store) == []

    def test_a_form_from_elsewhere_is_refused(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        forged = {"status": "Отменена", "seen_status": "Новая", "master": "", "price": ""}
        assert admin.client.post("/admin/orders/17", data=forged).status_code == 400
        assert writes(store) == []

    def test_a_removed_order_is_no_page_any_more(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        admin.opens("/admin/orders/17")
        with store.transaction() as tx:
            tx.orders.drop(["17"])
        assert sends(admin, status="Отменена") == 404
