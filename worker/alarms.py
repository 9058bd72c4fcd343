"""Tells ops and admins once when something begins to be wrong, and once when it is over."""

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

# jobs whose trouble everybody sees for himself, with its figures of now
LIVE = {"waiting"}


# what is wrong with a job: ``text`` in words, and ``kind``
Problem = dict[str, str]
Causes = dict[str, Problem]
Standing = dict[str, Causes]


class Alarm:
    """Hears how each run ends; tells each kind of trouble once, and its end once.

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
        """Note how a run ended that began at ``began`` of the monotonic clock."""
        # to wait for our own share of the quota is no trouble
        if isinstance(error, SheetResting):
            return
        if error and self._is_past(error, began):
            return
        try:
            if error is None:
                self._over(job)
            else:
                self._begins(job, error)
        except NaryadError as failure:
            log.debug("alarm_not_kept", job=job, error=str(failure))

    def stands(self, job: str) -> bool:
        """Return whether a job is failing: its trouble is told, or will be if it lasts."""
        return job in self._since

    def _is_past(self, error: NaryadError, began: float) -> bool:
        # jobs run side by side: what stood in the way of one that began before another
        # told of the end is over
        ended = self._ended.get(_cause(error))
        return ended is not None and began < ended

    def _begins(self, job: str, error: NaryadError) -> None:
        cause, said = _cause(error), str(error)
        self._well.discard(job)
        since = self._since.setdefault(job, time.monotonic())
        if cause not in self._logged.setdefault(job, set()):
            log.error("trouble", job=job, cause=cause, error=said)
            self._logged[job].add(cause)
        lasts_s = time.monotonic() - since
        if isinstance(error, SheetBusy) and lasts_s < self._patience_s:
            return
        with self._store.transaction() as tx:
            # the alerts take over what the release before told from the facts that are
            # changed next, so they are read first
            standing, alerts = _standing(tx), self._alerts(tx)
            causes = standing.setdefault(job, {})
            # the last one of a job is what is wrong now
            causes.pop(cause, None)
            causes[cause] = {"text": said, "kind": _kind(error)}
            _keep(tx, standing)
            alerts.open(cause, said, sign="⚠️ ")

    def _over(self, job: str) -> None:
        if job in self._well:
            return
        if self._since.pop(job, None) is not None:
            log.info("trouble_over", job=job)
        self._logged.pop(job, None)
        with self._store.transaction() as tx:
            standing, alerts = _standing(tx), self._alerts(tx)
            ended = standing.pop(job, {})
            elsewhere = set[str]().union(*standing.values())
            if ended:
                _keep(tx, standing)
            alerts.close(cause for cause in ended if cause not in elsewhere)
        self._ended |= dict.fromkeys(ended, time.monotonic())
        self._well.add(job)

    def _alerts(self, tx: Tx) -> Alerts:
        return Alerts(tx, self._settings, "jobs")


def _standing(tx: Tx) -> Standing:
    """Return which job has which troubles, the one that is wrong now last."""
    kept = tx.facts.get(ALARMS) or {}
    return {job: _causes(one) for job, one in kept.items()}


def _causes(kept: Any) -> Causes:
    # the release before kept the words of each cause only, and the one before that the
    # words of the last one
    if not isinstance(kept, dict):
        kept = {_without_figures(kept): kept}
    return {cause: _problem(one) for cause, one in kept.items()}


def _problem(kept: Any) -> Problem:
    if isinstance(kept, str):
        return {"text": kept, "kind": Kind.OTHER}
    problem: Problem = kept
    return problem


def _keep(tx: Tx, standing: Standing) -> None:
    tx.facts.put(ALARMS, standing)
    # several jobs may meet the same trouble
    problems = {problem["text"]: problem for problem in _now(standing)}
    tx.facts.put(SHEET_PROBLEMS, [problems[text] for text in sorted(problems)])


def _now(standing: Standing) -> Iterator[Problem]:
    """Yield what is wrong now with each job."""
    for job, causes in standing.items():
        if job not in LIVE:
            yield [*causes.values()][-1]


def _kind(error: NaryadError) -> Kind:
    """Return of what kind a trouble is, for those who may know no more."""
    if isinstance(error, SheetError):
        return Kind.SHEET
    if isinstance(error, StoreError):
        return Kind.STORE
    return Kind.OTHER


def _cause(error: NaryadError) -> str:
    """Return what tells this kind of trouble from others."""
    named = error.cause if isinstance(error, SheetError) else ""
    return named or _without_figures(str(error))


def _without_figures(said: str) -> str:
    """Return an alarm without its figures, which differ from poll to poll."""
    return "".join(letter for letter in said if not letter.isdigit())
