"""A company whose store is on PostgreSQL; on SQLite tests/pitfalls and tests/bots play what can be played there."""

from collections.abc import Callable, Iterator

import pytest

from tests.databases import databases
from tests.house import House
from tests.machines.company import Company


def _company(open_house: Callable[..., House]) -> Company:
    house = open_house()
    done = house.run("worker", "init")
    assert done.returncode == 0, done.stderr
    return Company(house)


@pytest.fixture
def machines(open_house: Callable[..., House]) -> Iterator[Company]:
    """A company whose store is on a server, as for several machines."""
    with databases.of_kind("postgresql"):
        made = _company(open_house)
    yield made
    made.close()
