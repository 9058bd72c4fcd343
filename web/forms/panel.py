"""The panel's forms: what a browser sent in, edits or friendly explanations out. Pure.

A form carries what its cells held when it was shown. A field left as it was is nobody's
edit, even where a person had typed the cell another way («2 000 ₽»).
"""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation

from record import values
from record.actions.staff import Edit
from record.dispatch.listing import STATUSES, UNKNOWN, Wanted
from record.dispatch.model import Roster
from record.values import Cell, Status, in_cell

KEEP = "keep"  # as a choice: leave what stands there and can't be understood
NEEDS_MASTER = "Чтобы заявка была «В работе», выберите мастера"
LONGEST = 80


@dataclass(frozen=True)
class OrderEdit:
    """The edit form of an order as typed, what is wrong with it, and the cells it
    changes.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()


def read_edit(sent: Mapping[str, str], roster: Roster) -> OrderEdit:
    """Return what an order's form changes; a price that is no number and work without a
    master are explained.
    """
    typed = {
        name: sent.get(name, "")[:LONGEST].strip()
        for name in ("status", "master", "price")
    }
    seen = {name: sent.get(f"seen_{name}", "") for name in typed}
    errors: dict[str, str] = {}
    cells = {
        "status": ("Статус", _status(typed["status"], seen["status"])),
        "master": ("Мастер", _master(typed["master"], seen["master"], roster)),
        "price": ("Цена", _price(typed["price"], seen["price"], errors)),
    }
    if typed["status"] == Status.WORK.value and not typed["master"]:
        errors["master"] = NEEDS_MASTER
    edits = tuple(
        Edit(column, seen[name], cell)
        for name, (column, cell) in cells.items()
        if cell is not None
    )
    return OrderEdit(typed, errors, () if errors else edits)


def form_fields(cells: Mapping[str, str], roster: Roster) -> dict[str, str]:
    """Return what the form's fields show for these cells."""
    status, master, price = (
        cells.get(name, "") for name in ("status", "master", "price")
    )
    return {
        "status": _status_of(status) or KEEP,
        "master": KEEP if (found := _master_of(master, roster)) is None else found,
        "price": _spelled(price),
    }


def _status(typed: str, seen: str) -> Cell | None:
    return typed if typed in STATUSES and typed != _status_of(seen) else None


def _status_of(cell: str) -> str | None:
    with suppress(values.Unclear):
        return values.status(cell).value
    return None


def _master(typed: str, seen: str, roster: Roster) -> Cell | None:
    master = roster.get(typed)
    if typed == (_master_of(seen, roster)) or (typed and not master):
        return None
    return roster.label(master) if master else ""


def _master_of(cell: str, roster: Roster) -> str | None:
    """Return the ID of the master whom a cell names, "" for nobody, None where it can't
    be understood.
    """
    if values.nothing(cell):
        return ""
    with suppress(values.Unclear):
        return roster.find(cell).id
    return None


def _price(typed: str, seen: str, errors: dict[str, str]) -> Cell | None:
    if typed == _spelled(seen):
        return None
    try:
        found = values.spoken_sum(typed)
    except values.Unclear as unclear:
        errors["price"] = str(unclear)
        return None
    if found is None:
        return "" if _price_of(seen) is not None or _odd(seen) else None
    if found.beside:
        # the words beside the sum stay in the cell, which is understood with them
        return typed
    return (
        None
        if found.roubles == _price_of(seen) and not _odd(seen)
        else in_cell(found.roubles)
    )


def _odd(cell: str) -> bool:
    return bool(cell) and _price_of(cell) is None


def _price_of(cell: str) -> Decimal | None:
    with suppress(values.Unclear):
        return values.money(cell)
    return None


def _spelled(cell: str) -> str:
    price = _price_of(cell)
    return cell if price is None else f"{price.normalize():f}".replace(".", ",")


def percent_edit(
    typed: str, seen: str, before: Decimal | None
) -> tuple[Edit | None, str]:
    """Return the change of a master's commission and what is wrong with it; left empty,
    the company's is his.

    ``before`` is what the cell means. One formatted as percent holds 0.3 for 30 %, and
    is written so.
    """
    try:
        share = values.percent(typed.strip())
    except values.Unclear as unclear:
        return None, str(unclear)
    unclear_cell = before is None and bool(seen)
    if share == before and not unclear_cell:
        return None, ""
    fraction = before is not None and _share(seen) * 100 == before
    wanted: Cell = "" if share is None else in_cell(share / 100 if fraction else share)
    return Edit("Комиссия, %", seen, wanted), ""


def _share(cell: str) -> Decimal:
    """Return the number that a cell holds, 0 where it holds none."""
    with suppress(InvalidOperation):
        return Decimal(cell)
    return Decimal(0)


def read_filter(asked: Mapping[str, str], sought: str = "") -> Wanted:
    """Return which orders an address asks for; what can't be understood there is left
    out.

    What is searched for may be a phone, so our own addresses do not hold it: they say
    that something is ``sought``.
    """
    status = asked.get("status", "")
    text = sought if asked.get("sought") == "1" else asked.get("q", "")
    return Wanted(
        status=status if status in (*STATUSES, UNKNOWN) else "",
        master_id=asked.get("master", "")[:LONGEST],
        source=asked.get("source", "")[:LONGEST],
        since=_day(asked.get("since", "")),
        until=_day(asked.get("until", "")),
        unclear=asked.get("check", "") == "1",
        text=text[:LONGEST].replace("\x00", "").strip(),
    )


def filter_arguments(wanted: Wanted) -> dict[str, str]:
    """Return the address's part that asks for these orders."""
    asked = {
        "sought": "1" if wanted.text else "",
        "status": wanted.status,
        "master": wanted.master_id,
        "source": wanted.source,
        "since": wanted.since.isoformat() if wanted.since else "",
        "until": wanted.until.isoformat() if wanted.until else "",
        "check": "1" if wanted.unclear else "",
    }
    return {name: value for name, value in asked.items() if value}


def _day(typed: str) -> date | None:
    with suppress(ValueError):
        day = date.fromisoformat(typed)
        return day if 1970 <= day.year < 9999 else None
    return None


def read_rank(typed: str) -> int | None:
    """Return a place in the list from an address, None for anything else."""
    return (
        int(typed)
        if typed.isascii() and typed.removeprefix("-").isdigit() and len(typed) < 19
        else None
    )
