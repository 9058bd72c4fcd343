"""One sandbox for all tests here, emptied before each; a store of its own for every test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.office import Office, order
from tests.harness.system import System


@pytest.fixture(scope="session")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A system whose sandbox serves all these tests."""
    made = System(tmp_path_factory.mktemp("sandbox"))
    yield made
    made.close()


@pytest.fixture
def empty_system(shared: System, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[System]:
    """The system with an empty spreadsheet and no store yet; its environment is this process's too."""
    shared.folder = tmp_path
    shared.post("reset")
    for name, value in shared.env.items():
        if name.startswith("NARYAD_"):
            monkeypatch.setenv(name, value)
    yield shared
    shared.end_all()
    shared.settings.clear()


@pytest.fixture
def office(empty_system: System, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    """A prepared spreadsheet with two active masters, and the parts of the worker to be run step by step."""
    monkeypatch.setenv("NARYAD_POLLING__SETTLE_S", "0")
    made = Office(empty_system)
    yield made
    made.close()


@pytest.fixture
def company(office: Office) -> Office:
    """An office whose sheet holds three new orders that the masters know, and a worker that has seen them."""
    office.paste(order(1), order(2), order(3))
    office.begin()
    return office
