"""Writes that Google refuses for good: put aside with an alarm.

One a minute is tried again, until the trouble is mended. One that is confirmed takes
all others of its worksheet along, and the end of the trouble is reported as its
beginning was.
"""

import time
from collections.abc import Iterable

from record.errors import NaryadError
from record.grid.writes import Write
from record.logs import get_logger
from record.settings import Settings
from record.store import Store, Tx
from record.store.facts import Fact
from record.watch.alerts import Alerts

log = get_logger(__name__)

PROBE_S = 60
# writes that are tried again, by id: the alert that each may end
PROBES = Fact[dict[str, str]]("parked_probes")


class Parking:
    """The writes put aside, as one flusher minds them."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings
        self._probed_at = time.monotonic()

    def park(self, write: Write, error: NaryadError) -> None:
        """Put a write aside; the admin hears of a worksheet and a reason once."""
        log.error(
            "write_parked", title=write.title, order=write.subject, error=str(error)
        )
        with self._store.transaction() as tx:
            # a probe that was refused again is no probe any more
            _probes(tx, without=[write.id])
            tx.journal.tried([write.id], str(error))
            tx.journal.mark([write.id], "parked", str(error))
            alerts, key = self._alerts(tx), _key(write, str(error))
            if not alerts.is_reported(key):
                said = f"Запись в лист «{write.title}», строка с ID {write.subject}, не принята. {error}"
                alerts.open(key, said, sign="⚠️ ")

    def without_rows(self, writes: list[Write]) -> list[Write]:
        """Return the writes but those for new rows that were put aside."""
        # a row that never came would look as if a person had deleted it
        with self._store.reading() as tx:
            parked = tx.journal.parked()
        aside = {write.target for write, _ in parked if write.kind == "append"}
        return [write for write in writes if write.target not in aside]

    def probe(self) -> None:
        """Once a minute let one write that was put aside wait again, least tried first."""
        if time.monotonic() - self._probed_at < PROBE_S:
            return
        self._probed_at = time.monotonic()
        with self._store.transaction() as tx:
            parked = tx.journal.parked()
            if not parked:
                return
            write, error = min(parked, key=lambda one: (one[0].attempts, one[0].id))
            tx.journal.reopen([write.id])
            tx.facts.put(PROBES, {**_probes(tx), str(write.id): _key(write, error)})

    def concluded(self, written: Iterable[int], given_up: Iterable[int]) -> None:
        """Let the trouble of these writes be over, in whatever process they were tried.

        Where a probe has reached the sheet, the others of its worksheet follow. A
        trouble that stands in nobody's way is over.
        """
        with self._store.reading() as tx:
            if not self._alerts(tx).standing:
                return
        # another process may have probed: which writes were probes stands in the store
        good = {*written}
        with self._store.transaction() as tx:
            titles = {
                key.partition(": ")[0]
                for write_id, key in _probes(tx).items()
                if int(write_id) in good
            }
            parked = tx.journal.parked()
            tx.journal.reopen(write.id for write, _ in parked if write.title in titles)
            probed = _probes(tx, without=[*good, *given_up])
            still = {_key(write, error) for write, error in tx.journal.parked()}
            self._over(tx, still | {*probed.values()})

    def _over(self, tx: Tx, still: set[str]) -> None:
        alerts = self._alerts(tx)
        for key, alert in alerts.standing.items():
            if key not in still:
                log.info("write_unparked", said=alert.text)
                alerts.close([key])

    def _alerts(self, tx: Tx) -> Alerts:
        return Alerts(tx, self._settings, "parked")


def _probes(tx: Tx, without: Iterable[int] = ()) -> dict[str, str]:
    """Return the writes that are tried again, and what stood in their way.

    Those ``without`` which it goes on are forgotten.
    """
    probes = tx.facts.get(PROBES) or {}
    ended = probes.keys() & set(map(str, without))
    if ended:
        probes = {one: key for one, key in probes.items() if one not in ended}
        tx.facts.put(PROBES, probes)
    return probes


def _key(write: Write, error: str) -> str:
    return f"{write.title}: {error}"
