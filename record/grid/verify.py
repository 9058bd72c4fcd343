"""Whether a request wrote where it was meant to, by the rows that came back with it.

Google carries out a batchUpdate at once and whole, and reads the rows back in the same
moment; but a person may have moved rows or columns between our look and that. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from record.grid.excerpt import Excerpt
from record.grid.layout import Layout, find_columns, same
from record.grid.plan import Placed, Plan
from record.grid.writes import Write, renames

# title → 1-based row number → cells, as they are after a request
ReadBack = Mapping[str, Mapping[int, list[Any]]]


@dataclass
class WriteVerdict:
    """What the read-back says: writes by id, and rows (title, number) hit by mistake.

    Whether a row has lost an ID that it bore by mistake only another look can say:
    until then it is ``unsure``. ``layouts`` are the columns as they are now.
    """

    confirmed: list[int] = field(default_factory=list)
    unsure: list[int] = field(default_factory=list)
    missed: list[int] = field(default_factory=list)
    hit: list[tuple[str, int]] = field(default_factory=list)
    layouts: dict[str, Layout] = field(default_factory=dict)


def verify(
    plan: Plan, excerpts: Mapping[str, Excerpt], read_back: ReadBack
) -> WriteVerdict:
    """Compare the rows as they are after the request with what was meant.

    Raises:
        SheetBroken: the header row, as it is now, can't be trusted.
    """
    verdict = WriteVerdict()
    for title, rows in read_back.items():
        verdict.layouts[title] = find_columns(title, rows.get(1, []))
    for write_id, placed in plan.placed.items():
        title = placed.write.title
        found = read_back.get(title, {}).get(placed.row, [])
        if not _confirmed(plan, placed, excerpts[title], verdict.layouts[title], found):
            verdict.missed.append(write_id)
            verdict.hit.append((title, placed.row))
        elif renames(placed.write):
            verdict.unsure.append(write_id)
        else:
            verdict.confirmed.append(write_id)
    for write_id, write in plan.appended.items():
        # nobody can move a row that was not there yet, only the columns
        now, then = verdict.layouts[write.title], excerpts[write.title].layout
        if now.places == then.places:
            verdict.confirmed.append(write_id)
        else:
            verdict.missed.append(write_id)
    return verdict


def _confirmed(
    plan: Plan, placed: Placed, excerpt: Excerpt, now: Layout, found: Sequence[Any]
) -> bool:
    """Return whether the row written to is the one that was meant, column by column.

    A row with an ID is known by it. A row being given its first ID, or losing one, is
    known by its other cells.
    """
    write, row = placed
    for put in plan.puts_in(write.title, row):
        if now.name(put.place) != excerpt.layout.name(put.place):
            return False
    # it names a row by its number, so that row is meant whatever stands there
    if write.subject.startswith("@"):
        return True
    for column in _known_by(write, excerpt.layout):
        shown = now.cell(found, column)
        # of a formula the read-back shows the text, a reading the result
        is_formula = str(shown).startswith("=")
        if not is_formula and not same(excerpt.cell(row, column), shown):
            return False
    return True


def _known_by(write: Write, layout: Layout) -> Sequence[str]:
    if write.kind == "append":
        return layout.sheet.columns
    if write.kind == "set" and not renames(write):
        return ["ID"]
    return other_columns(write, layout)


def other_columns(write: Write, layout: Layout) -> list[str]:
    """Return the columns that a write leaves alone, people's own among them.

    By these a row without ID is known.
    """
    return [name for name in layout.names() if name not in write.cells]
