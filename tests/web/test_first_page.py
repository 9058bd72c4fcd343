"""The first page: true figures, reviews where there are any, and what a link fills in."""

import re
from pathlib import Path

import pytest
from freezegun import freeze_time

from record.dispatch.model import Master
from record.dispatch.reach import Unreachable
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS
from record.settings.sections import Review
from record.store import Store
from record.values import Status, telegram
from tests.web.shop import text
from tests.web.visitor import NewVisitor, Visitor, all_orders, put_order, settings_for
from web import create_app


def put_master(store: Store, number: int, *, active: bool = True, chat: int | None = None) -> None:
    master = Master(str(number), f"Мастер {number}", "+79110000000", telegram(chat or 1000 + number), active=active)
    with store.transaction() as tx:
        tx.masters.put(master, row_of(MASTERS, {"ID": number, "Имя": master.name}), number + 1)


def counts(visitor: Visitor) -> str:
    visitor.opens()
    return text(visitor.page.partition('class="counts"')[2].partition(">")[2].partition("</ul>")[0])


class TestCounts:
    """How many masters are there for a client, and how many orders are done."""

    def test_they_are_true(self, visitor: Visitor, store: Store) -> None:
        put_master(store, 3)
        put_master(store, 4, active=False)
        for number, status in enumerate((Status.DONE, Status.DONE, Status.NEW, Status.WORK, Status.CANCELLED), 20):
            put_order(store, str(number), Статус=status.value)
        assert counts(visitor) == "2 мастера на линии 2 заявки выполнены"

    def test_who_asked_for_quiet_or_cannot_be_reached_is_not_on_line(self, visitor: Visitor, store: Store) -> None:
        for number in (3, 4, 5):
            put_master(store, number)
        with store.transaction() as tx:
            tx.masters.set_quiet("3", on=True)
            tx.masters.set_unreachable("master", telegram(1004), Unreachable.BLOCKED)
        assert counts(visitor) == "2 мастера на линии"

    def test_nothing_is_boasted_of_where_there_is_nothing(self, visitor: Visitor, store: Store) -> None:
        with store.transaction() as tx:
            tx.masters.set_quiet("2", on=True)
        assert counts(visitor) == ""

    def test_they_stay_fresh_while_the_page_is_open(self, visitor: Visitor, store: Store) -> None:
        visitor.opens()
        found = re.search(r'hx-get="(/counts[^"]+)"', visitor.page)
        assert found
        assert visitor.opens(found[1]).status_code == 204
        put_order(store, "20", Статус=Status.DONE.value)
        assert visitor.opens(found[1]).status_code == 200
        assert text(visitor.page) == "1 мастер на линии 1 заявка выполнена"

    def test_thousands_stand_apart(self, visitor: Visitor) -> None:
        page = visitor.client.application.jinja_env.from_string("{{ 12345|figure }}").render()
        assert page == "12\N{NO-BREAK SPACE}345"


class TestReviews:
    """Only what clients said; none are made up."""

    def test_without_any_there_is_no_such_part(self, visitor: Visitor) -> None:
        visitor.opens()
        assert "говорят клиенты" not in visitor.page

    def test_they_come_from_the_settings_and_are_text(self, store: Store, tmp_path: Path) -> None:
        said = (Review(name="Елена <b>", text="Быстро & чисто", when="ноябрь 2026"),)
        settings = settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3").model_copy(update={"reviews": said})
        page = create_app(settings, store).test_client().get("/").get_data(as_text=True)
        assert "Елена &lt;b&gt;" in page
        assert "Быстро &amp; чисто" in page
        assert "ноябрь 2026" in page


class TestTiming:
    """Forms that come back faster than people type are few from one address; nobody else notices."""

    def test_a_script_is_stopped_while_a_person_goes_on(self, new_visitor: NewVisitor, store: Store) -> None:
        visitor = new_visitor(quick_orders_per_hour=2)
        codes = []
        for n in range(3):
            visitor.opens()
            codes.append(visitor.sends(problem=f"Проблема {n}").status_code)
        assert codes == [303, 303, 429]
        assert "Проблема 2</textarea>" in visitor.page
        with freeze_time() as clock:
            visitor.opens()
            clock.tick(4)
            assert visitor.sends(problem="Человек").status_code == 303
        assert len(all_orders(store)) == 3

    @pytest.mark.parametrize("token", ["", "made-up", "a.b.c", "%00"])
    def test_a_form_that_cannot_say_when_it_was_shown_counts_as_quick(
        self, new_visitor: NewVisitor, token: str
    ) -> None:
        visitor = new_visitor(quick_orders_per_hour=1)
        codes = []
        for n in range(2):
            visitor.opens()
            codes.append(visitor.sends(problem=f"Проблема {n}", form_token=token).status_code)
        assert codes == [303, 429]

    def test_a_token_of_last_night_is_a_persons(self, new_visitor: NewVisitor) -> None:
        codes: list[int] = []
        for n in range(3):
            visitor = new_visitor() if codes else new_visitor(quick_orders_per_hour=1)
            with freeze_time("2026-11-01 20:00"):
                visitor.opens()
            with freeze_time("2026-11-02 09:00"):
                codes.append(visitor.sends(problem=f"Проблема {n}").status_code)
        assert codes == [303] * 3
