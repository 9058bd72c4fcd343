"""Fixtures that all tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests.harness.databases import KINDS, databases
from tests.harness.system import System

# The same examples at every run, however long one takes: a busy machine is no fault.
settings.register_profile(
    "steady",
    derandomize=True,
    deadline=None,
    max_examples=60,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("steady")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes longest, so that nobody waits for it at the end; mark what needs no store or process."""
    items.sort(key=lambda item: not item.nodeid.startswith("tests/stateful"))
    for item in items:
        if _is_pure(item):
            item.add_marker(pytest.mark.pure)


def _is_pure(item: pytest.Item) -> bool:
    """Say whether a test plays values alone; these are all that `make quick` has time for."""
    needs = set(getattr(item, "fixturenames", ()))
    return item.nodeid.startswith("tests/record/") and not needs & {"database", "on_sqlite", "open_system"}


@pytest.fixture(params=KINDS)
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The kind of the stores that this test makes; whoever asks for it runs once on each."""
    with databases.of_kind(request.param):
        yield request.param


@pytest.fixture
def on_sqlite() -> Iterator[None]:
    """Let the stores that this test makes be files, since it is about files."""
    with databases.of_kind("sqlite"):
        yield


@pytest.fixture(autouse=True)
def _cleared(request: pytest.FixtureRequest) -> Iterator[None]:
    """Leave no databases of a test behind on the server."""
    yield
    if folder := (getattr(request.node, "funcargs", None) or {}).get("tmp_path"):
        databases.drop(folder)


@pytest.fixture
def open_system(tmp_path: Path) -> Iterator[Callable[..., System]]:
    """Open a system with settings of its own; what it runs is ended after the test."""
    systems: list[System] = []

    def make(**settings: str) -> System:
        systems.append(System(tmp_path, **settings))
        return systems[-1]

    yield make
    for system in systems:
        system.close()


@pytest.fixture
def system(open_system: Callable[..., System]) -> System:
    """A system whose spreadsheet is prepared and whose processes are not started yet."""
    made = open_system()
    done = made.run("worker", "init")
    assert done.returncode == 0, done.stderr
    return made
