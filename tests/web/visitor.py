"""A visitor who uses the site as a browser does, and what stands in the store when he comes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import unescape
from typing import Any

from flask.testing import FlaskClient
from pydantic import SecretStr
from werkzeug.test import TestResponse

from record.actions.client_acts import Draft
from record.dispatch.model import Master, Order
from record.dispatch.reading import read_order
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS, ORDERS
from record.settings import Settings
from record.settings.sections import Company, Sheets, StoreSettings, Web
from record.store import Store
from record.store.facts import BASELINE
from record.values import Cell, Status, telegram
from record.values.actors import read_actor

GOOD = {
    "name": "Юля",
    "phone": "8 (900) 123-45-67",
    "address": "Невского 47",
    "category": "Электрика",
    "problem": "Не работает розетка",
    "consent": "yes",
}
PYOTR = Master("2", "Пётр Лодочкин", "+79114567890", telegram(55), "Электрика", active=True)


def seed(store: Store) -> None:
    """Give a new store what the first poll gives: the baseline, and a master."""
    with store.transaction() as tx:
        tx.facts.put(BASELINE, 1.0)
        row: dict[str, Cell] = {"ID": 2, "Имя": PYOTR.name, "Телефон": PYOTR.phone, "Telegram": "55", "Активен": True}
        tx.masters.put(PYOTR, row_of(MASTERS, row), 2)


def put_order(store: Store, order_id: str, **named: Cell) -> None:
    """Put an order into the mirror, as a poll does; its key is ``key-<ID>``."""
    row: dict[str, Cell] = {
        "ID": int(order_id),
        "Дата": 46_000.5,
        "Имя": "Юля",
        "Телефон": "+79001234567",
        "Категория": "Электрика",
        "Проблема": "Не работает розетка",
        "Адрес": "Невского 47",
        "Статус": Status.NEW.value,
        "Ключ": f"key-{order_id}",
    }
    with store.transaction() as tx:
        shown = row_of(ORDERS, row | named)
        tx.orders.put(read_order(shown, tx.masters.roster()), shown, 2)


def put_paid(store: Store, price: int, count: int = 12) -> None:
    """Put so many finished orders at this price into the mirror."""
    for number in range(900, 900 + count):
        put_order(store, str(number), Статус="Выполнена", Цена=price, **{"Дата выполнения": 45_000 + number})


def tell(store: Store, order_id: str, what: str, after: str = "", by: str = "staff") -> None:
    """Add a line to an order's history."""
    with store.transaction() as tx:
        tx.history.add(order_id, what, "", after, read_actor(by))


def all_orders(store: Store) -> list[Order]:
    """Return every order there is, those still on their way to the sheet included."""
    with store.reading() as tx:
        return tx.orders.find(limit=1000)


def settings_for(url: str, **web: Any) -> Settings:
    """Return settings of a site on the store at this URL."""
    return Settings(
        company=Company(phone="+74012000000"),
        sheets=Sheets(spreadsheet_id="demo"),
        store=StoreSettings(url=url),
        web=Web(**{"orders_per_minute": 1000} | web),
        secret_key=SecretStr("a key of the tests"),
    )


@dataclass
class Visitor:
    """A person with a browser: keeps cookies, sends the form that was last shown."""

    client: FlaskClient
    page: str = ""
    answers: list[TestResponse] = field(default_factory=list)

    def opens(self, address: str = "/") -> TestResponse:
        """Open a page."""
        answer = self.client.get(address)
        self.page = answer.get_data(as_text=True)
        return answer

    def sends(self, to: str = "/", **typed: str) -> TestResponse:
        """Send the order form with good answers, or these instead."""
        if not self.page:
            self.opens()
        hidden = {name: self.hidden(name) for name in ("csrf_token", "form_token")}
        answer = self.client.post(to, data=GOOD | hidden | typed)
        self.answers.append(answer)
        if answer.status_code != 303:
            self.page = answer.get_data(as_text=True)
        return answer

    def hidden(self, name: str) -> str:
        """Return a hidden input's value from the page that was last shown."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    def orders(self, **typed: str) -> str:
        """Order, follow to the page that says so, and return the number shown there."""
        answer = self.sends(**typed)
        assert answer.status_code == 303, self.page
        self.opens(answer.headers["Location"])
        return self.number()

    def number(self) -> str:
        """Return the order's number from the page that was last shown."""
        found = re.search(r'class="number">([^<]+)<', self.page)
        return found[1] if found else ""

    def tracking_link(self) -> str:
        """Return the address of the tracking page from the page that was last shown."""
        found = re.search(r'href="(/track\.html\?[^"]+)"', self.page)
        return unescape(found[1]) if found else ""


NewVisitor = Callable[..., Visitor]


def draft() -> Draft:
    """Return an order as the client bot would place it."""
    return Draft("Юля", "+79001234567", "Невского 47", "Не работает розетка", source="telegram")
