"""A store on each database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from record.store import Store
from tests.harness.databases import databases


@pytest.fixture
def url(database: str, tmp_path: Path) -> str:  # noqa: ARG001  what kind of store it is
    """The address of a store that does not exist yet, in a folder that does not either."""
    return databases.url(tmp_path / "var")


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    """An empty store."""
    made = Store(url)
    yield made
    made.close()
