"""The small worksheets, taken whole: «Услуги», «Вопросы», «Статистика»."""

from functools import lru_cache

from record.dispatch.reading import unclear_prices
from record.dispatch.rereading import steady
from record.grid.layout import Row, Table, lasting_print
from record.grid.worksheets import QUESTIONS, SERVICES, STATISTICS
from record.values import Categories, text
from worker.poll.step import PollStep

TITLES = (SERVICES, QUESTIONS, STATISTICS)
NAMED = 5  # of the prices that nobody understands


class Lists:
    """Brings the mirror's small worksheets up to date, and the step's categories."""

    def __init__(self, step: PollStep) -> None:
        self._step = step
        self._changed: dict[str, list[Row]] = {}
        self._unclear: list[str] = []

    def look(self, tables: dict[str, Table]) -> None:
        """Read which of them have changed, and learn the price list's categories."""
        for title, table in tables.items():
            # a formula that fills the worksheet may show an error, or be loading
            if title in TITLES and not table.failed():
                self._look_at(title, table)

        self._step.categories_changed = SERVICES in self._changed
        # read here: nothing that people typed is read while the store is held
        self._unclear = self._newly_unclear()
        self._step.categories = self._categories()

    def commit(self) -> None:
        """Remember what has changed; tell the admin once of prices that are unclear."""
        if self._unclear:
            self._report_unclear()

        for title, rows in self._changed.items():
            self._step.tx.lists.put(title, rows)

    def _newly_unclear(self) -> list[str]:
        rows = self._changed.get(SERVICES)
        if rows is None:
            return []
        known = set(unclear_prices(self._step.tx.lists.get(SERVICES)))
        return [said for said in unclear_prices(rows) if said not in known]

    def _report_unclear(self) -> None:
        fresh = self._unclear
        named = "; ".join(fresh[:NAMED])
        more = f"; и ещё {len(fresh) - NAMED}" if len(fresh) > NAMED else ""
        # the moment makes it news again, if it is mended and comes back
        self._step.alert_admin(
            f"service_prices:{lasting_print(tuple(fresh))}:{self._step.read_at:.3f}",
            f"Лист «{SERVICES}»: {named}{more}. На сайте эти цены показаны так, как написаны",
        )

    def _look_at(self, title: str, table: Table) -> None:
        before = self._step.tx.lists.get(title)
        rows = list(steady([row for _, row in table.rows()], before))
        if rows != before:
            self._changed[title] = rows

    def _categories(self) -> Categories:
        rows = self._changed.get(SERVICES)
        if rows is None:
            rows = self._step.tx.lists.get(SERVICES)

        services = tuple((text(row[0]), text(row[1])) for row in rows)
        # without a price list no category is known, and any that is typed will do
        own = self._step.settings.company.category if services else ""
        return _categories(services, own)


@lru_cache(maxsize=1)
def _categories(services: tuple[tuple[str, str], ...], own: str) -> Categories:
    """Return the categories of a price list.

    What was found in them is remembered as long as the list stays the same.
    """
    return Categories(services, own)
