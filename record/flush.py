"""Brings the journal to the sheet: one write request for all that waits, read back in the same request.

    waiting writes ─▶ locate rows (one read) ─▶ plan ─▶ one write + read-back ─▶ landed / repair / refused

Only one process flushes at a time. An append is marked unclear before it is sent and looked for by its ID before
it is sent again, so that a lost answer or a kill never doubles a row; some seconds later, since Google may still be
adding it.
"""

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from record import failpoints
from record.errors import (
    NaryadError,
    SheetBroken,
    SheetBusy,
    SheetDenied,
    SheetError,
    SheetProtected,
    SheetResting,
    SheetUnclear,
)
from record.layout import Row, find_columns
from record.logs import get_logger
from record.model import read_order
from record.notices import Notice
from record.parking import Parking
from record.plan import After, Page, Plan, Verdict, make_plan, verify
from record.repair import empty_stray, put_back, stray
from record.settings import Settings
from record.sheet import Sheet, cell_data, entered, quoted
from record.store import Lock, Store, Tx
from record.values import Cell, text
from record.worksheets import ORDERS, WORKSHEETS
from record.writes import Write

log = get_logger(__name__)

ROWS_BY_RANGE = 40
ROUNDS = 4
TOGETHER = 500
GATHER_S = 1.0
REST_S = 0.2
TURN_S = 10
BACKOFF_S = (0.5, 1, 2, 5, 10, 15)


@dataclass
class Flushed:
    """What one flush did: writes that reached the sheet, were refused, landed on a wrong row and were repaired."""

    written: int = 0
    refused: int = 0
    repaired: int = 0
    rounds: int = 0
    rest_s: float = 0.0  # how long to wait for Google's quota before anything can be written


class Flush:
    """Flushes on behalf of one thread; remembers where columns stood, to spare a read where only rows are added."""

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._settings = settings
        self._layouts: dict[str, Page] = {}
        self._alone: Lock | None = None
        self._parking = Parking(store, settings.telegram.admin_chat_id)

    def run(self) -> Flushed:
        """Bring all waiting writes to the sheet; what lands on a wrong row is undone and done again at once.

        While our share of Google's quota is used up nothing is begun: more gathers for the next request.

        Raises:
            SheetBusy, SheetDenied, SheetProtected, SheetBroken: the writes wait on; none is lost.
        """
        done = Flushed()
        self._parking.probe()
        if not self._open():
            return done
        if rest_s := self._sheet.rest_s("read", "write"):
            return Flushed(rest_s=rest_s)
        with self._store.exclusive("flush") as self._alone:
            try:
                while done.rounds < ROUNDS and not done.rest_s and (writes := self._open()):
                    done.rounds += 1
                    self._round(writes, done)
                    done.rest_s = self._sheet.rest_s("read", "write")  # a poll may be waiting for us to end
            except SheetResting:
                done.rest_s = self._sheet.rest_s("read", "write") or REST_S
        return done

    def _open(self) -> list[Write]:
        """Return what may be written now; a new row that Google may still be adding rests, and all that is for it."""
        with self._store.reading() as tx:
            writes = tx.journal.open(TOGETHER)
        unclear = [write for write in writes if write.state == "unclear"]
        now = time.time()
        since = now - self._settings.sheets.unclear_rest_s
        resting = {(write.title, write.subject) for write in unclear if since < write.sent_at <= now}
        return [write for write in writes if (write.title, write.subject) not in resting]

    def _round(self, writes: list[Write], done: Flushed) -> None:
        try:
            self._send(writes, done)
        except (SheetBusy, SheetDenied, SheetBroken) as error:
            self._layouts = {}
            self._note_attempt(writes, error)
            raise
        except SheetProtected as error:
            self._around(writes, error, done)
        except SheetError as error:
            self._single_out(writes, error, done)

    def _around(self, writes: list[Write], error: SheetProtected, done: Flushed) -> None:
        """Write what is not protected; new rows wait together, since a worksheet that takes one takes all.

        Raises:
            SheetProtected: a worksheet takes no new rows.
        """
        self._layouts = {}
        fresh = {(write.title, write.subject) for write in writes if write.kind == "append"}
        groups: dict[str, list[Write]] = {}
        for write in writes:
            groups.setdefault(write.title if (write.title, write.subject) in fresh else "", []).append(write)
        if groups.keys() == {""}:
            self._single_out(writes, error, done)
        elif len(groups) == 1:
            self._note_attempt(writes, error)
            raise error
        else:
            self._each(groups, done)

    def _each(self, groups: Mapping[str, list[Write]], done: Flushed) -> None:
        refused: SheetProtected | None = None
        for title in sorted(groups):
            try:
                self._round(groups[title], done)
            except SheetProtected as error:
                refused = error
        if refused:
            raise refused

    def _single_out(self, writes: list[Write], error: SheetError, done: Flushed) -> None:
        """Find the write that Google refuses for good among many, and park it with an alarm."""
        self._layouts = {}
        self._sheet.forget_ids()
        if len(writes) > 1:
            middle = len(writes) // 2
            for half in (writes[:middle], writes[middle:]):
                self._round(half, done)
            return
        self._parking.park(writes[0], error)

    def _turn(self) -> None:
        """Wait until a read and a write may follow each other at once, so that what is looked at is fresh.

        Raises:
            SheetResting: that takes too long.
        """
        deadline = time.monotonic() + TURN_S
        while rest_s := self._sheet.rest_s("read", "write"):
            if time.monotonic() + rest_s > deadline:
                raise SheetResting("Своя доля квоты Google на миг исчерпана")
            time.sleep(rest_s)

    def _send(self, writes: list[Write], done: Flushed) -> None:
        self._turn()
        if self._sheet.learn_ids({write.title for write in writes}):
            self._turn()
        pages = self._look(writes)
        plan = make_plan(writes, pages)
        after = {} if plan.empty else self._carry_out(plan)
        self._conclude(plan, verify(plan, pages, after), pages, after, done)
        failpoints.passing("flush.marked")

    def _carry_out(self, plan: Plan) -> dict[str, dict[int, list[Any]]]:
        """Send a plan; return the rows that it touches as they are after it."""
        requests = self._requests(plan)
        if self._alone and not self._alone.holds():
            raise SheetResting("Связь с локальной базой прервалась: другой процесс может писать в таблицу")
        self._mark(plan, "unclear")
        failpoints.passing("flush.planned")
        try:
            after = self._write(requests, plan)
        except SheetUnclear:
            self._mark(plan, "unclear")  # it rests from now on, not from when it was sent
            raise
        except SheetError:
            self._mark(plan, "waiting")
            raise
        failpoints.passing("flush.sent")
        return after

    def _mark(self, plan: Plan, state: str) -> None:
        with self._store.transaction() as tx:
            tx.journal.mark(plan.appended, state)

    def _requests(self, plan: Plan) -> list[dict[str, Any]]:
        """Return the batchUpdate requests of a plan: new rows below the last one, then cells."""
        requests: list[dict[str, Any]] = [
            {
                "appendCells": {
                    "sheetId": self._sheet.sheet_id(title),
                    "rows": [{"values": [cell_data(value) for value in row]} for row in rows],
                    "fields": "userEnteredValue",
                }
            }
            for title, rows in plan.appends.items()
        ]
        for put in plan.puts:
            start = {"sheetId": self._sheet.sheet_id(put.title), "rowIndex": put.row - 1, "columnIndex": put.place}
            cell = {"rows": [{"values": [cell_data(put.value)]}], "fields": "userEnteredValue", "start": start}
            requests.append({"updateCells": cell})
        return requests

    def _write(self, requests: list[dict[str, Any]], plan: Plan) -> dict[str, dict[int, list[Any]]]:
        titles = {put.title for put in plan.puts} | set(plan.appends)
        look_back = [quoted(title, "1:1") for title in sorted(titles)]
        look_back += [quoted(title, f"{row}:{row}") for title, row in plan.touched()]
        return rows_after(self._sheet.batch_update(requests, look_back))

    # Looking

    def _look(self, writes: list[Write]) -> dict[str, Page]:
        """Return the worksheets as far as these writes need them; one read, or none where columns are remembered."""
        titles = list(dict.fromkeys(write.title for write in writes))
        ranges: dict[str, list[int] | None] = {title: self._needed(title, writes) for title in titles}
        wanted = [title for title in titles if ranges[title] != [] or title not in self._layouts]
        pages = {title: replace(self._layouts[title], rows={}) for title in titles if title not in wanted}
        pages |= self._read_pages({title: ranges[title] for title in wanted}) if wanted else {}
        if lost := [title for title in wanted if self._lost(pages[title], title, writes)]:
            pages |= self._read_pages(dict.fromkeys(lost))
        for title, page in pages.items():
            self._layouts[title] = Page(page.layout, {})
        return pages

    def _needed(self, title: str, writes: list[Write]) -> list[int] | None:
        """Return the rows to read by their last known numbers, or None where the whole worksheet is needed."""
        mine = [write for write in writes if write.title == title]
        appended = {write.subject for write in mine if write.kind == "append"}
        if any(write.kind == "adopt" or (write.kind == "append" and write.state == "unclear") for write in mine):
            return None
        subjects = {write.subject for write in mine} - appended
        with self._store.reading() as tx:
            if title == ORDERS:
                places = {key: stored.position for key, stored in tx.orders.stored(subjects).items()}
            else:
                places = {key: place for key, (place, _) in tx.masters.rows().items() if key in subjects}
        if len(places) < len(subjects) or len(places) > ROWS_BY_RANGE:
            return None
        return sorted(places.values())

    def _read_pages(self, wanted: Mapping[str, list[int] | None]) -> dict[str, Page]:
        ranges: list[str] = []
        for title, rows in wanted.items():
            ranges += [quoted(title)] if rows is None else [quoted(title, f"{n}:{n}") for n in (1, *rows)]
        answers = iter(self._sheet.read_ranges(ranges))
        pages: dict[str, Page] = {}
        for title, rows in wanted.items():
            if rows is None:
                pages[title] = Page.of(title, next(answers))
            else:
                header = next(answers)
                layout = find_columns(title, header[0] if header else [])
                found = {number: (next(answers) or [[]])[0] for number in rows}
                pages[title] = Page(layout, found)
        return pages

    def _lost(self, page: Page, title: str, writes: list[Write]) -> bool:
        """Say whether a row is not where it was last seen, so that the whole worksheet has to be looked through."""
        if page.whole:
            return False
        appended = {write.subject for write in writes if write.title == title and write.kind == "append"}
        sets = {write.subject for write in writes if write.title == title and write.kind == "set"} - appended
        return any(page.find(subject) is None for subject in sets)

    # Concluding

    def _conclude(self, plan: Plan, verdict: Verdict, pages: dict[str, Page], after: After, done: Flushed) -> None:
        strays = self._strays(plan, verdict)
        with self._store.transaction() as tx:
            tx.journal.mark([*verdict.landed, *plan.satisfied], "written")
            tx.journal.mark([one for one in verdict.missed if one in plan.appended], "waiting")
            for write in strays:
                tx.journal.add(write)
            for write, column, value in plan.refused.values():
                self._refuse(tx, write, pages[write.title], column, value)
            for write in plan.gone.values():
                self._gone(tx, write)
            if verdict.missed:
                self._repair(tx, plan, verdict, pages, after)
            if any(_felt(write) for write in plan.landed(verdict.landed)) or plan.refused:
                tx.ring("poll")
        self._parking.landed([*verdict.landed, *plan.satisfied])
        done.written += len(verdict.landed) + len(plan.satisfied)
        done.refused += len(plan.refused) + len(plan.gone)
        done.repaired += len(verdict.missed)

    def _refuse(self, tx: Tx, write: Write, page: Page, column: str, value: Cell) -> None:
        """Leave alone what a person changed meanwhile; the claim follows the sheet, and the master is told."""
        log.warning("write_refused", title=write.title, order=write.subject, column=column, by=write.by)
        tx.journal.mark([write.id], "refused", f"«{column}» was changed by a person")
        if write.title != ORDERS or not write.by.startswith("master "):
            return
        row = page.find(write.subject)
        order = read_order(page.ours(row), tx.masters.roster()) if row else None
        tx.claims.set(write.subject, order.holder if order else "")
        master = write.by.removeprefix("master ")
        facts = {"column": column, "value": text(value)}
        tx.outbox.add(Notice(f"refused:{write.id}", "master", master, "refused", write.subject, facts))

    def _gone(self, tx: Tx, write: Write) -> None:
        """Give up a write whose row was deleted; the master whose «ПРИНЯТЬ» no poll has seen is told."""
        log.warning("write_refused", title=write.title, order=write.subject, why="row is gone")
        tx.journal.mark([write.id], "refused", "row is gone")
        if write.title != ORDERS or not write.by.startswith("master "):
            return
        master = write.by.removeprefix("master ")
        unsaid = write.cells.get("Мастер") and tx.claims.owner(write.subject) == master
        stored = tx.orders.stored([write.subject]).get(write.subject)
        tx.claims.set(write.subject, stored.order.holder if stored else "")
        if unsaid:
            tx.outbox.add(Notice(f"removed:{write.id}", "master", master, "removed", write.subject))

    def _repair(self, tx: Tx, plan: Plan, verdict: Verdict, pages: dict[str, Page], after: After) -> None:
        """Journal what has to be put back where a person moved rows or columns just before our write."""
        self._layouts = {}
        tx.journal.tried(verdict.missed, "landed on a wrong row")
        for title, row in sorted(set(verdict.hit)):
            puts = [put for put in plan.puts if (put.title, put.row) == (title, row)]
            now, found = verdict.layouts[title], after[title].get(row, [])
            added = map(pages[title].layout.reader(), plan.appends.get(title, []))
            write = put_back(puts, pages[title], now, found, [*added, *_mirrored(tx, title)])
            log.warning("misplaced_write", title=title, row=row, order=write.subject, cells=list(write.cells))
            tx.journal.add(write)

    def _strays(self, plan: Plan, verdict: Verdict) -> list[Write]:
        """Return the writes that empty new rows whose cells stand under wrong headers; they are added again."""
        titles = sorted({plan.appended[one].title for one in verdict.missed if one in plan.appended})
        pages = (
            dict(zip(titles, self._sheet.read_ranges([quoted(title) for title in titles]), strict=True))
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

    def _note_attempt(self, writes: list[Write], error: NaryadError) -> None:
        with self._store.transaction() as tx:
            tx.journal.tried([write.id for write in writes], str(error))


def _mirrored(tx: Tx, title: str) -> list[Row]:
    """Return the rows of a worksheet as last polled."""
    if title == ORDERS:
        return [row for _, _, row in tx.orders.rows()]
    return [row for _, row in tx.masters.rows().values()]


def _felt(write: Write) -> bool:
    """Say whether a poll has anything to decide about a write; the system's own columns cause nothing."""
    return write.kind != "set" or bool(set(write.cells) - WORKSHEETS[write.title].own)


def rows_after(answer: Mapping[str, Any]) -> dict[str, dict[int, list[Any]]]:
    """Return title → 1-based row number → cells from the read-back of a batchUpdate."""
    found: dict[str, dict[int, list[Any]]] = {}
    for sheet in answer.get("updatedSpreadsheet", {}).get("sheets", []):
        rows = found.setdefault(sheet["properties"]["title"], {})
        for data in sheet.get("data", []):
            for number, row in enumerate(data.get("rowData", []), start=data.get("startRow", 0) + 1):
                rows[number] = [""] * data.get("startColumn", 0) + [entered(cell) for cell in row.get("values", [])]
    return found
