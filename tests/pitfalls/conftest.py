"""One company for all these tests; staff bring it back to the start before each."""

from collections.abc import Iterator

import pytest

from tests.harness.company import Company
from tests.harness.sheet import Sheet
from tests.worker.conftest import empty_system, office, shared

__all__ = ["empty_system", "office", "shared"]  # fixtures: some pitfalls are seen best from the worker's office


class Opened:
    """The company that runs now; one in which something went wrong is closed, and another is opened."""

    def __init__(self, folders: pytest.TempPathFactory) -> None:
        self._folders = folders
        self.company: Company | None = None

    def ready(self) -> Company:
        """Return a company at the start of its day."""
        company = self.company or Company(self._folders.mktemp("company"))
        self.company = company
        company.begin()
        return company

    def close(self) -> None:
        """End whatever runs."""
        company, self.company = self.company, None
        if company:
            company.close()


@pytest.fixture(scope="package")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Opened]:
    """The company of this package's tests."""
    made = Opened(tmp_path_factory)
    yield made
    made.close()


@pytest.fixture
def company(request: pytest.FixtureRequest, opened: Opened) -> Iterator[Company]:
    """A company with three new orders that its two masters know of; a client waits in a chat for the first."""
    failed = request.session.testsfailed
    yield opened.ready()
    if request.session.testsfailed > failed:
        opened.close()


@pytest.fixture
def announced(company: Company) -> Company:
    """The same company, with the cards of the three orders hanging in its masters' chats."""
    company.begin(announce=True)
    return company


@pytest.fixture
def sheet(company: Company) -> Sheet:
    """The company's spreadsheet in the hands of staff."""
    return company.sheet
