"""Takes forgotten people out of the daily copies, and out of what is put back from one."""

from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from itertools import chain
from pathlib import Path
from typing import Any

from record.actions.emptied import TELLING, called, emptied
from record.dispatch.person import ERASED, Person, is_clients, known_phones, print_of
from record.errors import NaryadError
from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.logs import get_logger
from record.store import Store
from record.store.forgets import Forget
from record.values import Cell, text
from record.values.comparing import normal
from worker.backup.file import Copy, Kept, Tab, files, load, save

log = get_logger(__name__)


def scrub_copies(
    folder: Path, act: Forget, kept: list[dict[str, Any]]
) -> tuple[int, list[str]]:
    """Write each copy again without a person; return how many, and those that can't be.

    ``kept`` are the proofs that each copy then holds. Each is replaced whole, so that
    whoever is killed here begins again and does no harm.
    """
    done, unread = 0, []
    # what a kill has left behind
    for part in folder.glob(".*.part"):
        with suppress(OSError):
            part.unlink()
    for path in files(folder):
        try:
            copy = load(path)
            clean = scrubbed(copy, act.person, act.orders, act.masters)
            if clean != copy:
                done += 1
            save(replace(clean, kept={**clean.kept, "forgets": kept}), path)
        except NaryadError as error:
            log.warning("copy_unreadable", file=path.name, error=str(error))
            unread.append(path.name)
    return done, unread


def scrubbed(
    copy: Copy, person: Person, orders: Collection[str], masters: Collection[str]
) -> Copy:
    """Return a copy without a person."""
    tabs = [
        _tab(tab, person, frozenset(orders), frozenset(masters))
        for tab in copy.worksheets
    ]
    kept = _kept(copy.kept, person, orders, everywhere=bool(masters))
    return replace(copy, worksheets=tabs, kept=kept)


def _tab(
    tab: Tab, person: Person, orders: frozenset[str], masters: frozenset[str]
) -> Tab:
    rows = list(_rows(tab, person, orders, masters))
    return replace(tab, rows=rows, formulas=person.by_phone.scrubbed(tab.formulas))


def _rows(
    tab: Tab, person: Person, orders: frozenset[str], masters: frozenset[str]
) -> Iterator[list[Cell]]:
    ids = {ORDERS: orders, MASTERS: masters}.get(tab.title, frozenset())
    places = _places(tab)
    for row in tab.rows:
        number = text(_cell(row, places.get("ID")))
        is_his = _is_his(tab.title, row, places, person)
        if places and (number in ids or (is_his and tab.title in TELLING)):
            clean = _filled(row, places, emptied(tab.title, number))
            yield person.scrubbed(clean)
        elif masters and tab.title == ORDERS:
            yield _without_master(row, places, person, min(masters))
        else:
            yield (person if is_his else person.by_phone).scrubbed(row)


def _is_his(
    title: str, row: list[Cell], places: dict[str, int], person: Person
) -> bool:
    """Return whether a row names his phone, and is no mention in another's order."""
    if not any(map(person.called, row)):
        return False
    if title != ORDERS or not places:
        return True
    cells = {column: _cell(row, place) for column, place in places.items()}
    return is_clients(person, cells)


def _without_master(
    row: list[Cell], places: dict[str, int], person: Person, number: str
) -> list[Cell]:
    """Return another's order without a master, who stands by his name there."""
    clean: list[Cell] = person.scrubbed(row)
    stood = _cell(row, places.get("Мастер"))
    if _cell(clean, places.get("Мастер")) != stood:
        return _filled(clean, places, {"Мастер": called(MASTERS, number)})
    return clean


def _filled(
    row: list[Cell], places: dict[str, int], cells: dict[str, Cell]
) -> list[Cell]:
    found = list(row)
    for column, cell in cells.items():
        place = places.get(column)
        if place is not None and place < len(found):
            found[place] = cell
    return found


def _places(tab: Tab) -> dict[str, int]:
    """Return where the columns of ours stand, by header."""
    if tab.title not in WORKSHEETS or not tab.rows:
        return {}
    headers = [normal(cell) for cell in tab.rows[0]]
    places = {}
    for column in WORKSHEETS[tab.title].columns:
        if normal(column) in headers:
            places[column] = headers.index(normal(column))
    return places


def _cell(row: list[Cell], place: int | None) -> Cell:
    if place is None or place >= len(row):
        return ""
    return row[place]


def _kept(
    kept: Kept, person: Person, orders: Collection[str], *, everywhere: bool
) -> Kept:
    """Return the rows of the store; ``everywhere``: his name is his in any order."""
    theirs = {"", *orders}
    clean: Kept = {}
    for name, rows in kept.items():
        clean[name] = list(rows)
        if name in {"forgets", "consents"}:
            continue
        for place, row in enumerate(rows):
            is_his = everywhere or row.get("order_id", "") in theirs
            # of people who enter the panel one may be called as a client is
            is_his = is_his and name != "staff"
            clean[name][place] = (person if is_his else person.by_phone).scrubbed(row)
    return clean


def without_forgotten(store: Store, copy: Copy, spreadsheet: str, region: str) -> Copy:
    """Return a copy without whoever was forgotten after it was made."""
    made = datetime.fromisoformat(copy.made).timestamp()
    with store.reading() as tx:
        prints = tx.forgets.prints_since(made)
    # a copy that lay elsewhere brings along who was forgotten before it
    prints |= {
        str(row["print"])
        for row in copy.kept.get("forgets", ())
        if row["asked_at"] >= made
    }
    if not prints:
        return copy
    for phone in _phones(copy, region):
        # that of now, or of the time before another one was gone over to
        his = {print_of(phone, one) for one in (spreadsheet, copy.spreadsheet)}
        if his & prints:
            copy = _forgotten(copy, Person(phone))
    return copy


def _forgotten(copy: Copy, person: Person) -> Copy:
    """Return a copy without a person of whom only his phone is known by now."""
    ids: dict[str, set[str]] = {ORDERS: set(), MASTERS: set()}
    texts, chats = set[str](), set[str]()
    for tab in copy.worksheets:
        if tab.title not in ids:
            continue
        for said in _rows_of(tab, person):
            ids[tab.title].add(said.get("ID", ""))
            texts |= {said.get("Имя", ""), said.get("Адрес", "")}
            chats.add(said.get("Telegram", ""))
    known = replace(person, texts=_told(texts), chats=_told(chats))
    return scrubbed(copy, known, _told(ids[ORDERS]), _told(ids[MASTERS]))


def _rows_of(tab: Tab, person: Person) -> Iterator[dict[str, str]]:
    """Yield the rows of orders or masters that are his, by header."""
    places = _places(tab)
    for row in tab.rows:
        if _is_his(tab.title, row, places, person):
            yield {column: text(_cell(row, place)) for column, place in places.items()}


def _told(texts: Iterable[str]) -> tuple[str, ...]:
    # these would be found anywhere: a row without a number, one that is emptied
    return tuple(sorted(set(texts) - {"", ERASED}))


def _phones(copy: Copy, region: str) -> set[str]:
    cells: list[Cell] = []
    for tab in copy.worksheets:
        if tab.title in {ORDERS, MASTERS}:
            cells += filter(_may_hold_a_phone, chain.from_iterable(tab.rows))
    return known_phones(cells, region)


def _may_hold_a_phone(cell: Cell) -> bool:
    digits = sum(map(str.isdigit, str(cell)))
    return digits >= 10
