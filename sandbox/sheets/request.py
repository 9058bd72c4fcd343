"""What every request of a batchUpdate gets to work with."""

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from sandbox.sheets.a1 import Box
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import invalid
from sandbox.sheets.grid import Sheet
from sandbox.sheets.protection import guard, whole
from sandbox.sheets.spreadsheet import Spreadsheet


class Batch(NamedTuple):
    """The draft being changed and who changes it."""

    book: Spreadsheet
    user: str

    def target(self, grid_range: Mapping[str, Any]) -> tuple[Sheet, Box]:
        """A range to be written: inside the grid and not protected from this user."""
        sheet, box = self.book.grid_box(grid_range)
        guard(self.book, sheet, box, self.user)
        return sheet, box

    def guard(self, sheet: Sheet, box: Box | None = None) -> None:
        """Refuse to touch a protected part of the tab, or of all of it."""
        guard(self.book, sheet, box or whole(sheet), self.user)


Handler = Callable[[Batch, Json], Json]


def need(body: Json, name: str) -> Any:
    """A part without which the request makes no sense."""
    value = body.get(name)
    if value is None:
        raise invalid(f"No {name} specified.")
    return value
