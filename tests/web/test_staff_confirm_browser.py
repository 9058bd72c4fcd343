"""The pages by which named staff enter: for everybody, at any width; the waiting page goes on by itself."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import ViewportSize, expect

from record.store.staff import StaffEntry
from record.values import telegram
from tests.web.browser import PHONE, Opens, assert_for_everybody
from tests.web.process import Process
from tests.web.staff import PASSWORD, password_hash

TABLET = ViewportSize(width=768, height=900)
ANNA = telegram(901)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """A site where Анна is named, and Пётр whose chat is not known yet."""
    running = Process(tmp_path_factory.mktemp("staff"))
    with running.store.transaction() as tx:
        for name in ("Анна", "Пётр"):
            tx.staff.put(name, password_hash(), time.time())
        tx.staff.tie("анна", ANNA)
    yield running
    running.end()


def asked(site: Process) -> StaffEntry:
    """Return the entry that Анна is asked about."""
    with site.store.reading() as tx:
        facts = tx.outbox.due(["staff"])[-1].notice.facts
        entry = tx.entries.get(int(facts["entry"]))
    assert entry
    return entry


@pytest.mark.parametrize("viewport", [PHONE, TABLET])
@pytest.mark.parametrize("name", ["Анна", "Пётр"])
def test_she_waits_and_is_let_in_by_itself(site: Process, window: Opens, viewport: ViewportSize, name: str) -> None:
    page = window(viewport, reduced_motion="reduce").page
    page.goto(f"{site.url}/admin.html")
    assert_for_everybody(page)
    page.get_by_label("Имя").fill(name)
    page.get_by_label("Пароль").fill(PASSWORD)
    page.get_by_role("button", name="Войти").click()
    expect(page.get_by_role("heading", name=f"Это вы, {name}?")).to_be_visible()
    page.get_by_text("Telegram не работает", exact=True).click()
    assert_for_everybody(page)
    if name == "Анна":
        with site.store.transaction() as tx:
            tx.entries.decide(asked(site).id, "approved")
        expect(page.get_by_role("heading", name="Сегодня")).to_be_visible()
        assert_for_everybody(page)
