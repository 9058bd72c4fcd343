"""Which Naryad leads a spreadsheet, as a mark in the spreadsheet itself says. Pure.

    the mark ─▶ none, ours, or of this very installation ─▶ lead
             ├▶ somebody else's that changes ─▶ he lives: refuse
             └▶ somebody else's that stands still for long, or is old ─▶ lead

A lock in the store would not do: the other Naryad has another store. Clocks of two
machines are not compared, except for marks that are older by far than clocks go wrong.
"""

from dataclasses import asdict, dataclass, replace
from json import dumps, loads
from typing import Any

KEY = "naryad.leader"
# one ID for all: of two who begin in the same instant Google lets only one make it
ID = 20_112_698
STILL = 2.5  # beats without a change after which somebody else is taken for gone
OLD_S = 3600.0


@dataclass(frozen=True)
class Mark:
    """Who leads: its store and place, the run that made the mark, how often, and when.

    ``at`` is epoch seconds by the leader's clock.
    """

    store: str
    place: str
    host: str
    run: str
    beat: int = 0
    at: float = 0.0

    def text(self) -> str:
        """Return it as the spreadsheet keeps it."""
        return dumps(asdict(self), ensure_ascii=False)

    def next(self, now: float) -> "Mark":
        """Return the next sign of life."""
        return replace(self, beat=self.beat + 1, at=now)


def read_mark(text: str) -> Mark | None:
    """Return the mark that a text holds, None where a person wrote something else."""
    try:
        known: dict[str, Any] = loads(text)
        return Mark(
            store=str(known["store"]),
            place=str(known["place"]),
            host=str(known["host"]),
            run=str(known["run"]),
            beat=int(known["beat"]),
            at=float(known["at"]),
        )
    except (ValueError, KeyError, TypeError):
        return None


@dataclass
class Watching:
    """What one leader knows of the marks that it has seen.

    ``known`` is the last mark of this store, ``since`` when ``seen`` was seen first, by
    a clock that only goes forward. ``replaced``: somebody took our mark while we led.
    """

    me: Mark
    beat_s: float
    known: Mark | None = None
    seen: Mark | None = None
    since: float = 0.0
    replaced: bool = False

    def stranger(self, found: Mark | None, ticks: float, now: float) -> Mark | None:
        """Return who else leads, None where we may.

        ``ticks`` are seconds of a clock that only goes forward.
        """
        if (
            found is None
            or found.run == self.me.run
            or self._may_replace(found, ticks, now)
        ):
            self.replaced = False
            return None
        return found

    def _may_replace(self, found: Mark, ticks: float, now: float) -> bool:
        if self.me.beat > 0:
            self.replaced = True
        if found != self.seen:
            self.seen, self.since = found, ticks
        if ticks - self.since >= STILL * self.beat_s:
            return True
        is_recent = abs(now - found.at) < OLD_S
        if not is_recent:
            return True
        # a copy of our store looks like us: once it has taken our mark while we led,
        # likeness proves nothing
        return self._is_ours(found) and not self.replaced

    def _is_ours(self, found: Mark) -> bool:
        """Return whether this installation made a mark in an earlier run.

        It is the last one of its store; or of its place, where the store was deleted.
        """
        if found.store != self.me.store:
            return found.place == self.me.place
        if self.known is None:
            return True
        # the last mark may have been noted here without reaching Google
        next_to_it = abs(found.beat - self.known.beat) <= 1
        return found.run == self.known.run and next_to_it


def refused(other: Mark) -> str:
    """Return in Russian that somebody else leads, and what to do."""
    return (
        f"Эту таблицу уже ведёт другой Наряд: компьютер {other.host}, база {other.place}. Этот ждёт и ничего не "
        "рассылает, чтобы никому не сообщили дважды. Остановите лишний; если Наряд работает на нескольких машинах, "
        "дайте им одну базу (store.url). Остановленный будет заменён сам через несколько минут"
    )
