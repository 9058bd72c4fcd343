"""The part of a poll that holds edits which one stroke made to many orders, until
somebody decides.

The mirror stays as it was meanwhile, so an Undo leaves nothing to be told, and a press
on an old card is judged by what everybody knew. Once the admin has decided, each order
is taken in as any edit, told or untold.
"""

from collections.abc import Callable, Iterable, Mapping

from record.dispatch.changes import Change
from record.dispatch.followups import waiting
from record.dispatch.model import Order
from record.dispatch.notices import Audience, notices_of
from record.dispatch.waves import sentence
from record.grid.identity import Found
from record.grid.layout import Row, lasting_print
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import is_empty
from record.values.actors import ActorKind
from worker.poll.announce import who
from worker.poll.step import PollStep
from worker.poll.waves import Waves, numbers

CHECK = WORKSHEETS[ORDERS].index("Проверка")
# where stamps and notes of ours land, which decide nothing
BESIDE = WORKSHEETS[ORDERS].own | {"Комментарий"}
LOOKED_AT = [
    place
    for place, column in enumerate(WORKSHEETS[ORDERS].columns)
    if column not in BESIDE
]
Peek = Callable[[Iterable[str]], dict[str, tuple[Order, list[Change]]]]


class MassEdits:
    """The edits of one poll that wait: ``held`` are the new ones of them.

    ``hushed`` are those that were let in without telling anybody.
    """

    def __init__(self, step: PollStep, waves: Waves) -> None:
        self._step = step
        self._waves = waves
        self.hushed: set[str] = set()
        self.held: list[str] = []

    def hold(self, changed: Mapping[str, Found], peek: Peek) -> None:
        """Put aside the orders that wait, old ones and new ones; ``peek`` says what
        would change.
        """
        audience = Audience(self._step.roster, self._step.tx.masters.quiet())
        fresh = self._decided(changed, peek, audience)
        limit = self._step.settings.polling.wave_rows
        known = [key for key in fresh if key in self._step.known]
        if not 0 < limit < len(known):
            return
        found = peek(known)
        telling = [
            key
            for key, (_, changes) in found.items()
            if any(self._told(one, audience) for one in changes)
        ]
        if len(telling) <= limit:
            return
        wave = self._waves.join("edits", numbers(telling))
        self._waves.look(wave.number, {key: look(changed[key].row) for key in telling})
        for key in telling:
            self._step.put_aside(key)
            self._waves.mark(
                key, waiting(found[key][0], sentence(wave)), changed[key].row
            )
        self.held = telling

    def _told(self, change: Change, audience: Audience) -> bool:
        """Say whether anybody hears of what staff have changed in the sheet."""
        if who(change, self._step.writes).kind is not ActorKind.STAFF:
            return False
        return any(notice.kind != "card" for notice in notices_of(change, 0, audience))

    def _undone(self, key: str, peek: Peek, audience: Audience) -> bool:
        """Say whether nobody would hear of an edit any more, «Оповещены» filled again
        above all.
        """
        found = peek([key])
        return key in found and not any(
            self._told(one, audience) for one in found[key][1]
        )

    def _decided(
        self, changed: Mapping[str, Found], peek: Peek, audience: Audience
    ) -> list[str]:
        """Go through what waits: put it aside again, or let it in; return the other
        orders that have changed.
        """
        fresh = dict.fromkeys(changed)
        coming = {
            write.subject
            for write in self._step.writes
            if write.title == ORDERS and "Проверка" in write.cells
        }
        for wave in self._waves.of_edits():
            keep: dict[str, str] = {}
            for key, looked in wave.looked.items():
                if key not in changed:
                    continue  # undone, or deleted
                row = changed[key].row
                if looked not in _looks(row):
                    continue  # dealt with by hand
                if key not in coming and is_empty(row[CHECK]):
                    continue  # who clears «Проверка» lets this one go
                if wave.state == "open" and self._undone(key, peek, audience):
                    continue
                del fresh[key]
                if key in coming:
                    self._waves.keep_words(key, row)
                if wave.state == "open" or (
                    wave.state == "send" and not self._waves.let_go()
                ):
                    keep[key] = looked
                    self._step.put_aside(key)
                elif wave.state == "leave":
                    self.hushed.add(key)
            self._waves.keep_looking(wave.number, keep)
        return list(fresh)


def look(row: Row) -> str:
    """Return how a row looks where a person's edit decides about it: a stamp or note of
    ours is no decision.
    """
    return lasting_print(tuple(row[place] for place in LOOKED_AT))


def _looks(row: Row) -> tuple[str, str]:
    """Return how a row looks, and how the release before this one would have remembered
    that.
    """
    return look(row), lasting_print(
        tuple(cell for place, cell in enumerate(row) if place != CHECK)
    )
