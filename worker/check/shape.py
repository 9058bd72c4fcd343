"""The shape of our worksheets: merged cells, and columns that we can do without."""

from collections.abc import Iterator, Mapping
from typing import Any

from record.errors import SheetError
from record.grid.layout import Layout, Values, columns_of
from record.grid.worksheets import WORKSHEETS
from record.sheet import column_letters
from worker.check.finding import Finding, note, wrong

Json = dict[str, Any]
MOST_NAMED = 5


def lacking(title: str, rows: Values) -> Iterator[Finding]:
    """Yield which columns are missing that a worksheet may do without."""
    layout = _layout(title, rows)
    if layout is None:
        return
    columns = WORKSHEETS[title].columns
    paired = zip(columns, layout.places, strict=True)
    missing = [f"«{column}»" for column, place in paired if place is None]
    if missing:
        said = f"без {', '.join(missing)}: Наряд обходится, но ничего туда не пишет и не читает оттуда"
        how = "Чтобы вернуть, напишите заголовок в свободный столбец первой строки"
        yield note(f"столбцы листа «{title}»", f"{said}. {how}")


def merged(worksheets: list[Json], values: Mapping[str, Values]) -> Iterator[Finding]:
    """Yield where merged cells hide a header or what stands in rows of ours.

    Only the upper left cell of a merge holds anything: to us all others are empty.
    """
    for worksheet in worksheets:
        title = worksheet["properties"]["title"]
        if title not in WORKSHEETS:
            continue
        layout = _layout(title, values[title])
        hiding = [one for one in worksheet.get("merges", []) if _hides(one, layout)]
        if not hiding:
            continue
        named = ", ".join(map(_a1, hiding[:MOST_NAMED]))
        more = len(hiding) - MOST_NAMED
        if more > 0:
            named += f" и ещё {more}"
        yield wrong(
            f"объединённые ячейки листа «{title}»",
            f"{named}: значение есть только в левой верхней, остальные Наряд видит пустыми. Выделите их, «Формат → "
            "Объединить ячейки → Отменить объединение», и впишите в каждую своё",
        )


def _layout(title: str, rows: Values) -> Layout | None:
    try:
        return columns_of(title, rows)
    except SheetError:
        return None  # what is wrong with it is said already


def _hides(merge: Json, layout: Layout | None) -> bool:
    """Return whether a merge covers the header row or a column of ours."""
    # Google leaves out a start of 0
    if merge.get("startRowIndex", 0) == 0 or layout is None:
        return True
    covered = range(merge.get("startColumnIndex", 0), merge["endColumnIndex"])
    return any(place in covered for place in layout.places)


def _a1(merge: Json) -> str:
    first = column_letters(merge.get("startColumnIndex", 0))
    last = column_letters(merge["endColumnIndex"] - 1)
    return f"{first}{merge.get('startRowIndex', 0) + 1}:{last}{merge['endRowIndex']}"
