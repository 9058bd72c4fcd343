"""The same company as that of the pitfalls, where a case is seen best from outside; the office, where from within.

The site on a store of its own, with its visitors and people, where a case is the site's alone.
"""

from tests.pitfalls.conftest import announced, company, opened, sheet
from tests.web.conftest import admin, compiled, ivan, new_person, new_visitor, person, store, visitor
from tests.worker.conftest import empty_system, office, shared

__all__ = [
    "admin",
    "announced",
    "company",
    "compiled",
    "empty_system",
    "ivan",
    "new_person",
    "new_visitor",
    "office",
    "opened",
    "person",
    "shared",
    "sheet",
    "store",
    "visitor",
]
