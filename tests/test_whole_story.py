"""The brief's five steps, played over HTTP against the real commands: one order's way from intake to commission."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
import requests

from tests.harness.system import ADMIN, CLIENT_BOT, HANG_S, MASTER_BOT, System, labels, wait_for

JULIA, ANNA = 501, 502
IVAN, PETER = 601, 602
ACCEPT, FINISH = "✅ ПРИНЯТЬ ЗАКАЗ 🚀", "✅ Завершить"


pytestmark = pytest.mark.usefixtures("database")


@pytest.fixture
def company(system: System) -> Iterator[System]:
    """A company at work: two masters, one admin, all processes running; after the story nothing private is logged."""
    system.masters((IVAN, "Иван Петров", "+79000000601"), (PETER, "Пётр Сидоров", "+79000000602"))
    system.person(ADMIN, "Ольга")
    system.say(MASTER_BOT, ADMIN, "/start")
    system.start("worker", "client", "master", "web")
    yield system
    system.end_all()
    _kept_secrets(system, "worker", "client", "master", "web")


def _kept_secrets(system: System, *processes: str) -> None:
    """Look through the logs for every phone, name, address, key and token that the story was played with."""
    people = [row for title in ("Заявки", "Мастера") for row in system.rows(title)]
    typed = {str(row.get(column, "")) for row in people for column in ("Имя", "Адрес", "Проблема", "Ключ")} - {""}
    phones = {re.sub(r"\D", "", str(row["Телефон"]))[-10:] for row in people}
    assert len(phones) >= 3, phones
    for process in processes:
        log = system.log(process)
        said = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
        assert said, process
        for secret in (*typed, CLIENT_BOT, MASTER_BOT):
            assert secret not in log, process
        for phone in phones:
            assert not re.search(r"[\s()-]*".join(phone), log), process
        assert {line["chat"] for line in said if "chat" in line} <= {f"***{n:02}" for n in range(100)}, process
    worker = [json.loads(line) for line in system.log("worker").splitlines() if line.startswith("{")]
    assert all(line["order"] and line["run"] for line in worker if line["event"] == "change")


def order_on_the_site(system: System, site: str = "", **fields: str) -> tuple[str, str]:
    """Send the site's quick form as a browser does; return the order's number and its tracking page."""
    site = site or system.site
    session = requests.Session()
    session.trust_env = False
    page = session.get(site + "/").text
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token, page
    hidden = dict(re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]+)"[^>]*value="([^"]*)"', page))
    body = {**hidden, "csrf_token": token[1], "consent": "y", **fields}
    answer = session.post(site + "/", data=body, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    done = session.get(site + answer.headers["Location"].removeprefix(site)).text
    link = re.search(r"/track\.html\?id=(\d+)&amp;key=[\w-]+", done)
    assert link, done
    return link[1], site + link[0].replace("&amp;", "&")


def order_in_the_bot(system: System, person: int) -> str:
    """Go through the client bot's dialog; return the order's number."""
    system.person(person, "Анна", "+79001112233")
    system.say(CLIENT_BOT, person, "/start")
    wait_for(lambda: [m for m in system.chat(CLIENT_BOT, person) if m["from"] == "bot"], "a greeting")
    said = ["⚡ Услуги электрика", "Не работает розетка на кухне", "Невского 47", "Анна", "8 (900) 111-22-33"]
    for count, text in enumerate([*said, "✅ Подтвердить"], start=2):
        system.say(CLIENT_BOT, person, text)
        _answers(system, person, count)
    number = re.search(r"#(\d+)", system.hears(CLIENT_BOT, person, "#")["text"])
    assert number
    return number[1]


def _answers(system: System, person: int, count: int) -> None:
    said = wait_for(
        lambda: [m for m in system.chat(CLIENT_BOT, person) if m["from"] == "bot"][count - 1 :], f"answer {count}"
    )
    assert said


def test_an_order_from_the_form_travels_all_the_way(company: System) -> None:
    """Form → sheet → both masters → the first one wins → done → commission 600 of 2000 → statistics."""
    order_id, track = order_on_the_site(
        company, name="Юля", phone="8 900 123-45-67", address="Невского 47", problem="Не работает розетка"
    )
    row = company.order(ID=int(order_id))
    assert (row["Источник"], row["Имя"], row["Телефон"], row["Статус"]) == ("website", "Юля", "+79001234567", "Новая")

    cards = [company.hears(MASTER_BOT, master, f"Заказ #{order_id}") for master in (IVAN, PETER)]
    for card in cards:
        assert card["text"].startswith("🆕 Новая заявка для вас! 🚀")
        assert "💬 Проблема: Не работает розетка" in card["text"]
        assert "📞 Телефон: +7 900 123-45-67" in card["text"]
        assert labels(card) == [ACCEPT]
        assert not card["silent"]
    company.order(ID=int(order_id), Статус="Новая")
    wait_for(lambda: company.order(ID=int(order_id))["Оповещены"] != "", "«Оповещены» is filled")

    company.press(MASTER_BOT, PETER, cards[1], ACCEPT)
    company.order(ID=int(order_id), Статус="В работе", Мастер="Пётр Сидоров")
    wait_for(lambda: _card_says(company, IVAN, cards[0], "Пётр"), "Ivan's card says who took it")
    assert ACCEPT not in labels(_card(company, IVAN, cards[0]))
    assert "Пётр" in requests.get(track, timeout=HANG_S).text

    _finish(company, PETER, cards[1], "2000")
    done = company.order(ID=int(order_id), Статус="Выполнена")
    assert (done["Цена"], done["Комиссия"]) == (2000, 600)
    assert done["Дата выполнения"] > 45000
    _figures(company, {"Заявок": 1, "Выполнено": 1, "Оборот, ₽": 2000, "Комиссия, ₽": 600})
    wait_for(lambda: _totals(company, 2) == (1, 1400, 600), "Peter's totals")
    assert "Выполнена" in requests.get(track, timeout=HANG_S).text


def test_an_order_from_the_bot_keeps_its_client_informed(company: System) -> None:
    """The client hears the number, who comes with his phone, and the price, each once."""
    order_id = order_in_the_bot(company, ANNA)
    row = company.order(ID=int(order_id), Источник="telegram")
    assert row["Телефон"] == "+79001112233"
    card = company.hears(MASTER_BOT, IVAN, f"Заказ #{order_id}")
    company.press(MASTER_BOT, IVAN, card, ACCEPT)
    told = company.hears(CLIENT_BOT, ANNA, "Иван Петров")
    assert "+7 900 000-06-01" in told["text"]
    _finish(company, IVAN, card, "2 000 ₽")
    company.hears(CLIENT_BOT, ANNA, "2 000")
    company.order(ID=int(order_id), Статус="Выполнена", Цена=2000, Комиссия=600)
    assert len(company.heard(CLIENT_BOT, ANNA, "Иван Петров")) == 1


def test_a_dispatcher_who_has_only_the_sheet_can_do_everything(company: System) -> None:
    """An order typed by hand is announced; status, master and price typed by staff do the rest."""
    company.type_row("Заявки", Имя="Борис", Телефон="8 900 765-43-21", Проблема="Выбивает автомат", Адрес="Мира 5")
    row = company.order(Имя="Борис", Статус="Новая", Источник="phone")
    number = row["ID"]
    assert row["Ключ"]
    for master in (IVAN, PETER):
        company.hears(MASTER_BOT, master, f"Заказ #{number}")
    company.type_cell(number, "Мастер", "иван  петров")
    company.type_cell(number, "Статус", "в работе")
    company.hears(MASTER_BOT, IVAN, f"#{number}")
    wait_for(lambda: _no_button(company, PETER, number), "Peter's card has lost its button")
    company.type_cell(number, "Цена", "2000")
    company.type_cell(number, "Статус", "Выполнено")
    wait_for(lambda: company.order(ID=number)["Комиссия"] == 600, "the commission")
    _figures(company, {"Заявок": 1, "Выполнено": 1, "Комиссия, ₽": 600})


def _finish(system: System, master: int, card: dict[str, Any], price: str) -> None:
    wait_for(lambda: FINISH in labels(_card(system, master, card)), "the card offers to finish")
    system.press(MASTER_BOT, master, card, FINISH)
    system.hears(MASTER_BOT, master, "сколько заплатил клиент")
    system.say(MASTER_BOT, master, price)
    system.hears(MASTER_BOT, master, "600")


def _card(system: System, master: int, card: dict[str, Any]) -> dict[str, Any]:
    return next(m for m in system.chat(MASTER_BOT, master) if m["message_id"] == card["message_id"])


def _card_says(system: System, master: int, card: dict[str, Any], text: str) -> bool:
    return text in _card(system, master, card)["text"]


def _no_button(system: System, master: int, number: object) -> bool:
    cards = [m for m in system.chat(MASTER_BOT, master) if f"#{number}" in m["text"]]
    return bool(cards) and all(ACCEPT not in labels(card) for card in cards)


def _figures(system: System, wanted: dict[str, object]) -> None:
    def right() -> bool:
        rows = {row["Показатель"]: row for row in system.rows("Статистика")}
        return all(
            rows.get(name, {}).get(period) == v for name, v in wanted.items() for period in ("Сегодня", "Всего")
        )

    wait_for(right, f"statistics {wanted}")


def _totals(system: System, master: int) -> tuple[object, ...]:
    row = next(row for row in system.rows("Мастера") if row["ID"] == master)
    return row["Выполнено"], row["Заработок"], row["Комиссия"]
