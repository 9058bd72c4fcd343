"""What can be saved of a damaged or deleted store: what the sheet does not know. SQLite.

Not saved are the mirror, which is read again, claims, which follow the sheet, and offers
of new orders, which are made again where «Оповещены» is empty.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Connection, Engine
from sqlalchemy.exc import DBAPIError

from record.grid.worksheets import MASTERS, ORDERS
from record.grid.writes import NUMBERS_END
from record.store.facts import RESTARTED, Restart
from record.store.schema import metadata

WANTED = {
    "journal": "state IN ('waiting', 'unclear', 'parked')",
    "updates": "handled_at IS NULL",
    "outbox": "state = 'waiting' AND kind <> 'order_new'",
    "counters": "name IN ('order', 'master', 'talk_line')",
    "history": "1",
    "forms": "1",
    "dialogs": "1",
    "cards": "1",
    "order_files": "1",
    "quiet": "1",
    "unreachable": "1",
    "consents": "1",
    "forgets": "1",
    # without them one password of all would open the panel again
    "staff": "1",
    "talks": "1",
    "talk_lines": "1",
    "talk_messages": "1",
}
NUMBERED = {ORDERS: "order", MASTERS: "master"}
Row = dict[str, Any]


@dataclass
class Saved:
    """Rows by table."""

    rows: dict[str, list[Row]] = field(default_factory=dict)

    def count(self, table: str) -> int:
        """Return how many rows of a table could be read."""
        return len(self.rows.get(table, ()))

    @property
    def writes(self) -> int:
        """How many writes had not reached the sheet."""
        return self.count("journal")


def take_out(connection: sqlite3.Connection) -> Saved:
    """Return what can be read; tables and rows that can't are left out."""
    connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
    saved = Saved()
    for table, which in WANTED.items():
        columns = _columns(connection, table)
        # by number, since a row may be read from both ends
        found: dict[int, Row] = {}
        for number, *values in _rows(connection, table, columns, which):
            found[number] = dict(zip(columns, values, strict=True))
        rows = [row for _, row in sorted(found.items())]
        saved.rows[table] = [row for row in rows if _is_whole(table, row)]
    for write in saved.rows["journal"]:
        _look_first(write)
    return saved


def _columns(connection: sqlite3.Connection, table: str) -> list[str]:
    """Return the columns that the file has and this program knows."""
    known = {column.name for column in metadata.tables[table].columns}
    try:
        described = connection.execute(f"PRAGMA table_info({table})").fetchall()
    except sqlite3.DatabaseError:
        return []
    names = [column[1] for column in described]
    return [name for name in names if name in known]


def _rows(
    connection: sqlite3.Connection, table: str, columns: list[str], which: str
) -> Iterator[tuple[Any, ...]]:
    """Yield the rows with their numbers, as far as they can be read.

    From the first on up to the damage; then from the last one backwards.
    """
    if not columns:
        return
    names = ", ".join(f'"{column}"' for column in columns)
    rows = f"SELECT rowid, {names} FROM {table} WHERE {which}"  # noqa: S608  our own names
    for order in ("ASC", "DESC"):
        try:
            yield from connection.execute(f"{rows} ORDER BY rowid {order}")
        except (sqlite3.DatabaseError, OverflowError):
            continue
        return


def _is_whole(table: str, row: Mapping[str, Any]) -> bool:
    """Return whether damage has not made this row up: its JSON can be read."""
    for column in metadata.tables[table].columns:
        if column.name not in row or not isinstance(column.type, JSON):
            continue
        try:
            value = json.loads(row[column.name])
        except (TypeError, ValueError):
            return False
        if value is None:
            return False
    return True


def _look_first(write: Row) -> None:
    """Let a write be looked for in the sheet before it is made.

    It may have been made, and only the note of that been lost.
    """
    write["state"] = "unclear" if write["kind"] == "append" else "waiting"
    write["attempts"] = max(1, int(write["attempts"] or 0))


def put_in(engine: Engine, saved: Saved, restart: Restart) -> None:
    """Put saved rows into a new store, with a note why; leave out what does not fit."""
    noted = {
        "name": RESTARTED.key,
        "value": json.dumps(dict(restart), ensure_ascii=False),
    }
    with engine.begin() as connection:
        for table, rows in {**saved.rows, "facts": [noted]}.items():
            # all at once is fast; where one does not fit, one by one
            if rows and not _insert(connection, table, rows):
                for row in rows:
                    _insert(connection, table, [row])
        _give_no_number_twice(connection, saved)


def _insert(connection: Connection, table: str, rows: list[Row]) -> bool:
    """Insert all rows, or none; return whether they were."""
    names = ", ".join(f'"{name}"' for name in rows[0])
    places = ", ".join("?" * len(rows[0]))
    statement = f"INSERT OR IGNORE INTO {table} ({names}) VALUES ({places})"  # noqa: S608  our own names
    try:
        with connection.begin_nested():
            connection.exec_driver_sql(statement, [tuple(row.values()) for row in rows])
    except DBAPIError:
        return False
    return True


def _give_no_number_twice(connection: Connection, saved: Saved) -> None:
    """Let the counters be past the numbers of rows that wait to be added to the sheet."""
    raised = (
        "INSERT INTO counters (name, value) VALUES (?, ?) "
        "ON CONFLICT (name) DO UPDATE SET value = max(value, excluded.value)"
    )
    for write in saved.rows.get("journal", ()):
        subject, counter = str(write["subject"]), NUMBERED.get(write["title"])
        if write["kind"] != "append" or counter is None or not subject.isdecimal():
            continue
        # greater ones are given while the sheet was never read, and come from no counter
        if int(subject) < NUMBERS_END:
            connection.exec_driver_sql(raised, (counter, int(subject)))
