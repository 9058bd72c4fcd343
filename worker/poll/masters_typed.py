"""Rows of «Мастера» typed by hand: new masters, and copies of known ones."""

from collections import Counter
from collections.abc import Iterator, Mapping

from record.dispatch.model import Master
from record.grid.identity import Found, Identified
from record.grid.layout import lasting_print
from record.grid.tail import sums_up
from record.grid.worksheets import MASTERS
from record.grid.writes import Write, as_id
from record.logs import get_logger
from record.store.consents import of_master
from record.values import Cell, address, text, to_serial
from record.values.comparing import normal
from worker.poll.rows import named_cells, seen_print
from worker.poll.step import PollStep

log = get_logger(__name__)

COPIED = (
    f"Лист «{MASTERS}»: строка {{row}} повторяет мастера {{name}} (ID {{id}}), поэтому её не учитываю. "
    "Если это новый мастер, впишите его имя, и он получит свой номер. Если нет, удалите строку"
)


class MastersTyped:
    """Gives rows typed by hand their ID, a copy once it bears another master's name."""

    def __init__(
        self, step: PollStep, identified: Identified, masters: Mapping[str, Master]
    ) -> None:
        self._step = step
        self._identified = identified
        self._masters = masters

    def commit(self) -> None:
        """Adopt the rows that have a name, and report copies that have none of theirs."""
        copies: dict[str, Found] = {}
        for found in self._not_on_their_way():
            named = named_cells(MASTERS, found.row)
            name = text(named["Имя"])
            original = self._masters.get(found.id)
            if original and normal(name) in ("", normal(original.name)):
                copies[lasting_print((found.id, name))] = found
            elif name:
                self._adopt(named, original)

        self._report_copies(copies)

    def _not_on_their_way(self) -> Iterator[Found]:
        """Yield the rows for which no write waits; there may be several that look alike."""
        adopting = Counter(map(seen_print, self._step.adoptions(MASTERS)))
        by_hand = (*self._identified.typed, *self._identified.copies)
        for found in by_hand:
            if sums_up(MASTERS, found.row):
                continue

            print_ = lasting_print(found.row)
            if adopting[print_] > 0:
                adopting[print_] -= 1
                self._step.poll_again = True
            else:
                yield found

    def _adopt(self, named: dict[str, Cell], original: Master | None) -> None:
        """Let a row be a master; what a copy brought does not make him the original."""
        master_id = as_id(self._step.tx.masters.new_number())
        cells: dict[str, Cell] = {"ID": master_id}
        if original or not text(named["Дата регистрации"]):
            cells["Дата регистрации"] = to_serial(self._step.clock)

        if original and address(text(named["Telegram"])) == original.chat:
            cells["Telegram"] = ""

        self._step.adopt(Write(MASTERS, "adopt", str(master_id), cells, named))
        if original and self._registered(original.id, named):
            # staff had typed somebody else under the number that the bot gave him
            consents = self._step.tx.consents
            consents.move(of_master(original.id), of_master(str(master_id)))
        log.info("master_adopted", master=str(master_id), copy=bool(original))

    def _registered(self, number: str, named: Mapping[str, Cell]) -> bool:
        """Return whether a row is of somebody who registered in the bot under a number."""
        chat = address(text(named["Telegram"]))
        for write in self._step.tx.journal.pending(MASTERS, number):
            if write.kind == "append" and chat is not None:
                return address(text(write.cells["Telegram"])) == chat
        return False

    def _report_copies(self, copies: Mapping[str, Found]) -> None:
        """Alert the admin, once, of rows that repeat a master and so do not count."""
        now, resting = self._step.read_at, self._step.tx.resting
        reported = resting.since(MASTERS)
        for print_, found in copies.items():
            if print_ not in reported:
                self._report_copy(print_, found)

        if reported.keys() - copies.keys():
            log.info("master_copies_mended", left=len(copies))

        if reported.keys() != copies.keys():
            since = {print_: reported.get(print_, now) for print_ in copies}
            resting.replace(MASTERS, since)

    def _report_copy(self, print_: str, found: Found) -> None:
        log.warning("master_copied", master=found.id, row=found.position)
        name = self._masters[found.id].name
        said = COPIED.format(row=found.position, name=name, id=found.id)
        # the moment makes it news again, if the same copy is mended and comes back
        key = f"master_copied:{print_}:{self._step.read_at:.3f}"
        self._step.alert_admin(key, said)
