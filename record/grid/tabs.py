"""Which worksheet of a spreadsheet may be one of ours under another name. Pure."""

from collections.abc import Mapping

from record.grid.headers import DEEP, are_headers
from record.grid.layout import Values
from record.grid.worksheets import WORKSHEETS
from record.values import nearest
from record.values.comparing import bare

LIKELY = 80


def renamed(title: str, others: Mapping[str, Values]) -> str:
    """Return the worksheet that is likely ``title`` with another name, "" for none.

    ``others`` are the worksheets that are none of ours, with their first rows. One
    counts by its name where that only looks otherwise, else by having our headers.
    """
    for other in others:
        if bare(other) == bare(title):
            return other
    fitting = [other for other, rows in others.items() if _fits(title, rows)]
    for other in fitting:
        if bare(title) in bare(other):
            return other
    if not fitting:
        return _misspelt(title, others)
    near = nearest(title, fitting)
    return near[0] if near else fitting[0]


def _fits(title: str, rows: Values) -> bool:
    return any(are_headers(title, row) for row in rows[:DEEP])


def _misspelt(title: str, others: Mapping[str, Values]) -> str:
    """Return the worksheet whose name is a slip of ours, whatever stands in it."""
    near = nearest(bare(title), map(bare, others), at_least=LIKELY)
    if near is None:
        return ""
    return next(other for other in others if bare(other) == near[0])


def strangers(titles: Mapping[str, str]) -> list[str]:
    """Return the worksheets with cells that are none of ours, of titles and types."""
    # a chart on a tab of its own has no cells
    return [
        title
        for title, kind in titles.items()
        if kind in ("", "GRID") and title not in WORKSHEETS
    ]


def told_renamed(title: str, other: str) -> str:
    """Return what to tell of a worksheet that has another name now."""
    return (
        f"Лист «{title}», кажется, переименован в «{_shown(other)}»: верните ему имя «{title}» — до этого Наряд "
        "ничего не меняет"
    )


def _shown(title: str) -> str:
    """Return a title as it can be told from ours: a space at its end is no difference to the eye."""
    if title.strip() == title:
        return title
    return title.replace(" ", "␣").replace("\u00a0", "␣")
