"""Masters in the panel: let in, left out, on what terms; how the first page and the health page speak of things."""

import re
import time

import pytest

from record.actions.orders import Actions
from record.dispatch.reach import Unreachable
from record.grid.worksheets import MASTERS
from record.grid.writes import Write
from record.store import Store
from record.store.facts import SHEET_PROBLEMS, Beat, alive
from record.values import telegram
from record.values.actors import PANEL
from tests.web.staff import IVAN, Person, put_master
from tests.web.visitor import put_order, settings_for


def writes(store: Store) -> list[Write]:
    """Return what waits for the sheet."""
    with store.reading() as tx:
        return tx.journal.open()


def act(admin: Person, master_id: str, name: str, **more: str) -> int:
    """Press a button of a master's card, as the page shows it; return the status."""
    admin.opens("/admin/masters")
    return admin.sends(f"/admin/masters/{master_id}", act=name, **more).status_code


class TestMasters:
    """The list, and what one may do there."""

    def test_who_waits_comes_first(self, admin: Person, store: Store) -> None:
        put_master(store, "9", "Семён Новиков", active=False)
        admin.opens("/admin/masters")
        said = admin.says()
        assert said.index("Семён Новиков") < said.index("Иван Петров")
        assert "Мастера 1" in said  # the figure beside the word in the menu

    @pytest.mark.parametrize(
        ("active", "name", "seen", "wanted"), [(False, "on", "ЛОЖЬ", True), (True, "off", "ИСТИНА", False)]
    )
    def test_he_is_let_in_and_left_out(
        self, admin: Person, store: Store, name: str, seen: str, *, active: bool, wanted: bool
    ) -> None:
        put_master(store, "9", "Семён Новиков", active=active)
        assert act(admin, "9", name, seen=seen) == 303
        (write,) = writes(store)
        assert (write.title, write.subject, dict(write.cells), str(write.by)) == (
            MASTERS,
            "9",
            {"Активен": wanted},
            "panel",
        )

    @pytest.mark.parametrize(
        ("cell", "typed", "written"),
        [("", "20", 20), ("", "12,5 %", 12.5), (20, "", ""), ("30%", "25", 25), (0.3, "25", 0.25)],
    )
    def test_his_commission_is_written_as_the_column_is_kept(
        self, admin: Person, store: Store, cell: str | float, typed: str, written: object
    ) -> None:
        put_master(store, "9", "Семён Новиков", {"Комиссия, %": cell})
        assert act(admin, "9", "rate", percent=typed, seen=str(cell)) == 303
        assert [dict(write.cells) for write in writes(store)] == [{"Комиссия, %": written}]

    @pytest.mark.parametrize(("cell", "typed"), [("30%", "30"), (0.3, "30"), ("", ""), (30, "30,0 %")])
    def test_the_same_commission_is_nobodys_edit(
        self, admin: Person, store: Store, cell: str | float, typed: str
    ) -> None:
        put_master(store, "9", "Семён Новиков", {"Комиссия, %": cell})
        assert act(admin, "9", "rate", percent=typed, seen=str(cell)) == 303
        assert writes(store) == []

    @pytest.mark.parametrize("typed", ["сто", "101", "-5"])
    def test_what_is_no_commission_is_explained(self, admin: Person, store: Store, typed: str) -> None:
        assert act(admin, IVAN, "rate", percent=typed, seen="") == 422
        assert "Комиссия, % «" in admin.page
        assert writes(store) == []

    def test_what_a_person_changed_meanwhile_stays_and_both_are_shown(self, admin: Person, store: Store) -> None:
        put_master(store, IVAN, "Иван Петров", {"Комиссия, %": 25})
        assert act(admin, IVAN, "rate", percent="20", seen="") == 409
        assert "сейчас « 25 » , вы хотели « 20 »" in admin.says()
        assert writes(store) == []

    def test_who_is_on_no_list_is_no_page(self, admin: Person) -> None:
        assert act(admin, "404", "on", seen="") == 404
        assert act(admin, IVAN, "rob", seen="") == 400

    def test_names_are_text(self, admin: Person, store: Store) -> None:
        put_master(store, "9", "<b>Семён</b>", active=False, Специализация='"><img src=x>')
        for address in ("/admin.html", "/admin/masters", "/admin/orders", "/admin/statistics"):
            admin.opens(address)
            assert "<b>Семён" not in admin.page
            assert "<img" not in admin.page

    def test_how_he_does_stands_on_his_card(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Статус="В работе", Мастер="Иван Петров")
        with store.transaction() as tx:
            tx.masters.set_unreachable("master", telegram(603), Unreachable.BLOCKED, "bot was blocked by the user")
            tx.masters.set_quiet(IVAN, on=True)
        admin.opens("/admin/masters")
        for expected in ("1 заявка", "бот не доходит", "просил не беспокоить"):
            assert expected in admin.says()


class TestTheFirstPage:
    """What needs a person now."""

    def test_it_shows_who_waits_and_who_works(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Проблема="Искрит щиток")
        put_order(store, "18", Статус="В работе", Мастер="Иван Петров", Проблема="Повесить люстру")
        put_order(store, "19", Статус="дубль", Проверка="Статус «дубль» непонятен")
        admin.opens("/admin.html")
        assert "Ждут мастера 1" in admin.says()
        assert "1 строка с «Проверкой»" in admin.says()
        assert "№ 17 Искрит щиток" in admin.says().replace("\N{NO-BREAK SPACE}", " ")
        live = admin.client.get("/admin/live").get_data(as_text=True)
        assert "Повесить люстру" in live
        assert "<html" not in live

    def test_an_overruled_change_is_told_until_it_is_read(self, admin: Person, store: Store) -> None:
        put_order(store, "17", Цена=2500)
        with store.transaction() as tx:
            cells = {"Цена": 1800}
            tx.journal.add(Write("Заявки", "set", "17", cells, {"Цена": 1000}, by=PANEL))
            (write,) = tx.journal.open()
            tx.journal.mark([write.id], "refused", "changed")
        admin.opens("/admin/statistics")
        said = admin.says()
        assert "ваша правка не записана" in said
        assert "Цена: вы хотели « 1800 », в таблице « 2500 » , а было « 1000 »" in said
        admin.follows(admin.sends(f"/admin/overruled/{write.id}"))
        assert "ваша правка не записана" not in admin.says()

    def test_a_masters_overruled_press_is_none_of_the_panels(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        Actions(store, settings_for("sqlite:///unused")).accept("17", IVAN)
        with store.transaction() as tx:
            tx.journal.mark([write.id for write in tx.journal.open()], "refused", "changed")
        admin.opens("/admin.html")
        assert "не записана" not in admin.says()


class TestHealth:
    """How the system is."""

    def test_it_tells_of_polls_backlog_quota_and_processes(self, admin: Person, store: Store) -> None:
        put_order(store, "17")
        Actions(store, settings_for("sqlite:///unused")).accept("17", IVAN)
        with store.transaction() as tx:
            tx.runs.add("poll", ok=True, seconds=0.25, facts={"rows": 7, "changes": 2})
            tx.runs.add("poll", ok=False, seconds=1.5, facts={"error": "Google просит подождать"})
            tx.facts.put(alive("worker"), Beat(at=time.time(), pid=1))
            tx.facts.put(SHEET_PROBLEMS, ["Лист «Заявки»: нет столбца «Статус»"])
            for _ in range(5):
                tx.quota.take("read", 50)
        admin.opens("/admin/health")
        said = admin.says()
        for expected in ("Ждут записи в таблицу 1", "0,25", "Google просит подождать", "нет столбца «Статус»",
                         "Планировщик работает", "Бот клиентов не запускался"):  # fmt: skip
            assert expected in said
        assert re.search(r"Чтение \d из 8, в минуту до 50", said)

    def test_it_renews_itself_by_a_part(self, admin: Person) -> None:
        part = admin.client.get("/admin/health/live", headers={"HX-Request": "true"}).get_data(as_text=True)
        assert "<html" not in part
        assert 'id="live"' in part
