"""Tells ops and admins once when something begins to be wrong, and once when it is
over.
"""

import time
from collections.abc import Iterator
from typing import Any

from record.errors import NaryadError, SheetBusy, SheetError, SheetResting, StoreError
from record.logs import get_logger
from record.settings import Settings
from record.store import Store, Tx
from record.store.facts import ALARMS, SHEET_PROBLEMS
from record.watch.alerts import Alerts
from record.watch.health import Kind

log = get_logger(__name__)

# whose trouble whoever looks sees by himself, with its figures of now
LIVE = {"waiting"}
Trouble = dict[str, str]
Standing = dict[str, dict[str, Trouble]]


class Alarm:
    """Hears how each run of a job ends, and tells each kind of trouble once, whatever
    jobs meet it, and its end once.

    Troubles come mixed, a time-out between two 503; so what was told is not told again
    until the job is well. It is kept in the store by job and kind, so that a restart
    neither tells it again nor forgets that it is over. What often passes by itself is
    told when it has lasted for ``sheets.alarm_after_s``.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._patience_s = settings.sheets.alarm_after_s
        self._since: dict[str, float] = {}
        self._logged: dict[str, set[str]] = {}
        self._well: set[str] = set()
        self._ended: dict[str, float] = {}

    def hear(self, job: str, error: NaryadError | None, began: float) -> None:
        """Take note of how a run of a job ended, that began at ``began`` of the
        monotonic clock.

        Jobs run side by side: what stood in the way of one that began before another
        told of the end is over.
        """
        if isinstance(error, SheetResting) or (
            error and began < self._ended.get(_cause(error), began)
        ):
            return
        try:
            if error is None:
                self._over(job)
            else:
                self._begins(job, error)
        except NaryadError as failure:
            log.debug("alarm_not_kept", job=job, error=str(failure))

    def stands(self, job: str) -> bool:
        """Say whether a job is failing, so that its trouble is told, or will be once it
        has lasted.
        """
        return job in self._since

    def _begins(self, job: str, error: NaryadError) -> None:
        cause, said = _cause(error), str(error)
        self._well.discard(job)
        since = self._since.setdefault(job, time.monotonic())
        if cause not in self._logged.setdefault(job, set()):
            log.error("trouble", job=job, cause=cause, error=said)
            self._logged[job].add(cause)
        if isinstance(error, SheetBusy) and time.monotonic() - since < self._patience_s:
            return
        with self._store.transaction() as tx:
            # read before the facts they stand in are changed
            standing, alerts = _standing(tx), self._alerts(tx)
            mine = {
                one: trouble
                for one, trouble in standing.get(job, {}).items()
                if one != cause
            }
            trouble = {"text": said, "kind": _kind(error)}
            _stands(tx, {**standing, job: {**mine, cause: trouble}})
            alerts.open(cause, said, sign="⚠️ ")

    def _over(self, job: str) -> None:
        if job in self._well:
            return
        if self._since.pop(job, None) is not None:
            log.info("trouble_over", job=job)
        self._logged.pop(job, None)
        with self._store.transaction() as tx:
            standing, alerts = _standing(tx), self._alerts(tx)
            mine = standing.pop(job, {})
            others = {one for causes in standing.values() for one in causes}
            if mine:
                _stands(tx, standing)
            alerts.close(cause for cause in mine if cause not in others)
        self._ended |= dict.fromkeys(mine, time.monotonic())
        self._well.add(job)

    def _alerts(self, tx: Tx) -> Alerts:
        return Alerts(tx, self._settings, "jobs")


def _standing(tx: Tx) -> Standing:
    """Return which job has which troubles; the last of a job is what is wrong now.

    The release before kept their words only, and the one before that the words of the
    last one.
    """
    kept = tx.facts.get(ALARMS) or {}
    return {job: _causes(one) for job, one in kept.items()}


def _causes(kept: Any) -> dict[str, Trouble]:
    by_cause = kept if isinstance(kept, dict) else {_plain(kept): kept}
    return {cause: _trouble(one) for cause, one in by_cause.items()}


def _trouble(kept: Any) -> Trouble:
    return {"text": kept, "kind": Kind.OTHER} if isinstance(kept, str) else kept


def _stands(tx: Tx, standing: Standing) -> None:
    tx.facts.put(ALARMS, standing)
    problems = {trouble["text"]: trouble for trouble in _problems(standing)}
    tx.facts.put(SHEET_PROBLEMS, [problems[text] for text in sorted(problems)])


def _problems(standing: Standing) -> Iterator[Trouble]:
    """Yield what is wrong now with each job."""
    for job, causes in standing.items():
        if job not in LIVE:
            yield [*causes.values()][-1]


def _kind(error: NaryadError) -> Kind:
    """Return of what kind a trouble is, for who may know no more."""
    if isinstance(error, SheetError):
        return Kind.SHEET
    return Kind.STORE if isinstance(error, StoreError) else Kind.OTHER


def _cause(error: NaryadError) -> str:
    """Return what tells this kind of trouble from others."""
    return (error.cause if isinstance(error, SheetError) else "") or _plain(str(error))


def _plain(said: str) -> str:
    """Return an alarm without its figures, which differ from poll to poll."""
    return "".join(letter for letter in said if not letter.isdigit())
