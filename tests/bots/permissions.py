"""The tables of docs/permissions.md, cell by cell."""

from dataclasses import dataclass
from pathlib import Path

from record.dispatch.permissions import Act, Stands, Who

DOC = Path(__file__).parents[2] / "docs" / "permissions.md"
ACTS = {
    "opens its card": Act.OPEN,
    "sees name, phone, address": Act.CONTACTS,
    "accepts": Act.ACCEPT,
    "finishes": Act.FINISH,
    "corrects its price": Act.CORRECT,
    "gives it back": Act.GIVE_BACK,
    "follows it": Act.TRACK,
    "cancels it": Act.CANCEL,
    "says that it is paid": Act.PAY,
    "new orders": Act.LIST_NEW,
    "own orders": Act.LIST_MINE,
    "earnings": Act.EARNINGS,
    "«Не беспокоить»": Act.QUIET,
    "the page on the site": Act.DASHBOARD,
}
TITLES = {
    "A master who works here": Who.ACTIVE,
    "A master who does not work here": Who.INACTIVE,
    "Somebody whose row is gone": Who.FORMER,
    "A stranger": Who.STRANGER,
    "A client": Who.CLIENT,
}
RESTS = "While an edit by staff rests"
MENU = "The menu of the master bot, and his page on the site"


@dataclass(frozen=True)
class Cell:
    """One cell: who wants what of an order that stands so (None: of no one order), and what comes of it."""

    who: Who
    stands: Stands | None
    act: Act
    expected: str

    def __str__(self) -> str:
        return f"{self.who}-{self.stands or 'menu'}-{self.act}"


@dataclass(frozen=True)
class Table:
    """One table."""

    title: str
    cells: tuple[Cell, ...]


def lines(title: str) -> list[list[str]]:
    """Return the cells of the table under a heading, its head first."""
    section = DOC.read_text(encoding="utf-8").split(f"\n## {title}\n")[1].split("\n## ")[0]
    found = [line.strip().strip("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip().replace("`", "") for cell in line.split("|")] for line in found if "---" not in line]


def _table(title: str, who: Who) -> Table:
    head, *below = lines(title)
    cells = [
        Cell(who, Stands(name), ACTS[act], said)
        for name, *row in below
        for act, said in zip(head[1:], row, strict=True)
    ]  # fmt: skip
    return Table(title, tuple(cells))


def _menu() -> Table:
    head, *below = lines(MENU)
    cells = [
        Cell(Who(name), None, ACTS[act], said)
        for name, *row in below
        for act, said in zip(head[1:], row, strict=True)
    ]  # fmt: skip
    return Table(MENU, tuple(cells))


def at_rest() -> dict[Act, str]:
    """Return what comes of an act that is otherwise allowed, while an edit of its order rests."""
    head, said = lines(RESTS)
    return {ACTS[act]: word for act, word in zip(head, said, strict=True)}


TABLES = (*(_table(title, who) for title, who in TITLES.items()), _menu())
WORDS = dict(lines("What a refused person reads")[1:])
