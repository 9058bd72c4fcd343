"""Fixtures that all tests share."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.house import House


@pytest.fixture
def open_house(tmp_path: Path) -> Iterator[Callable[..., House]]:
    """Open a house with settings of its own; what it runs is ended after the test."""
    houses: list[House] = []

    def make(**settings: str) -> House:
        houses.append(House(tmp_path, **settings))
        return houses[-1]

    yield make
    for house in houses:
        house.close()


@pytest.fixture
def house(open_house: Callable[..., House]) -> House:
    """A house whose spreadsheet is prepared and whose processes are not started yet."""
    made = open_house()
    done = made.run("worker", "init")
    assert done.returncode == 0, done.stderr
    return made
