"""What a write that was made, or could not be made, leads to.

The journal notes it, claims follow the sheet, and the masters concerned are told.
"""

from collections.abc import Mapping, Sequence

from record.dispatch.model import Roster
from record.dispatch.notices import Notice
from record.dispatch.reading import read_order
from record.flush.known import rows_known
from record.flush.unanswered import answered
from record.grid.excerpt import Excerpt
from record.grid.layout import Values
from record.grid.plan import Plan
from record.grid.repair import empty_stray, is_stray, put_back
from record.grid.verify import ReadBack, WriteVerdict
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write, renames
from record.logs import get_logger
from record.sheet import Sheet, absolute_range_name
from record.store import Tx
from record.values import Cell, as_shown
from record.values.actors import Actor, ActorKind

log = get_logger(__name__)


def holders(
    plan: Plan, excerpts: Mapping[str, Excerpt], roster: Roster
) -> dict[str, str]:
    """Return who holds the orders whose masters' writes are refused; "" for nobody.

    The sheet says so. It reads what people typed, so it is asked before the store is
    held.
    """
    found: dict[str, str] = {}
    for refused in plan.refused.values():
        order_id = refused.write.subject
        if not _pressed(refused.write) or order_id in found:
            continue
        row = excerpts[ORDERS].find(order_id)
        found[order_id] = ""
        if row is not None:
            found[order_id] = read_order(excerpts[ORDERS].ours(row), roster).holder
    return found


def conclude(
    tx: Tx,
    plan: Plan,
    verdict: WriteVerdict,
    excerpts: Mapping[str, Excerpt],
    read_back: ReadBack,
) -> None:
    """Note what a flush has come to.

    That is what is confirmed, what is gone, and what has to be put back.
    """
    tx.journal.mark([*verdict.confirmed, *plan.satisfied], "written")
    tx.journal.mark([*verdict.missed, *verdict.unsure], "waiting")
    answered(tx, plan.sent)
    for write in plan.gone.values():
        _gone(tx, write)
    if verdict.missed:
        _repair(tx, plan, verdict, excerpts, read_back)
    carried = plan.sent
    news = any(_is_news(carried[write_id]) for write_id in verdict.confirmed)
    if news or plan.refused:
        tx.wake("poll")


def strays(plan: Plan, verdict: WriteVerdict, sheet: Sheet) -> list[Write]:
    """Return the writes that empty new rows whose cells stand under wrong headers.

    The rows are added again.
    """
    missed = [plan.appended[one] for one in verdict.missed if one in plan.appended]
    titles = sorted({write.title for write in missed})
    if not titles:
        return []
    ranges = [absolute_range_name(title) for title in titles]
    repairs: list[Write] = []
    for title, rows in zip(titles, sheet.read_ranges(ranges), strict=True):
        for added in plan.appends[title]:
            repairs += _empty_all(title, rows, added)
    return repairs


def _empty_all(title: str, rows: Values, added: Sequence[Cell]) -> list[Write]:
    """Return the writes that empty each row that looks like the one just added."""
    return [
        empty_stray(title, number, added)
        for number, cells in enumerate(rows, start=1)
        if is_stray(added, cells)
    ]


def refuse(tx: Tx, plan: Plan, held: Mapping[str, str]) -> None:
    """Note what a person overruled; claims then follow the sheet.

    A master is told once of an order, whatever he has pressed. ``held`` are the
    :func:`holders` of these orders.
    """
    notified: set[tuple[Actor, str]] = set()
    for write, column, stands in plan.refused.values():
        log.warning(
            "write_refused",
            title=write.title,
            order=write.subject,
            column=column,
            by=str(write.by),
        )
        tx.journal.mark([write.id], "refused", f"«{column}» was changed by a person")
        if not _pressed(write):
            continue
        tx.claims.set(write.subject, held[write.subject])
        if (write.by, write.subject) in notified:
            continue
        notified.add((write.by, write.subject))
        facts = {"column": column, "value": as_shown(stands)}
        tx.outbox.add(
            Notice(
                f"refused:{write.id}",
                "master",
                write.by.master_id,
                "refused",
                write.subject,
                facts,
            )
        )


def _pressed(write: Write) -> bool:
    """Return whether a master has pressed a button for this."""
    return write.title == ORDERS and write.by.kind is ActorKind.MASTER


def _gone(tx: Tx, write: Write) -> None:
    """Give up a write whose row was deleted.

    A master whose «ПРИНЯТЬ» no poll has seen is told: no poll can tell him.
    """
    if renames(write):
        # nothing bears the ID by mistake any more
        tx.journal.mark([write.id], "written")
        return
    log.warning(
        "write_refused", title=write.title, order=write.subject, why="row is gone"
    )
    tx.journal.mark([write.id], "refused", "row is gone")
    if not _pressed(write):
        return
    master = write.by.master_id
    accepted = bool(write.cells.get("Мастер"))
    holds_it = tx.claims.owner(write.subject) == master
    stored = tx.orders.stored([write.subject]).get(write.subject)
    # what the mirror still shows is told by the poll that finds the row gone
    tx.claims.set(write.subject, stored.order.holder if stored else "")
    if accepted and holds_it:
        tx.outbox.add(
            Notice(f"removed:{write.id}", "master", master, "removed", write.subject)
        )


def _repair(
    tx: Tx,
    plan: Plan,
    verdict: WriteVerdict,
    excerpts: Mapping[str, Excerpt],
    read_back: ReadBack,
) -> None:
    """Journal what restores the rows that were hit by mistake."""
    tx.journal.tried(verdict.missed, "landed on a wrong row")
    for title, row in sorted(set(verdict.hit)):
        puts = plan.puts_in(title, row)
        now, found = verdict.layouts[title], read_back[title].get(row, [])
        known = list(rows_known(tx, title).values())
        write = put_back(puts, excerpts[title], now, found, known)
        log.warning(
            "misplaced_write",
            title=title,
            row=row,
            order=write.subject,
            cells=list(write.cells),
        )
        tx.journal.add(write)


def _is_news(write: Write) -> bool:
    """Return whether a poll has anything to decide about a write."""
    # nothing follows from the system's own columns
    return write.kind != "set" or bool(set(write.cells) - WORKSHEETS[write.title].own)
