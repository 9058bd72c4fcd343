"""The same company as that of the pitfalls, where a case is seen best from outside; the office, where from within."""

from tests.pitfalls.conftest import announced, company, opened, sheet
from tests.worker.conftest import empty_house, office, shared

__all__ = ["announced", "company", "empty_house", "office", "opened", "shared", "sheet"]
