"""Which Naryad leads a spreadsheet, as a mark in the spreadsheet itself says; another
store can't know it. Pure.

    the mark ─▶ none, ours, or this very installation's (same store, or place of a deleted one) ─▶ lead
             ├▶ somebody else's that changes ─▶ he lives: refuse
             └▶ somebody else's that stands still for long, or is old ─▶ lead

Clocks of two machines are not compared but for marks that are older by far than clocks
go wrong.
"""

from dataclasses import asdict, dataclass, replace
from json import dumps, loads
from typing import Any

KEY = "naryad.leader"
# the same for all, so that of two who begin in the same instant only one makes the mark
ID = 20_112_698
STILL = 2.5  # beats without a change after which somebody else is taken for gone
OLD_S = 3600.0


@dataclass(frozen=True)
class Mark:
    """Who leads: his store and place, the run that made the mark, how often it has, and
    when by his clock.
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
    """Return the mark that a text is, None where it is none."""
    try:
        known: dict[str, Any] = loads(text)
        return Mark(**{name: kind(known[name]) for name, kind in FIELDS.items()})
    except (ValueError, KeyError, TypeError):
        return None


FIELDS: dict[str, type] = {
    "store": str,
    "place": str,
    "host": str,
    "run": str,
    "beat": int,
    "at": float,
}


@dataclass
class Watching:
    """What one leader knows of the marks that it has seen; moments are of a clock that
    only goes forward.
    """

    me: Mark
    beat_s: float
    known: Mark | None = None  # the mark that this store has made last
    seen: Mark | None = None
    since: float = 0.0
    robbed: bool = False

    def stranger(self, found: Mark | None, now: float, clock: float) -> Mark | None:
        """Return who else leads, None where we may; ``clock`` is the time of day.

        Once somebody has taken over a mark of ours while we led, that we are alike is
        no proof that it is us.
        """
        if found is None or found.run == self.me.run:
            self.robbed = False
            return None
        self.robbed = self.robbed or self.me.beat > 0
        if found != self.seen:
            self.seen, self.since = found, now
        still = now - self.since >= STILL * self.beat_s
        old = not -OLD_S < clock - found.at < OLD_S
        if still or old or (self._same(found) and not self.robbed):
            self.robbed = False
            return None
        return found

    def _same(self, found: Mark) -> bool:
        """Say whether a mark is this installation's: its store's last, or the place's,
        whose store was deleted.
        """
        if found.store == self.me.store:
            return self.known is None or (
                found.run == self.known.run and abs(found.beat - self.known.beat) <= 1
            )
        return found.place == self.me.place


def refused(other: Mark) -> str:
    """Return in Russian that somebody else leads, and what to do."""
    return (
        f"Эту таблицу уже ведёт другой Наряд: компьютер {other.host}, база {other.place}. Этот ждёт и ничего не "
        "рассылает, чтобы никому не сообщили дважды. Остановите лишний; если Наряд работает на нескольких машинах, "
        "дайте им одну базу (store.url). Остановленный будет заменён сам через несколько минут"
    )
