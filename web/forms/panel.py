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
from record.dispatch.plausible import is_unusual
from record.values import Cell, Status, as_shown, in_cell
from record.values.wording import plain
from web.forms.master import ask_if_right

KEEP = "keep"  # as a choice: leave what stands there and can't be understood
NEEDS_MASTER = "Чтобы заявка была «В работе», выберите мастера"
LONGEST = 80
# the fields of an order's form, and the columns that they change
COLUMNS = {"status": "Статус", "master": "Мастер", "price": "Цена"}


@dataclass(frozen=True)
class OrderEdit:
    """The edit form of an order as typed, what is wrong with it, which cells it changes.

    ``sure``: the price of which staff are asked whether it is right.
    """

    typed: Mapping[str, str] = field(default_factory=dict)
    errors: Mapping[str, str] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    sure: str = ""


def read_edit(
    sent: Mapping[str, str], roster: Roster, usual: Decimal | None = None
) -> OrderEdit:
    """Return what an order's form changes.

    A price that is no number, and work without a master, are explained in ``errors``;
    so is one far from ``usual``, what such orders cost, until it is sent once more.
    """
    typed = {name: sent.get(name, "")[:LONGEST].strip() for name in COLUMNS}
    seen = {name: sent.get(f"seen_{name}", "") for name in COLUMNS}
    errors: dict[str, str] = {}
    cells = {
        "status": _status(typed["status"], seen["status"]),
        "master": _master(typed["master"], seen["master"], roster),
        "price": _price(typed["price"], seen["price"], errors),
    }
    if typed["status"] == Status.WORK.value and not typed["master"]:
        errors["master"] = NEEDS_MASTER
    sure = _doubtful(cells["price"], usual)
    if sure and sent.get("sure") != sure and "price" not in errors:
        errors["price"] = ask_if_right(Decimal(sure), usual)
        return OrderEdit(typed, errors, sure=sure)
    if errors:
        return OrderEdit(typed, errors)
    edits = []
    for name, cell in cells.items():
        if cell is not None:
            edits.append(Edit(COLUMNS[name], seen[name], cell))
    return OrderEdit(typed, errors, tuple(edits))


def form_fields(cells: Mapping[str, str], roster: Roster) -> dict[str, str]:
    """Return what the form's fields show for these cells."""
    master = _master_id(cells.get("master", ""), roster)
    if master is None:
        master = KEEP
    return {
        "status": _status_named(cells.get("status", "")) or KEEP,
        "master": master,
        "price": _spelled(cells.get("price", "")),
    }


def _status(typed: str, seen: str) -> Cell | None:
    """Return what to write; None where nothing is chosen, or what stands there."""
    if typed not in STATUSES or typed == _status_named(seen):
        return None
    return typed


def _status_named(cell: str) -> str | None:
    with suppress(values.Unclear):
        return values.status(cell).value
    return None


def _master(typed: str, seen: str, roster: Roster) -> Cell | None:
    """Return what to write; None where the choice is what stands there, or made up."""
    if typed == _master_id(seen, roster):
        return None
    if not typed:
        return ""
    master = roster.get(typed)
    if master is None:
        return None
    return roster.label(master)


def _master_id(cell: str, roster: Roster) -> str | None:
    """Return the ID of the master whom a cell names, "" for nobody, None if unclear."""
    if values.nothing(cell):
        return ""
    with suppress(values.Unclear):
        return roster.find(cell).id
    return None


def _price(typed: str, seen: str, errors: dict[str, str]) -> Cell | None:
    """Return what to write, None where the price is the same; what is wrong is noted."""
    if typed == _spelled(seen):
        return None
    try:
        found = values.spoken_sum(typed)
    except values.Unclear as unclear:
        errors["price"] = str(unclear)
        return None
    if found is None:
        return _emptied(seen)
    if found.beside:
        # the words beside the sum stay in the cell, which is understood with them
        return typed
    # None means that no price stands there, whatever does
    if found.roubles == _price_of(seen):
        return None
    return in_cell(found.roubles)


def _doubtful(cell: Cell | None, usual: Decimal | None) -> str:
    """Return the price to be written where it must be asked about, "" else."""
    if cell is None:
        return ""
    price = _price_of(as_shown(cell))
    if price is None or not is_unusual(price, usual):
        return ""
    return str(price)


def _emptied(seen: str) -> Cell | None:
    """Return what to write where the field was emptied: nothing, if nothing stood there."""
    return "" if seen else None


def _price_of(cell: str) -> Decimal | None:
    with suppress(values.Unclear):
        return values.money(cell)
    return None


def _spelled(cell: str) -> str:
    price = _price_of(cell)
    if price is None:
        return cell
    return plain(price)


def percent_edit(
    typed: str, seen: str, before: Decimal | None
) -> tuple[Edit | None, str]:
    """Return the change of a master's commission, and what is wrong with it.

    Left empty, the company's rate holds for him. ``before`` is what the cell means.
    """
    try:
        share = values.percent(typed.strip())
    except values.Unclear as unclear:
        return None, str(unclear)
    is_unclear = before is None and bool(seen)
    if share == before and not is_unclear:
        return None, ""
    wanted: Cell = ""
    if share is not None:
        # a cell formatted as percent holds 0.3 for 30 %, and must be written so
        holds_fraction = before is not None and _number(seen) * 100 == before
        if holds_fraction:
            share /= 100
        wanted = in_cell(share)
    return Edit("Комиссия, %", seen, wanted), ""


def _number(cell: str) -> Decimal:
    """Return the number that a cell holds, 0 where it holds none."""
    with suppress(InvalidOperation):
        return Decimal(cell)
    return Decimal(0)


def read_filter(arguments: Mapping[str, str], last_search: str = "") -> Wanted:
    """Return which orders an address asks for; what is unclear there is left out.

    What is searched for may be a phone, so our own addresses do not hold it:
    ``sought=1`` in them says that ``last_search`` is meant.
    """
    status = arguments.get("status", "")
    if status not in (*STATUSES, UNKNOWN):
        status = ""
    text = arguments.get("q", "")
    if arguments.get("sought") == "1":
        text = last_search
    return Wanted(
        status=status,
        master_id=arguments.get("master", "")[:LONGEST],
        source=arguments.get("source", "")[:LONGEST],
        since=_day(arguments.get("since", "")),
        until=_day(arguments.get("until", "")),
        unclear=arguments.get("check", "") == "1",
        # PostgreSQL takes NUL in no text
        text=text[:LONGEST].replace("\x00", "").strip(),
    )


def filter_arguments(wanted: Wanted) -> dict[str, str]:
    """Return the address's part that asks for these orders."""
    arguments = {
        "sought": _flag(set_=bool(wanted.text)),
        "status": wanted.status,
        "master": wanted.master_id,
        "source": wanted.source,
        "since": _iso(wanted.since),
        "until": _iso(wanted.until),
        "check": _flag(set_=wanted.unclear),
    }
    return {name: value for name, value in arguments.items() if value}


def _flag(*, set_: bool) -> str:
    return "1" if set_ else ""


def _iso(day: date | None) -> str:
    return day.isoformat() if day else ""


def _day(typed: str) -> date | None:
    with suppress(ValueError):
        day = date.fromisoformat(typed)
        if 1970 <= day.year < 9999:
            return day
    return None


def read_rank(typed: str) -> int | None:
    """Return a place in the list from an address, None for anything else."""
    digits = typed.removeprefix("-")
    # int() understands digits of every script; 19 of them are too much for the store
    if not typed.isascii() or not digits.isdigit() or len(typed) >= 19:
        return None
    return int(typed)
