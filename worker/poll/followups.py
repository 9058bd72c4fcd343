"""What has to follow a change of an order: the cells of ours in its row, and its claim."""

from collections.abc import Container, Mapping
from dataclasses import replace

from record.dispatch.changes import offerable
from record.dispatch.followups import cells_to_follow, explanation
from record.dispatch.model import Order
from record.dispatch.reach import UNCONNECTED, without_master
from record.dispatch.repeats import repeat_sentence
from record.dispatch.waves import LEFT
from record.grid.layout import Row, same
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.values import Cell
from record.values.actors import HUSHED, SYSTEM
from worker.poll.repeats import Repeats
from worker.poll.step import PollStep

# all that is written into the row of an order from the past
OF_THE_PAST = ("Проверка", "Комментарий")


class FollowUps:
    """Journals what follows from the changes of one poll."""

    def __init__(
        self, step: PollStep, hushed: Container[str], repeats: Repeats
    ) -> None:
        """``hushed``: orders whose edits the admin let in without telling anybody."""
        self._step = step
        self._hushed = hushed
        self._repeats = repeats

    def settle_claim(self, order_id: str, after: Order | None) -> None:
        """Let a person's edit overrule a claim."""
        # a master's own write that is still on its way keeps it
        if after and self._status_is_on_its_way(order_id):
            return

        self._step.tx.claims.set(order_id, holder_of(after))

    def answer(
        self,
        before: Order | None,
        after: Order,
        *,
        past: bool = False,
        shown: Row | None = None,
    ) -> None:
        """Journal the cells that have to follow, those that don't show it already.

        ``shown`` is how the row will stand, where that is known better than usual.
        """
        cells = self._cells(before, after, past=past)
        if not cells:
            return

        if shown is None:
            shown = self._step.tx.orders.shown_row(after.id)

        fresh, seen = _fresh(cells, shown)
        if fresh:
            by = HUSHED if after.id in self._hushed else SYSTEM
            self._step.tx.journal.add(Write(ORDERS, "set", after.id, fresh, seen, by))

    def _status_is_on_its_way(self, order_id: str) -> bool:
        return any(
            write.state in ("waiting", "unclear") and "Статус" in write.cells
            for write in self._step.tx.journal.pending(ORDERS, order_id)
        )

    def _cells(
        self, before: Order | None, after: Order, *, past: bool
    ) -> dict[str, Cell]:
        step = self._step
        unreached = self._unreached(after, past=past)
        cells = cells_to_follow(
            before,
            after,
            step.roster.get(after.master_id),
            step.settings.commission.percent,
            step.clock,
            unreached,
        )
        if past:
            cells = {name: cells[name] for name in OF_THE_PAST if name in cells}

        repeated = self._repeats.of(after)
        if repeated and not past:
            marked = replace(after, check=repeat_sentence(repeated))
            cells["Проверка"] = explanation(marked, unreached)

        if after.id in self._hushed and offerable(after):
            left_out = replace(after, told=LEFT)
            cells["Оповещены"] = LEFT
            cells["Проверка"] = explanation(left_out, unreached)

        return cells

    def _unreached(self, order: Order, *, past: bool) -> list[str]:
        """Return the sentences about people who don't get messages about the order."""
        master = self._step.roster.get(order.master_id)
        # who worked on it before us knows of it without a message
        knows = past and UNCONNECTED not in order.check
        if master and knows and not master.chat:
            master = None

        said = self._step.reach.unreached(order, master)
        if past:
            return said

        listed = self._step.roster.get(order.master_id)
        return without_master(order, listed) + said


def _fresh(
    cells: Mapping[str, Cell], shown: Row | None
) -> tuple[dict[str, Cell], dict[str, Cell]]:
    """Return the cells that say something else than the row, and what they replace."""
    if shown is None:
        return dict(cells), {}

    sheet = WORKSHEETS[ORDERS]
    fresh: dict[str, Cell] = {}
    seen: dict[str, Cell] = {}
    for column, value in cells.items():
        stands = shown[sheet.index(column)]
        if same(stands, value):
            continue

        fresh[column] = value
        # columns of ours are written over whatever a person put there
        if column not in sheet.own:
            seen[column] = stands

    return fresh, seen


def holder_of(order: Order | None) -> str:
    """Return the master who has an order, "" for nobody."""
    return order.holder if order else ""
