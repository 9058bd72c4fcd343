"""Small facts that the store remembers by name, each with the type of its value.

    BASELINE = Fact[float]("baseline")
    tx.facts.put(BASELINE, time.time())
    tx.facts.get(BASELINE)              # float | None

``git grep -w BASELINE`` finds all who read and write it. A fact of one room is declared
in that room; those that several rooms share are declared here. What stands in the
database is read by the release after this one too: a key, once released, stays, and
its JSON only grows; anything else takes a migration (0006 did so for chats).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Literal, NotRequired, TypedDict, TypeVar

from sqlalchemy import Connection, delete, select

from record.dispatch.unfinished import kept_unfinished, read_unfinished
from record.store.schema import facts
from record.store.statements import upsert

T = TypeVar("T")
ProcessName = Literal["worker", "bot.client", "bot.master"]


def _as_it_is(value: Any) -> Any:
    return value


@dataclass(frozen=True)
class Fact(Generic[T]):
    """The key of a fact, and how its value is read from JSON and written back.

    By default the value is the JSON itself.
    """

    key: str
    read: Callable[[Any], T] = _as_it_is
    write: Callable[[T], Any] = _as_it_is


class Facts:
    """All facts, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, fact: Fact[T]) -> T | None:
        """Return a fact's value, None where it was never put."""
        row = self._connection.execute(
            select(facts.c.value).where(facts.c.name == fact.key)
        ).first()
        if row is None:
            return None
        return fact.read(row.value)

    def put(self, fact: Fact[T], value: T) -> None:
        """Remember a fact."""
        kept = {"name": fact.key, "value": fact.write(value)}
        upsert(self._connection, facts, kept)

    def drop(self, fact: Fact[Any]) -> None:
        """Forget a fact."""
        self._connection.execute(delete(facts).where(facts.c.name == fact.key))


class Beat(TypedDict):
    """A process's sign of life; times in seconds since the epoch.

    Only bots have a name, and a time at which they last heard the messenger.
    """

    at: float
    pid: int
    name: NotRequired[str]
    heard: NotRequired[float]


class Restart(TypedDict):
    """That this store replaced one that was ``damaged`` or ``deleted``.

    ``aside``: the name of the damaged file, ``writes``: how many were saved.
    """

    at: float
    why: str
    aside: str
    writes: int


class Resting(TypedDict):
    """What an order has become by an edit that rests, and since when the sheet says so."""

    meaning: str
    since: float


class CopyMade(TypedDict, total=False):
    """The last copy of the spreadsheet; ``since``: when we began to wait for the first."""

    since: float
    at: float
    file: str
    worksheets: int
    rows: int


# The id of the spreadsheet that the mirror was read from
SPREADSHEET = Fact[str]("spreadsheet")

# When the first poll took the sheet as it was, without a word to anybody
BASELINE = Fact[float]("baseline")

# The name under which the process leads that began to last; it alone may write then
LEADER = Fact[str]("leader")

# That this store replaced one that was damaged or deleted
RESTARTED = Fact[Restart]("begun")

# The last copy of the spreadsheet
BACKUP = Fact[CopyMade]("backup")

# The headers of each worksheet in their order, as last polled
HEADERS = Fact[dict[str, list[str]]]("headers")

# The worksheets in which something stands below the last row of ours: by what was read,
# and by what only the cells themselves tell, formulas that show nothing
FILLED_BELOW = Fact[list[str]]("filled_below")
FORMULAS_BELOW = Fact[list[str]]("formulas_below")

# The troubles of each job by cause; releases before kept other things for a job, see
# worker/alarms.py
ALARMS = Fact[Mapping[str, Any]]("alarms")

# What is wrong now with the whole sheet: ``text`` and ``kind``, or the bare text as the
# release before kept it
SHEET_PROBLEMS = Fact[Sequence[Mapping[str, str] | str]]("sheet_problems")

# Rows of «Заявки» that are no orders yet, as the last poll saw them
UNFINISHED = Fact("unfinished", read_unfinished, kept_unfinished)

# What is known of each worksheet: ``id``, ``rows``, ``filled``
GRIDS_KNOWN = Fact[dict[str, dict[str, Any]]]("grids")

# By order: the edits of staff that rest, see record/dispatch/regret.py
RESTING = Fact[dict[str, Resting]]("resting_edits")

# By order: in which round, and how often, the admin was told that nobody is offered it
UNOFFERED = Fact[dict[str, dict[str, Any]]]("unoffered")


ALIVE = "alive."


def alive(process: str) -> Fact[Beat]:
    """Return the fact that holds the last sign of life of a process, see ProcessName; a
    bot in a further channel has the channel behind its name.
    """
    return Fact(f"{ALIVE}{process}")
