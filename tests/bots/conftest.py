"""One bot_system with both bots for most tests; a bot_system of one's own for those that kill."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.harness.bot_office import BotOffice
from tests.harness.bot_system import BotSystem


@pytest.fixture(scope="session")
def bot_system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotSystem]:
    """A bot_system whose two bots run for the whole session; tests use people and orders of their own."""
    with pytest.MonkeyPatch.context() as patch:
        made = BotSystem(tmp_path_factory.mktemp("bot_system"), patch)
    made.system.start("client", "master")
    made.admin().asks("/start", "тревоги")  # he hears of lowered prices, and else could not be written to
    yield made
    made.close()
    for bot in ("client", "master"):
        assert '"level": "error"' not in made.system.log(bot)


@pytest.fixture(scope="module")
def own_town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotSystem]:
    """A bot_system where only the client bot runs, for tests that kill it and leave it running."""
    with pytest.MonkeyPatch.context() as patch:
        made = BotSystem(tmp_path_factory.mktemp("own"), patch)
    made.system.start("client")
    yield made
    made.close()


@pytest.fixture
def room(tmp_path: Path) -> Iterator[BotOffice]:
    """A store of one's own, and bots in this process."""
    made = BotOffice(tmp_path)
    yield made
    made.store.close()
