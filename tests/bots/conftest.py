"""One town with both bots for most tests; a town of one's own for those that kill."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.bots.town import Town
from tests.bots.wire import Room


@pytest.fixture(scope="session")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town whose two bots run for the whole session; tests use people and orders of their own."""
    with pytest.MonkeyPatch.context() as patch:
        made = Town(tmp_path_factory.mktemp("town"), patch)
    made.house.start("client", "master")
    made.admin().asks("/start", "тревоги")  # he hears of lowered prices, and else could not be written to
    yield made
    made.close()
    for bot in ("client", "master"):
        assert '"level": "error"' not in made.house.log(bot)


@pytest.fixture(scope="module")
def own_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """A town where only the client bot runs, for tests that kill it and leave it running."""
    with pytest.MonkeyPatch.context() as patch:
        made = Town(tmp_path_factory.mktemp("own"), patch)
    made.house.start("client")
    yield made
    made.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[Room]:
    """A store of one's own, and bots in this process."""
    made = Room(tmp_path)
    yield made
    made.store.close()
