"""What has become of a worksheet that Google can't find: asked when it is missed."""

import time
from collections.abc import Callable
from typing import Any

from record.errors import SheetError
from record.grid.layout import Values
from record.grid.tabs import renamed, strangers, told_renamed
from record.grid.worksheets import WORKSHEETS
from record.sheet.refusals import missing_tab

# polls go on meanwhile, and each time two reads more would be asked
KEPT_S = 60.0
MOST_TABS = 20
Json = dict[str, Any]


class Tabs:
    """Looks at the other worksheets on behalf of one door to Google.

    ``read`` returns how worksheets begin.
    """

    def __init__(
        self, describe: Callable[[], Json], read: Callable[[list[str]], list[Values]]
    ) -> None:
        self._describe = describe
        self._read = read
        self._told = ""
        self._until = 0.0
        self._looking = False

    def told(self) -> str:
        """Return what to tell of our worksheets that are missing, "" where it is not known."""
        # what is asked here may itself miss a worksheet, one deleted just now
        if self._looking:
            return ""
        if time.monotonic() >= self._until:
            self._looking = True
            try:
                self._told = " ".join(self.said_of().values())
            except SheetError:
                return ""
            finally:
                self._looking = False
            self._until = time.monotonic() + KEPT_S
        return self._told

    def said_of(self) -> dict[str, str]:
        """Return what to tell of each of our worksheets that is missing."""
        missing, others = self.look()
        said = {}
        for title in missing:
            other = renamed(title, others)
            said[title] = told_renamed(title, other) if other else missing_tab(title)
        return said

    def look(self) -> tuple[list[str], dict[str, Values]]:
        """Return which worksheets are missing, and the beginnings of those not ours."""
        properties = [one["properties"] for one in self._describe().get("sheets", [])]
        kinds = {one["title"]: one.get("sheetType", "") for one in properties}
        missing = [title for title in WORKSHEETS if title not in kinds]
        titles = strangers(kinds)[:MOST_TABS]
        if not missing or not titles:
            return missing, {}
        return missing, dict(zip(titles, self._read(titles), strict=True))
