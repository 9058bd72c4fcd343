"""What a write that was made, or could not be made, means for the journal, the claims
and the masters.
"""

from collections.abc import Mapping

from record.dispatch.model import Roster
from record.dispatch.notices import Notice
from record.dispatch.reading import read_order
from record.flush.known import rows_known
from record.flush.unanswered import answered
from record.grid.plan import After, Page, Plan, Verdict, renames
from record.grid.repair import empty_stray, put_back, stray
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.logs import get_logger
from record.sheet import Sheet, absolute_range_name
from record.store import Tx
from record.values import as_shown
from record.values.actors import Actor, ActorKind

log = get_logger(__name__)


def holders(plan: Plan, pages: Mapping[str, Page], roster: Roster) -> dict[str, str]:
    """Return who holds the orders, by what stands in the sheet, whose masters' writes
    are refused; "" for nobody.

    It reads what people typed, so it is asked before the store is held.
    """
    subjects = {
        write.subject for write, _, _ in plan.refused.values() if _pressed(write)
    }
    rows = {subject: pages[ORDERS].find(subject) for subject in subjects}
    orders = {
        subject: read_order(pages[ORDERS].ours(row), roster)
        for subject, row in rows.items()
        if row
    }
    return {
        subject: orders[subject].holder if subject in orders else ""
        for subject in subjects
    }


def conclude(
    tx: Tx, plan: Plan, verdict: Verdict, pages: Mapping[str, Page], after: After
) -> None:
    """Note what a flush has come to: what landed, what is gone, what has to be put
    back.
    """
    tx.journal.mark([*verdict.landed, *plan.satisfied], "written")
    tx.journal.mark([*verdict.missed, *verdict.unsure], "waiting")
    answered(tx, [*plan.placed, *plan.appended])
    for write in plan.gone.values():
        _gone(tx, write)
    if verdict.missed:
        _repair(tx, plan, verdict, pages, after)
    if any(_felt(write) for write in plan.landed(verdict.landed)) or plan.refused:
        tx.wake("poll")


def strays(plan: Plan, verdict: Verdict, sheet: Sheet) -> list[Write]:
    """Return the writes that empty new rows whose cells stand under wrong headers; they
    are added again.
    """
    titles = sorted(
        {plan.appended[one].title for one in verdict.missed if one in plan.appended}
    )
    pages = (
        dict(
            zip(
                titles,
                sheet.read_ranges([absolute_range_name(title) for title in titles]),
                strict=True,
            )
        )
        if titles
        else {}
    )
    return [
        empty_stray(title, number, row)
        for title, values in pages.items()
        for row in plan.appends[title]
        for number, cells in enumerate(values, start=1)
        if stray(row, cells)
    ]


def refuse(tx: Tx, plan: Plan, held: Mapping[str, str]) -> None:
    """Note what a person overruled; claims follow the sheet, and a master is told once,
    whatever he has pressed.

    ``held`` are the :func:`holders` of these orders.
    """
    told: set[tuple[Actor, str]] = set()
    for write, column, value in plan.refused.values():
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
        if (write.by, write.subject) in told:
            continue
        told.add((write.by, write.subject))
        facts = {"column": column, "value": as_shown(value)}
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
    """Say whether a master has pressed a button for this."""
    return write.title == ORDERS and write.by.kind is ActorKind.MASTER


def _gone(tx: Tx, write: Write) -> None:
    """Give up a write whose row was deleted; the master whose «ПРИНЯТЬ» no poll has
    seen is told.
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
    unsaid = write.cells.get("Мастер") and tx.claims.owner(write.subject) == master
    stored = tx.orders.stored([write.subject]).get(write.subject)
    tx.claims.set(write.subject, stored.order.holder if stored else "")
    if unsaid:
        tx.outbox.add(
            Notice(f"removed:{write.id}", "master", master, "removed", write.subject)
        )


def _repair(
    tx: Tx, plan: Plan, verdict: Verdict, pages: Mapping[str, Page], after: After
) -> None:
    """Journal what has to be put back where a person moved rows or columns just before
    our write.
    """
    tx.journal.tried(verdict.missed, "landed on a wrong row")
    for title, row in sorted(set(verdict.hit)):
        puts = [put for put in plan.puts if (put.title, put.row) == (title, row)]
        now, found = verdict.layouts[title], after[title].get(row, [])
        write = put_back(
            puts, pages[title], now, found, [*rows_known(tx, title).values()]
        )
        log.warning(
            "misplaced_write",
            title=title,
            row=row,
            order=write.subject,
            cells=list(write.cells),
        )
        tx.journal.add(write)


def _felt(write: Write) -> bool:
    """Say whether a poll has anything to decide about a write; the system's own columns
    cause nothing.
    """
    return write.kind != "set" or bool(set(write.cells) - WORKSHEETS[write.title].own)
