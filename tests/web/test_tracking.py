"""What a client sees of an order, and that nobody else sees it."""

import re
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from werkzeug.test import TestResponse

from record.actions.orders import Actions
from record.dispatch.model import Order, Roster
from record.dispatch.waves import Wave, sentence
from record.store import Event, Store
from record.store.facts import RESTING, Beat, Resting, alive
from record.values import Status
from record.values.actors import STAFF
from tests.web.visitor import NewVisitor, Visitor, all_orders, draft, put_order, settings_for, tell
from web.present.tracking import TrackedOrder, bot_link, tracked_order

ZONE = ZoneInfo("Europe/Kaliningrad")


def texts(shown: TrackedOrder) -> list[str]:
    """Return the history without its times."""
    return [line.text for line in shown.history]


def paint(order: Order, *, events: Iterable[tuple[str, str]] = (), roster: Roster | None = None) -> TrackedOrder:
    """Return what to show of an order with these codes and texts in its history."""
    told = [Event(n, order.id, 1_790_000_000.0 + n, what, "", after, STAFF) for n, (what, after) in enumerate(events)]
    return tracked_order(order, roster or Roster(), told, ZONE)


class TestThePage:
    """As a client opens it."""

    def test_a_new_order_is_being_offered(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        assert visitor.opens("/track.html?id=17&key=key-17").status_code == 200
        assert "<h1>Ищем мастера</h1>" in visitor.page
        assert steps(visitor.page) == [("done", "Заявка принята"), ("now", "Ищем мастера"), ("ahead", "Работа")]

    def test_an_accepted_order_shows_who_comes(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17", Статус=Status.WORK.value, Мастер="Пётр Лодочкин")
        visitor.opens("/track.html?id=17&key=key-17")
        assert "Пётр Лодочкин" in visitor.page
        assert 'href="tel:+79114567890"' in visitor.page
        assert steps(visitor.page)[1:] == [("done", "Мастер найден"), ("now", "В работе")]

    def test_a_finished_order_shows_its_price_and_asks_no_more(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17", Статус=Status.DONE.value, Мастер="Пётр Лодочкин", Цена=2500)
        visitor.opens("/track.html?id=17&key=key-17")
        assert "2\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}₽" in visitor.page
        assert {state for state, _ in steps(visitor.page)} == {"done"}
        assert "hx-get" not in visitor.page
        assert "refresh" not in visitor.page

    def test_a_cancelled_order_says_so_and_names_no_master(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17", Статус=Status.CANCELLED.value, Мастер="Пётр Лодочкин")
        visitor.opens("/track.html?id=17&key=key-17")
        assert "<h1>Заявка отменена</h1>" in visitor.page
        assert "Лодочкин" not in visitor.page
        assert steps(visitor.page) == []

    def test_an_order_is_seen_before_it_reached_the_sheet(self, visitor: Visitor, store: Store) -> None:
        placed = Actions(store, settings_for("sqlite:///unused")).place_order(draft())
        assert visitor.opens(f"/track.html?id={placed.id}&key={placed.key}").status_code == 200
        assert "Заявка принята" in visitor.page

    def test_an_acceptance_is_seen_at_once(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        assert Actions(store, settings_for("sqlite:///unused")).accept("17", "2").refusal == ""
        visitor.opens("/track.html?id=17&key=key-17")
        assert "Пётр Лодочкин" in visitor.page

    def test_nothing_private_is_shown(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17", Комментарий="клиент скандалит", Комиссия=987654)
        tell(store, "17", "details", "телефон, адрес")
        visitor.opens("/track.html?id=17&key=key-17")
        for private in ("Юля", "9001234567", "Невского", "скандалит", "987654", "розетка"):
            assert private not in visitor.page

    def test_what_staff_typed_is_text(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17", Категория="<b>Свет</b>")
        visitor.opens("/track.html?id=17&key=key-17")
        assert "&lt;b&gt;Свет" in visitor.page

    def test_the_page_is_neither_kept_nor_indexed(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        headers = visitor.opens("/track.html?id=17&key=key-17").headers
        assert (headers["Cache-Control"], headers["X-Robots-Tag"]) == ("no-store", "noindex")
        assert headers["Referrer-Policy"] == "same-origin"


class TestTheKey:
    """Nobody sees an order by its number."""

    @pytest.mark.parametrize(
        "query",
        ["", "?id=17", "?id=17&key=", "?id=17&key=wrong", "?id=99&key=key-17", "?key=key-17", "?id=17&key=ключ"],
    )
    def test_a_wrong_link_does_not_tell_whether_the_order_exists(
        self, visitor: Visitor, store: Store, query: str
    ) -> None:
        put_order(store, "17")
        answers = [visitor.opens(address) for address in (f"/track.html{query}", "/track.html?id=404&key=none")]
        assert [answer.status_code for answer in answers] == [404, 404]
        assert answers[0].data == answers[1].data
        assert visitor.opens(f"/track/live{query}").status_code == 404

    def test_an_order_that_has_no_key_yet_is_not_shown_to_who_has_none(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17", Ключ="")
        assert visitor.opens("/track.html?id=17&key=").status_code == 404

    def test_guessing_is_stopped_and_watching_is_not(self, new_visitor: NewVisitor, store: Store) -> None:
        put_order(store, "17")
        visitor = new_visitor()
        watched = {visitor.opens("/track.html?id=17&key=key-17").status_code for _ in range(60)}
        guessed = [visitor.opens(f"/track.html?id=17&key={n}").status_code for n in range(31)]
        assert (watched, guessed) == ({200}, [404] * 30 + [429])
        assert "Слишком часто" in visitor.page


class TestLive:
    """The part that refreshes itself."""

    def test_nothing_is_sent_while_nothing_changed(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        live = polled(visitor.page)
        assert visitor.opens(live).status_code == 204
        put_order(store, "17", Статус=Status.WORK.value, Мастер="Пётр Лодочкин")
        assert visitor.opens(live).status_code == 200
        assert "<html" not in visitor.page
        assert "Пётр Лодочкин" in visitor.page
        assert polled(visitor.page) != live

    def test_polling_stops_at_the_end(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        put_order(store, "17", Статус=Status.DONE.value)
        visitor.opens(polled(visitor.page))
        assert "hx-get" not in visitor.page


class TestThePicture:
    """What the history says, in Russian and in the company's time."""

    def test_the_latest_comes_first(self) -> None:
        events = [("appeared", "Новая"), ("status", "В работе"), ("status", "Выполнена"), ("price", "2500")]
        shown = paint(Order("17", status=Status.DONE), events=events)
        price = "Стоимость: 2\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}₽"
        assert texts(shown) == [price, "Работа выполнена", "Мастер принял заявку", "Заявка принята"]

    @pytest.mark.parametrize(
        ("what", "after", "text"),
        [
            ("status", "Отменена", "Заявка отменена"),
            ("reopened", "Новая", "Снова ищем мастера"),
            ("retold", "Новая", "Показали заявку мастерам"),
            ("removed", "", "Заявка снята"),
            ("restored", "Новая", "Заявка возвращена в работу"),
            ("details", "телефон", "Уточнили данные заявки"),
            ("master", "", "Ищем другого мастера"),
            ("master", "какой-то", "Назначен другой мастер"),
        ],
    )
    def test_a_code_is_told_in_words(self, what: str, after: str, text: str) -> None:
        assert texts(paint(Order("17"), events=[("appeared", ""), (what, after)]))[0] == text

    @pytest.mark.parametrize(
        ("what", "after"), [("secret", "x"), ("status", "Непонятно"), ("price", "дорого"), ("price", "")]
    )
    def test_what_is_not_for_clients_is_left_out(self, what: str, after: str) -> None:
        assert texts(paint(Order("17"), events=[("appeared", ""), (what, after)])) == ["Заявка принята"]

    def test_an_order_whose_appearance_was_not_seen_starts_with_its_date(self) -> None:
        when = datetime(2026, 11, 22, 15, 4)
        [line] = paint(Order("17", created=when)).history
        assert (line.when, line.text) == (when, "Заявка принята")

    def test_times_are_the_companys(self) -> None:
        shown = paint(Order("17"), events=[("appeared", "")])
        assert shown.history[0].when == datetime.fromtimestamp(1_790_000_000, ZONE).replace(tzinfo=None)

    def test_a_status_nobody_understands_counts_by_whether_somebody_has_the_order(self) -> None:
        assert paint(Order("17", status=None)).status is Status.NEW
        assert paint(Order("17", status=None, master_id="2")).status is Status.WORK

    @pytest.mark.parametrize(
        "order",
        [
            Order("17", status=Status.NEW, told="Не рассылать"),
            Order("17", status=Status.NEW, check=sentence(Wave(7, "orders", 0.0, 0.0, count=50))),
            Order("17", status=Status.NEW, master="кто-то"),
        ],
    )
    def test_what_nobody_is_shown_is_not_said_to_be_shown(self, order: Order) -> None:
        shown = paint(order)
        assert (shown.headline, "диспетчер" in shown.note) == ("Заявка принята", True)
        assert [step.state for step in shown.steps] == ["now", "ahead", "ahead"]

    def test_a_master_nobody_knows_is_not_named(self) -> None:
        shown = paint(Order("17", status=Status.WORK, master="кто-то"))
        assert (shown.master, shown.headline) == (None, "Мастер найден")


def steps(page: str) -> list[tuple[str, str]]:
    """Return the picture's steps as state and name."""
    return re.findall(r'<li class="(\w+)"[^>]*><span class="dot">.*?</span><span>([^<]+)</span>', page)


def polled(page: str) -> str:
    """Return the address that the page asks for news."""
    found = re.search(r'hx-get="([^"]+)"', page)
    assert found
    return found[1].replace("&amp;", "&")


class TestCallingOff:
    """While nobody has the order, its client may call it off."""

    def cancels(self, visitor: Visitor, order: str, secret: str, **changed: str) -> TestResponse:
        """Press the button of the page that was last shown."""
        sent = {"csrf_token": visitor.hidden("csrf_token"), "id": order, "key": secret} | changed
        answer = visitor.client.post("/track/cancel", data=sent)
        visitor.page = answer.get_data(as_text=True)
        return answer

    def test_a_new_order_is_called_off(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        answer = self.cancels(visitor, "17", "key-17")
        assert (answer.status_code, answer.headers["Location"]) == (303, "/track.html?id=17&key=key-17")
        visitor.opens("/track.html?id=17&key=key-17")
        assert "<h1>Заявка отменена</h1>" in visitor.page
        assert "/track/cancel" not in visitor.page

    def test_twice_is_once(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        token = visitor.hidden("csrf_token")
        codes = [self.cancels(visitor, "17", "key-17", csrf_token=token).status_code for _ in range(2)]
        assert codes == [303, 303]
        with store.reading() as tx:
            assert tx.journal.depth()[0] == 1

    def test_a_master_was_quicker(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        Actions(store, settings_for("sqlite:///unused")).accept("17", "2")
        assert self.cancels(visitor, "17", "key-17").status_code == 409
        assert "Отменить уже не получится" in visitor.page
        assert "Пётр Лодочкин" in visitor.page
        assert all_orders(store)[0].status is Status.WORK

    def test_while_staff_change_it_he_is_asked_to_wait_and_keeps_his_button(
        self, visitor: Visitor, store: Store
    ) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        with store.transaction() as tx:
            tx.facts.put(RESTING, {"17": Resting(meaning="gone", since=1.0)})
        assert self.cancels(visitor, "17", "key-17", reason="передумал").status_code == 409
        assert "Диспетчер сейчас меняет эту заявку. Попробуйте через полминуты" in visitor.page
        assert "/track/cancel" in visitor.page
        with store.transaction() as tx:
            tx.facts.put(RESTING, {})
        assert self.cancels(visitor, "17", "key-17").status_code == 303

    @pytest.mark.parametrize("status", [Status.WORK, Status.DONE, Status.CANCELLED])
    def test_only_a_new_order_has_the_button(self, visitor: Visitor, store: Store, status: Status) -> None:
        put_order(store, "17", Статус=status.value, Мастер="Пётр Лодочкин")
        visitor.opens("/track.html?id=17&key=key-17")
        assert "/track/cancel" not in visitor.page

    @pytest.mark.parametrize(
        "changed", [{"key": "wrong"}, {"key": ""}, {"id": "18"}, {"id": ""}, {"key": "key-18"}, {"id": "17' OR 1=1"}]
    )
    def test_nobody_calls_off_what_he_has_no_key_of(
        self, visitor: Visitor, store: Store, changed: dict[str, str]
    ) -> None:
        for number in ("17", "18"):
            put_order(store, number)
        visitor.opens("/track.html?id=17&key=key-17")
        assert self.cancels(visitor, "17", "key-17", **changed).status_code == 404
        assert {order.status for order in all_orders(store)} == {Status.NEW}

    def test_another_site_cannot_call_it_off(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        assert self.cancels(visitor, "17", "key-17", csrf_token="").status_code == 400
        assert "Форма устарела" in visitor.page
        assert all_orders(store)[0].status is Status.NEW

    def test_keys_cannot_be_tried_here_either(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        token = visitor.hidden("csrf_token")
        codes = [self.cancels(visitor, "17", f"k{n}", csrf_token=token).status_code for n in range(31)]
        assert codes == [404] * 30 + [429]


class TestTheBotsLink:
    """A client may have the news in Telegram."""

    def alive(self, store: Store, name: str) -> None:
        """Let the client bot say what it is called."""
        with store.transaction() as tx:
            tx.facts.put(alive("bot.client"), Beat(at=0, pid=1, name=name))

    def test_it_ties_the_chat_to_the_order(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        self.alive(store, "balt_set_bot")
        visitor.opens("/track.html?id=17&key=key-17")
        assert 'href="https://t.me/balt_set_bot?start=track_17_key-17"' in visitor.page

    def test_it_is_offered_as_soon_as_the_order_is_made(self, visitor: Visitor, store: Store) -> None:
        self.alive(store, "balt_set_bot")
        number = visitor.orders()
        assert f"https://t.me/balt_set_bot?start=track_{number}_" in visitor.page

    def test_who_has_the_news_already_is_not_asked(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17", Telegram="700")
        self.alive(store, "balt_set_bot")
        visitor.opens("/track.html?id=17&key=key-17")
        assert "t.me" not in visitor.page

    def test_there_is_none_without_a_bot(self, visitor: Visitor, store: Store) -> None:
        put_order(store, "17")
        visitor.opens("/track.html?id=17&key=key-17")
        assert "t.me" not in visitor.page

    @pytest.mark.parametrize("key", ["ключ", "a b", "x" * 60, "a&b"])
    def test_a_key_that_telegram_would_refuse_makes_no_link(self, key: str) -> None:
        assert bot_link("balt_set_bot", "17", key) == ""


def test_a_finished_order_leads_to_its_payment(visitor: Visitor, store: Store) -> None:
    put_order(store, "17", Статус=Status.DONE.value, Мастер="Пётр Лодочкин", Цена=2500)
    visitor.opens("/track.html?id=17&key=key-17")
    assert 'href="/payment.html?id=17&amp;key=key-17"' in visitor.page
