"""Marks in the spreadsheet which Naryad leads it; refuses to lead where another does.

The lock of the store keeps two workers of one store apart. Two with different stores
can meet only in the spreadsheet. The mark is developer metadata there: people don't see
it, and reads of values don't bring it. It costs a read and a write at the start and
every ``sheets.mark_s`` seconds.
https://developers.google.com/workspace/sheets/api/guides/metadata
"""

import hashlib
import socket
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from record.errors import SheetBroken, SheetBusy, SheetDenied, SheetError, SheetResting
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from record.store.facts import Fact
from record.watch.presence import ID, KEY, Mark, Watching, read_mark, refused
from worker.jobs import untried

log = get_logger(__name__)

FIELDS = "developerMetadata"
INSTALLATION = Fact[str]("installation")


def _mark_of(kept: dict[str, Any]) -> Mark:
    return Mark(**kept)


LAST_MARK = Fact[Mark]("presence", _mark_of, vars)
MACHINE = Path("/etc/machine-id")
LOOK_S = 20.0  # how often one who waits looks
TRIES = 3  # of a mark that another has just made or deleted


class Presence:
    """The mark of one who leads; asked before each poll, refreshed by a job of its own."""

    def __init__(self, store: Store, sheet: Sheet, settings: Settings) -> None:
        self._store = store
        self._sheet = sheet
        self._beat_s = settings.sheets.mark_s
        self._url = settings.store.url
        self._watching: Watching | None = None
        self._looked = float("-inf")
        self._other: Mark | None = None
        self._sure = False
        self._unmarkable = False
        self._looking = threading.Lock()

    def need(self) -> None:
        """Make sure that we are the one who leads; look where that is not known yet.

        Raises:
            SheetBroken: somebody else does.
            SheetError: it can't be found out now; see :mod:`record.errors`.
        """
        if self._leads():
            return
        for _ in range(TRIES):
            # while another leads, a look at each poll would use up our quota
            if time.monotonic() - self._looked >= min(self._beat_s / 3, LOOK_S):
                self._look()
            if self._leads():
                return
        if self._other:
            raise SheetBroken(refused(self._other), cause="second_leader")
        raise SheetResting("Таблицу только что отметил другой Наряд, смотрю ещё раз")

    def only(self, work: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """Do some work where we are known to lead."""
        if not self._leads():
            return untried()
        return work()

    def run(self) -> dict[str, Any]:
        """Give a sign of life, unless somebody else leads."""
        if self._sure:
            try:
                self._look()
            except SheetError as error:
                # where Google is away, the polls say it, and the next run tries again
                log.debug("mark_not_refreshed", error=str(error))
        return {"idle": True}

    def _leads(self) -> bool:
        # a spreadsheet that takes no mark must not stop a company that has one worker
        return self._sure or self._unmarkable

    def _look(self) -> None:
        """Read the mark, and make the next one where we may."""
        # polls and the job that refreshes the mark meet here
        with self._looking:
            self._judge()

    def _judge(self) -> None:
        try:
            found = self._found()
            watching = self._watching or self._begin()
            self._looked = time.monotonic()
            known = self._other
            self._other = watching.stranger(found, time.monotonic(), time.time())
            if self._other is None:
                self._sure = self._mark(watching, made=found is not None)
                return
            self._sure = False
            if known is None:
                log.warning("another_leads", host=self._other.host)
        except (SheetBusy, SheetDenied, SheetBroken):
            raise
        except SheetError as error:
            log.warning("spreadsheet_not_marked", error=str(error))
            self._unmarkable = True

    def _found(self) -> Mark | None:
        kept = self._sheet.describe(FIELDS).get(FIELDS, [])
        for one in kept:
            if one.get("metadataKey") == KEY:
                return read_mark(one.get("metadataValue", ""))
        return None

    def _begin(self) -> Watching:
        """Find out who we are.

        The store is known by a name of its own, the place by machine and path.
        """
        with self._store.transaction() as tx:
            mine = tx.facts.get(INSTALLATION)
            if not mine:
                mine = uuid4().hex
                tx.facts.put(INSTALLATION, mine)
            known = tx.facts.get(LAST_MARK)
        me = Mark(mine, place(self._url), socket.gethostname(), uuid4().hex)
        self._watching = Watching(me, self._beat_s, known)
        return self._watching

    def _mark(self, watching: Watching, *, made: bool) -> bool:
        """Write our mark; return whether it is ours now.

        If not, another was faster, and it must be looked at again.
        """
        watching.me = watching.me.next(time.time())
        with self._store.transaction() as tx:
            tx.facts.put(LAST_MARK, watching.me)
        request = _update(watching.me) if made else _create(watching.me)
        try:
            self._sheet.batch_update([request])
        except (SheetBusy, SheetDenied):
            raise
        except SheetError:
            # Google refuses to create a mark that is there, and to change one that is not
            if (self._found() is not None) is made:
                raise
            self._looked = float("-inf")
            return False
        return True


def _update(mark: Mark) -> dict[str, Any]:
    lookup = {"developerMetadataLookup": {"metadataId": ID}}
    return {
        "updateDeveloperMetadata": {
            "dataFilters": [lookup],
            "developerMetadata": {"metadataValue": mark.text()},
            "fields": "metadataValue",
        }
    }


def _create(mark: Mark) -> dict[str, Any]:
    # with an id of ours, of two who make it at once only one succeeds
    metadata = {
        "metadataId": ID,
        "metadataKey": KEY,
        "location": {"spreadsheet": True},
        "visibility": "DOCUMENT",
        "metadataValue": mark.text(),
    }
    return {"createDeveloperMetadata": {"developerMetadata": metadata}}


def place(url: str) -> str:
    """Return where a store is; one that was deleted and made again is the same."""
    try:
        machine = hashlib.sha256(MACHINE.read_bytes()).hexdigest()[:8]
    except OSError:
        machine = "-"
    return f"{_address(url)} ({socket.gethostname()}, {machine})"


def _address(url: str) -> str:
    if url.startswith("sqlite"):
        return str(Path(url.partition(":///")[2]).absolute())
    # without the user and the password
    return url.rpartition("@")[2]
