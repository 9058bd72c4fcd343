"""People who enter the signed-in pages, for tests: the admin with his password, a master with his link."""

import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from html import unescape

from flask.testing import FlaskClient
from freezegun import freeze_time
from werkzeug.security import generate_password_hash
from werkzeug.test import TestResponse

from record.dispatch.model import Master
from record.dispatch.reading import read_master
from record.grid.overlay import row_of
from record.grid.worksheets import MASTERS
from record.store import Store
from record.values import Cell, telegram

PASSWORD = "верная лошадь скрепка"
IVAN, KIM = "3", "4"
CHATS = {IVAN: 603, KIM: 604}


@cache
def password_hash() -> str:
    """Return the hash of the admin's password, cheaper than a real one, since that is slow on purpose."""
    return generate_password_hash(PASSWORD, "scrypt:1024:8:1").replace("$", ":")


def put_master(
    store: Store,
    master_id: str,
    name: str,
    more: Mapping[str, Cell] | None = None,
    *,
    active: bool = True,
    **named: Cell,
) -> None:
    """Put a master into the mirror, as a poll does; his chat is 600 and his number."""
    row: dict[str, Cell] = {
        "ID": int(master_id),
        "Имя": name,
        "Телефон": f"+791100006{master_id:0>2}",
        "Telegram": str(600 + int(master_id)),
        "Активен": active,
        "Специализация": "Электрика",
        **(more or {}),
        **named,
    }
    with store.transaction() as tx:
        shown = row_of(MASTERS, row)
        tx.masters.put(read_master(shown), shown, 2 + int(master_id))


def masters(store: Store) -> None:
    """Let two active masters be there, Иван and Сергей."""
    put_master(store, IVAN, "Иван Петров")
    put_master(store, KIM, "Сергей Ким")


@dataclass
class Person:
    """Somebody with a browser: keeps cookies, and sends forms with the token of the page that was last shown."""

    client: FlaskClient
    page: str = ""

    def opens(self, address: str) -> TestResponse:
        """Open a page."""
        return self._shown(self.client.get(address))

    def sends(self, to: str, typed: Mapping[str, str] | None = None, /, **more: str) -> TestResponse:
        """Send a form, with the token that the last page gave."""
        data = {"csrf_token": self.hidden("csrf_token"), **(typed or {}), **more}
        return self._shown(self.client.post(to, data=data))

    def follows(self, answer: TestResponse) -> TestResponse:
        """Open where an answer leads."""
        assert answer.status_code == 303, self.page
        return self.opens(answer.headers["Location"])

    def hidden(self, name: str) -> str:
        """Return a hidden input's value from the page that was last shown."""
        found = re.search(rf'name="{name}" value="([^"]*)"', self.page)
        return unescape(found[1]) if found else ""

    def says(self) -> str:
        """Return what the page says, without its markup."""
        text = re.sub(r"<(style|script|svg)\b.*?</\1>|<[^>]+>", " ", self.page, flags=re.DOTALL)
        return " ".join(unescape(text).split())

    def _shown(self, answer: TestResponse) -> TestResponse:
        if answer.mimetype == "text/html" and "<html" in (text := answer.get_data(as_text=True)):
            self.page = text
        return answer


NewPerson = Callable[..., Person]


def enters(person: Person, password: str = PASSWORD, **more: str) -> TestResponse:
    """Enter the panel by the password form."""
    person.opens("/admin.html")
    return person.sends("/admin.html", password=password, **more)


def link(store: Store, master_id: str, *, ago: float = 0.0) -> str:
    """Return the secret of a link that the bot sent a master so many seconds ago."""
    with store.transaction() as tx:
        return tx.links.make(master_id, telegram(CHATS[master_id]), time.time() - ago)


def comes(person: Person, token: str) -> TestResponse:
    """Open a link of the bot and press the button there."""
    person.opens(f"/master-dashboard.html?enter={token}")
    return person.sends("/master-dashboard/enter", link=person.hidden("link"))


def later(seconds: float) -> AbstractContextManager[object]:
    """Let it be so much later."""
    return freeze_time(datetime.now(UTC) + timedelta(seconds=seconds), tick=True)


def stored(store: Store, master_id: str) -> Master:
    """Return a master exactly as last read."""
    with store.reading() as tx:
        return tx.masters.stored()[master_id]
