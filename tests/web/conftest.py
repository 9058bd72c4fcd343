"""The site on a real store in a folder of the test's own, and the real process for who needs that."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jinja2 import FileSystemBytecodeCache

from record.store import Store
from tests.web.process import Process
from tests.web.visitor import NewVisitor, Visitor, seed, settings_for
from web import create_app


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    """A store that knows the sheet: no orders yet, one master."""
    opened = Store(f"sqlite:///{tmp_path}/naryad.sqlite3")
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
            sites[:] = [create_app(settings_for(f"sqlite:///{tmp_path}/naryad.sqlite3", **web), store)]
            sites[0].jinja_env.bytecode_cache = compiled
        return Visitor(sites[0].test_client())

    return make


@pytest.fixture
def visitor(new_visitor: NewVisitor) -> Visitor:
    """A person who comes to the site."""
    return new_visitor()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Process]:
    """One running site for all tests that need a process or a browser."""
    running = Process(tmp_path_factory.mktemp("site"))
    yield running
    running.end()
