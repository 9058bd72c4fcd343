"""The local store's tables, one file a group. All of it can be deleted: what matters is
rebuilt from the sheet.

Times ending in ``_at`` are seconds since the epoch; ``created`` and ``done`` are the
company's wall clock, as in the sheet; money is whole kopecks.

Whoever changes anything here adds a migration, which brings stores that are in use to
the same: a new file ``migrations/versions/r<number>_<what>.py`` with ``revision``,
``down_revision`` (the one before) and ``upgrade()``, as in r0002. A migration that was
released is never changed. A new column of a table that exists needs a
``server_default``, both here and there. ``tests/record/test_store_versions.py`` fails
while one is forgotten.
"""

from record.store.schema.base import metadata
from record.store.schema.bots import dialogs, quiet, unreachable, updates
from record.store.schema.mirror import lists, masters, order_words, orders, resting
from record.store.schema.site import (
    attempts,
    entry_links,
    sessions,
    staff,
    staff_entries,
    talk_lines,
    talk_messages,
    talks,
)
from record.store.schema.upkeep import buckets, counters, facts, history, runs, turns
from record.store.schema.work import (
    cards,
    claims,
    consents,
    forgets,
    forms,
    journal,
    order_files,
    outbox,
)

__all__ = [
    "attempts",
    "buckets",
    "cards",
    "claims",
    "consents",
    "counters",
    "dialogs",
    "entry_links",
    "facts",
    "forgets",
    "forms",
    "history",
    "journal",
    "lists",
    "masters",
    "metadata",
    "order_files",
    "order_words",
    "orders",
    "outbox",
    "quiet",
    "resting",
    "runs",
    "sessions",
    "staff",
    "staff_entries",
    "talk_lines",
    "talk_messages",
    "talks",
    "turns",
    "unreachable",
    "updates",
]
