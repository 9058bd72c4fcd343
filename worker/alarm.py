"""Tells ops and admins once when something begins to be wrong, and once when it is over."""

import time
from collections.abc import Iterable, Iterator
from typing import Any

from record.errors import NaryadError, SheetBusy, SheetError, SheetResting
from record.logs import get_logger
from record.notices import Notice
from record.settings import Settings
from record.store import Store, Tx

log = get_logger(__name__)

KEYS = "alarm_keys"
LIVE = {"waiting"}  # whose trouble whoever looks sees by himself, with its figures of now
Standing = dict[str, dict[str, str]]


class Alarm:
    """Hears how each run of a job ends, and tells each kind of trouble once, whatever jobs meet it, and its end once.

    Troubles come mixed, a time-out between two 503; so what was told is not told again until the job is well. It is
    kept in the store by job and kind, so that a restart neither tells it again nor forgets that it is over. What
    often passes by itself is told when it has lasted for ``sheets.alarm_after_s``.
    """

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._admin = settings.telegram.admin_chat_id
        self._patience_s = settings.sheets.alarm_after_s
        self._since: dict[str, float] = {}
        self._logged: dict[str, set[str]] = {}
        self._well: set[str] = set()
        self._ended: dict[str, float] = {}

    def hear(self, job: str, error: NaryadError | None, began: float) -> None:
        """Take note of how a run of a job ended, that began at ``began`` of the monotonic clock.

        Jobs run side by side: what stood in the way of one that began before another told of the end is over.
        """
        if isinstance(error, SheetResting) or (error and began < self._ended.get(_cause(error), began)):
            return
        try:
            if error is None:
                self._over(job)
            else:
                self._begins(job, error)
        except NaryadError as failure:
            log.debug("alarm_not_kept", job=job, error=str(failure))

    def stands(self, job: str) -> bool:
        """Say whether a job is failing, so that its trouble is told, or will be once it has lasted."""
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
            standing = _standing(tx)
            told = {one for causes in standing.values() for one in causes}
            mine = {one: text for one, text in standing.get(job, {}).items() if one != cause}
            _stands(tx, {**standing, job: {**mine, cause: said}})
            if cause not in told:
                key = self._tell(tx, "alarm", job, {"text": f"⚠️ {said}"})
                tx.facts.put(KEYS, {**tx.facts.get(KEYS, {}), cause: key})

    def _over(self, job: str) -> None:
        if job in self._well:
            return
        if self._since.pop(job, None) is not None:
            log.info("trouble_over", job=job)
        self._logged.pop(job, None)
        with self._store.transaction() as tx:
            standing = _standing(tx)
            mine = standing.pop(job, {})
            others = {one for causes in standing.values() for one in causes}
            if mine:
                _stands(tx, standing)
            if ended := {cause: said for cause, said in mine.items() if cause not in others}:
                text = f"✅ Снова в порядке. Было: {_listed([*ended.values()])}"
                self._tell(tx, "alarm_over", job, {"text": text, "ends": _keys(tx, ended)})
        self._ended |= dict.fromkeys(mine, time.monotonic())
        self._well.add(job)

    def _tell(self, tx: Tx, kind: str, job: str, facts: dict[str, Any]) -> str:
        key = f"{kind}:{job}:{time.time():.3f}"
        if self._admin:
            tx.outbox.add(Notice(key, "admin", str(self._admin), kind, facts=facts))
        return key


def _standing(tx: Tx) -> Standing:
    """Return what stands, by job and kind; the last of a job is what is wrong now."""
    kept = tx.facts.get("alarms", {})
    return {job: one if isinstance(one, dict) else {_plain(one): one} for job, one in kept.items()}


def _stands(tx: Tx, standing: Standing) -> None:
    tx.facts.put("alarms", standing)
    tx.facts.put("sheet_problems", sorted({*_problems(standing)}))


def _problems(standing: Standing) -> Iterator[str]:
    """Yield what is wrong now with each job."""
    for job, causes in standing.items():
        if job not in LIVE:
            yield [*causes.values()][-1]


def _keys(tx: Tx, ended: Iterable[str]) -> list[str]:
    """Return the keys of the alarms that told of these troubles, whose end this is; none where one is not known."""
    keys = dict(tx.facts.get(KEYS, {}))
    found = [keys.pop(cause, "") for cause in ended]
    tx.facts.put(KEYS, keys)
    return found if all(found) else []


def _listed(said: list[str]) -> str:
    return said[0] if len(said) == 1 else "".join(f"\n• {one}" for one in said)


def _cause(error: NaryadError) -> str:
    """Return what tells this kind of trouble from others."""
    return (error.cause if isinstance(error, SheetError) else "") or _plain(str(error))


def _plain(said: str) -> str:
    """Return an alarm without its figures, which differ from poll to poll."""
    return "".join(letter for letter in said if not letter.isdigit())
