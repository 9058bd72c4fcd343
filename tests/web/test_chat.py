"""The chat of the site: the consultant answers from the sheet's lists, a person of the company where it can't."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from record.actions.talks import TalkActions
from record.dispatch.notices import Notice
from record.grid.worksheets import QUESTIONS, SERVICES
from record.settings.sections import Assistant, Telegram
from record.store import Speech, Store
from record.values import Cell, telegram
from tests.web.browser import PHONE, Look, Opens, assert_for_everybody
from tests.web.visitor import Visitor, settings_for
from web import create_app

ADMIN = 900
SOCKET = ("Розетки", "Замена розетки", "", "штука", 450, True)
WARRANTY = ("Есть ли гарантия?", "Да, 12 месяцев.")
Site = Callable[..., Visitor]


def teach(store: Store, *services: tuple[Cell, ...]) -> None:
    """Let the mirror hold a price list and a question."""
    with store.transaction() as tx:
        tx.lists.put(SERVICES, list(services or (SOCKET,)))
        tx.lists.put(QUESTIONS, [WARRANTY])


@pytest.fixture
def visit(store: Store, tmp_path: Path) -> Site:
    """Return what makes a visitor of a site with these settings; the admin's chat is 900."""

    def make(**changed: Any) -> Visitor:
        plain = settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3")
        telegram = changed.pop("telegram", Telegram(admin_chat_id=ADMIN))
        return Visitor(create_app(plain.model_copy(update={"telegram": telegram, **changed}), store).test_client())

    teach(store)
    return make


@pytest.mark.parametrize("words", ["позовите человека", "Хочу поговорить с оператором", "позови живого"])
def test_who_asks_for_a_person_in_words_gets_one_as_by_the_button(visit: Site, store: Store, words: str) -> None:
    page = ask(visitor := visit(), f"Свет моргает. {words}")
    assert "Передали сотруднику" in page
    assert "Точного ответа у меня нет" not in page
    ask(visitor, words)
    told = [notice.facts["text"] for notice in queued(store)]
    assert told == [f"🗣 Свет моргает. {words}", words], "handed over once, then passed on"


def test_without_anybody_to_ask_words_are_answered_like_any(visit: Site, store: Store) -> None:
    page = ask(visit(telegram=Telegram(admin_chat_id=0)), "позовите человека")
    assert "Передали сотруднику" not in page
    assert queued(store) == []


def queued(store: Store) -> list[Notice]:
    """Return what waits for the admin."""
    with store.reading() as tx:
        return [notice for notice, _, _ in tx.outbox.results("")]


def ask(visitor: Visitor, text: str, **headers: str) -> str:
    """Ask in the chat as a browser without scripts does; return the page that shows the answer."""
    visitor.opens("/ai-chat.html")
    sent = {"csrf_token": visitor.hidden("csrf_token"), "text": text}
    answer = visitor.client.post("/ai-chat.html", data=sent, headers=headers)
    if answer.status_code == 303:
        visitor.opens(answer.headers["Location"])
        return visitor.page
    return answer.get_data(as_text=True)


def call_person(visitor: Visitor, phone: str = "") -> None:
    """Ask for a person of the company."""
    visitor.opens("/ai-chat.html")
    sent = {"csrf_token": visitor.hidden("csrf_token"), "phone": phone}
    assert visitor.client.post("/ai-chat/person", data=sent).status_code == 303


def told_admin(store: Store) -> list[Notice]:
    """Return what waits for the admin's chat."""
    with store.reading() as tx:
        return [waiting.notice for waiting in tx.outbox.due(("admin",), 100)]


def test_a_price_is_told_from_the_sheet_with_a_way_to_order_it(visit: Site) -> None:
    page = ask(visit(), "скок стоит поменять разетку")
    assert "Замена розетки — 450\N{NO-BREAK SPACE}₽ за штуку." in page
    assert "/index.html?category=%D0%A0%D0%BE%D0%B7%D0%B5%D1%82%D0%BA%D0%B8&amp;problem=" in page


def test_a_new_price_in_the_sheet_is_told_at_once(visit: Site, store: Store) -> None:
    visitor = visit()
    ask(visitor, "сколько стоит заменить розетку")
    teach(store, ("Розетки", "Замена розетки", "", "штука", 500, True))
    assert "500\N{NO-BREAK SPACE}₽ за штуку" in ask(visitor, "сколько стоит заменить розетку")


def test_what_it_does_not_know_it_says_so_and_invents_no_price(visit: Site) -> None:
    page = ask(visit(), "сколько стоит починить телевизор")
    assert "Точного ответа у меня нет" in page
    assert "₽" not in page
    assert "Позвать сотрудника" in page


def test_the_talk_survives_a_reload_and_is_nobody_elses(visit: Site) -> None:
    visitor, stranger = visit(), visit()
    ask(visitor, "какая гарантия?")
    assert "12 месяцев" in visitor.opens("/ai-chat.html").get_data(as_text=True)
    assert "12 месяцев" not in stranger.opens("/ai-chat.html").get_data(as_text=True)


def test_what_a_visitor_types_is_text(visit: Site) -> None:
    page = ask(visit(), '<script>alert(1)</script>"><img src=x>')
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_a_question_without_the_pages_token_is_refused(visit: Site) -> None:
    assert visit().client.post("/ai-chat.html", data={"text": "цена"}).status_code == 400


def test_too_many_questions_from_one_address_are_refused_with_a_page(visit: Site) -> None:
    visitor = visit()
    visitor.opens("/ai-chat.html")
    sent = {"csrf_token": visitor.hidden("csrf_token"), "text": "гарантия"}
    codes = [visitor.client.post("/ai-chat.html", data=sent).status_code for _ in range(21)]
    assert (codes[:20], codes[20]) == ([303] * 20, 429)


def test_a_talk_is_handed_over_with_what_was_said_and_answered_from_telegram(visit: Site, store: Store) -> None:
    visitor = visit()
    ask(visitor, "у меня странный счётчик, приедете?")
    call_person(visitor, "8 900 123-45-67")
    (notice,) = told_admin(store)
    assert (notice.kind, notice.recipient, notice.facts["phone"]) == ("talk", str(ADMIN), "+79001234567")
    assert "у меня странный счётчик" in notice.facts["text"]
    settings = settings_for("sqlite:///unused").model_copy(update={"telegram": Telegram(admin_chat_id=ADMIN)})
    talks = TalkActions(store, settings)
    with store.transaction() as tx:
        tx.talks.tie(telegram(ADMIN), "77", notice.facts["talk"])
    for _ in range(2):  # the same Telegram update, handled again after a kill
        assert talks.staff_answer((telegram(ADMIN), "77"), "Приедем завтра", "master:5")
    assert not talks.staff_answer((telegram(ADMIN), "78"), "не туда", "master:6")
    page = visitor.opens("/ai-chat.html").get_data(as_text=True)
    assert page.count("Приедем завтра") == 1
    assert "не туда" not in page


def test_after_that_the_consultant_is_silent_and_staff_hear_every_line(visit: Site, store: Store) -> None:
    visitor = visit()
    ask(visitor, "вопрос")
    call_person(visitor)
    call_person(visitor)
    page = ask(visitor, "какая гарантия?")
    assert "12 месяцев" not in page
    assert [notice.facts["text"] for notice in told_admin(store)][1:] == ["какая гарантия?"]


def test_an_answer_that_was_still_thought_of_comes_too_late_when_a_person_was_asked_for(store: Store) -> None:
    settings = settings_for("sqlite:///unused").model_copy(update={"telegram": Telegram(admin_chat_id=ADMIN)})
    talks = TalkActions(store, settings)
    secret = talks.said("", "вопрос", lambda _: Speech("assistant", "Не знаю"))

    def slowly(_: str) -> Speech:
        talks.ask_person(secret)
        return Speech("assistant", "Гарантия 12 месяцев")

    talks.said(secret, "какая гарантия?", slowly)
    assert "Гарантия 12 месяцев" not in [line.speech.text for line in talks.lines(secret)[0]]
    assert told_admin(store)[-1].facts["text"] == "какая гарантия?"


def test_without_an_admin_chat_nobody_is_promised(visit: Site, store: Store) -> None:
    visitor = visit(telegram=Telegram())
    assert "Позвать сотрудника" not in ask(visitor, "сколько стоит телевизор")
    call_person(visitor)
    assert "Передали сотруднику" not in visitor.opens("/ai-chat.html").get_data(as_text=True)
    assert told_admin(store) == []


# A model words the answers


class Model(BaseHTTPRequestHandler):
    """An OpenAI-compatible service that says what a test wants it to."""

    says: Callable[[dict[str, Any]], tuple[int, str]]

    def do_POST(self) -> None:
        """Answer a chat completion."""
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        status, text = type(self).says(body)
        answer = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def model(says: Callable[[dict[str, Any]], tuple[int, str]]) -> Iterator[Assistant]:
    """Run a model's service; gives the settings that lead to it."""
    handler = type("Handler", (Model,), {"says": staticmethod(says)})
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield Assistant(api_url=f"http://127.0.0.1:{server.server_port}/v1", model="m", timeout_s=0.5)
    finally:
        server.shutdown()
        server.server_close()


def test_a_model_words_the_found_facts_and_is_given_nothing_else(visit: Site) -> None:
    heard: list[dict[str, Any]] = []

    def says(body: dict[str, Any]) -> tuple[int, str]:
        heard.append(body)
        return 200, "Поменяем за 450 рублей!"

    with model(says) as assistant:
        page = ask(visit(assistant=assistant), "сколько стоит заменить розетку")
    assert "Поменяем за 450 рублей!" in page
    system, user = heard[0]["messages"]
    assert ("Замена розетки — 450" in system["content"], user["content"]) == (True, "сколько стоит заменить розетку")


@pytest.mark.parametrize("answer", [(200, "Всего 99 рублей, приедем за 5 минут"), (500, ""), (200, "")])
def test_a_model_that_invents_a_figure_or_fails_is_not_quoted(visit: Site, answer: tuple[int, str]) -> None:
    with model(lambda _: answer) as assistant:
        page = ask(visit(assistant=assistant), "сколько стоит заменить розетку")
    assert "Замена розетки — 450\N{NO-BREAK SPACE}₽ за штуку." in page
    assert "99 рублей" not in page


def test_a_model_that_is_too_slow_is_not_waited_for(visit: Site) -> None:
    over = threading.Event()

    def says(_: dict[str, Any]) -> tuple[int, str]:
        over.wait(20)
        return 200, "поздно"

    with model(says) as assistant:
        page = ask(visit(assistant=assistant), "сколько стоит заменить розетку")
        over.set()
    assert "450\N{NO-BREAK SPACE}₽ за штуку" in page


# In a browser


def test_the_chat_is_for_everybody(window: Opens, look: Look) -> None:
    page = window(**look).opens("/ai-chat.html")
    page.fill("#text", "Чего нет в таблице?")
    page.press("#text", "Enter")
    expect(page.get_by_text("Точного ответа у меня нет")).to_be_visible()
    expect(page.locator("#text")).to_have_value("")
    assert_for_everybody(page)


def test_without_scripts_the_chat_works_as_well(window: Opens) -> None:
    page = window(viewport=PHONE, java_script_enabled=False).opens("/ai-chat.html")
    page.fill("#text", "Чего нет в таблице?")
    page.get_by_role("button", name="Спросить").click()
    expect(page.get_by_text("Точного ответа у меня нет")).to_be_visible()
