"""A company whose store is on PostgreSQL; on SQLite tests/pitfalls and tests/bots play what can be played there."""

from collections.abc import Callable, Iterator

import pytest

from tests.harness.databases import databases
from tests.harness.machines import Machines
from tests.harness.system import System


def _company(open_system: Callable[..., System]) -> Machines:
    system = open_system()
    done = system.run("worker", "init")
    assert done.returncode == 0, done.stderr
    return Machines(system)


@pytest.fixture
def machines(open_system: Callable[..., System]) -> Iterator[Machines]:
    """A company whose store is on a server, as for several machines."""
    with databases.of_kind("postgresql"):
        made = _company(open_system)
    yield made
    made.close()
