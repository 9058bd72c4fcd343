"""The site on a real store in a folder of the test's own, and the real process for who needs that."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, ViewportSize
from pydantic import SecretStr

from record.store import Store
from tests.harness.databases import databases
from tests.web.browser import LOOKS, PHONE, Look, Opens, Watched, chromium
from tests.web.process import Process
from tests.web.staff import IVAN, NewPerson, Person, comes, enters, link, masters, password_hash
from tests.web.visitor import NewVisitor, Visitor, seed, settings_for
from web import create_app


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that knows the sheet: no orders yet, one master."""
    opened = Store(databases.url(tmp_path, "naryad.sqlite3"))
    seed(opened)
    yield opened
    opened.close()


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> FileSystemBytecodeCache:
    """Templates compiled once for all tests."""
    return FileSystemBytecodeCache(str(tmp_path_factory.mktemp("compiled")))


@pytest.fixture
def new_visitor(store: Store, tmp_path: Path, compiled: FileSystemBytecodeCache) -> NewVisitor:
    """Make visitors of one site; settings of the site's section ``web`` may be given to the first."""
    sites: list[Any] = []

    def make(**web: Any) -> Visitor:
        if web or not sites:
            sites[:] = [create_app(settings_for(databases.url(tmp_path, "naryad.sqlite3"), **web), store)]
            sites[0].jinja_env.bytecode_cache = compiled
        return Visitor(sites[0].test_client())

    return make


@pytest.fixture
def new_person(store: Store, tmp_path: Path, compiled: FileSystemBytecodeCache) -> NewPerson:
    """Make people of one site with a panel and two masters; settings may be given to the first of them."""
    sites: list[Any] = []
    masters(store)

    def make(password: str | None = None, **web: Any) -> Person:
        if web or password is not None or not sites:
            kept = SecretStr(password_hash() if password is None else password)
            settings = settings_for(databases.url(tmp_path, "naryad.sqlite3"), **web)
            sites[:] = [create_app(settings.model_copy(update={"admin_password_hash": kept}), store)]
            sites[0].jinja_env.bytecode_cache = compiled
        return Person(sites[0].test_client())

    return make


@pytest.fixture
def person(new_person: NewPerson) -> Person:
    """Somebody who comes to a site that has a panel."""
    return new_person()


@pytest.fixture
def admin(new_person: NewPerson) -> Person:
    """The admin, who has entered the panel."""
    made = new_person()
    assert enters(made).status_code == 303
    return made


@pytest.fixture
def ivan(new_person: NewPerson, store: Store) -> Person:
    """The master Иван, who has entered by his link."""
    made = new_person()
    made.follows(comes(made, link(store, IVAN)))
    return made


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    """A person who comes to the site."""
    return new_visitor()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """One running site for all tests that need a process or a browser."""
    running = Process(tmp_path_factory.mktemp("site"), ADMIN_PASSWORD_HASH=password_hash())
    yield running
    running.end()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
    with chromium() as launched:
        yield launched


@pytest.fixture
def window(browser: Browser, site: Process) -> Iterator[Opens]:
    """Open windows of any kind; none may log an error or ask anybody but the site."""
    opened: list[tuple[BrowserContext, Watched]] = []

    def make(viewport: ViewportSize = PHONE, *, at: Process = site, **options: Any) -> Watched:
        context = browser.new_context(viewport=viewport, **options)
        opened.append((context, Watched(context, at.url)))
        return opened[-1][1]

    yield make
    for context, _ in opened:
        context.close()
    assert [fault for _, one in opened for fault in one.faults] == []


@pytest.fixture(params=LOOKS)
def look(request: pytest.FixtureRequest) -> Look:
    """How a window looks: a phone or a desk, light or dark; without motion."""
    return dict(request.param)
