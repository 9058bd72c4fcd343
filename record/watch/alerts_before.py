"""What the release before alerts.py had reported, so that an upgrade reports nothing twice.

Its facts are read for each kind until the first trouble begins or ends there. This file
may go once no company upgrades from a release that kept them.
"""

from collections.abc import Callable, Iterator
from typing import Any

from record.store import Tx
from record.store.facts import ALARMS, UNOFFERED, Fact

Reported = tuple[str, str, str]  # which trouble, its words, the key of the notice
LEADER_LOST = Fact[str]("leader_lost")
ORDERS_FAILED = Fact[dict[str, Any]]("orders_failed")
PARKED_TOLD = Fact[dict[str, Any]]("parked_told")
ALARM_KEYS = Fact[dict[str, Any]]("alarm_keys")


def reported_before(tx: Tx, kind: str) -> dict[str, tuple[str, str]]:
    """Return words and notice of each trouble of a kind that was reported and not over."""
    reader = READERS.get(kind)
    if reader is None:
        return {}
    return {key: (text, notice) for key, text, notice in reader(tx)}


def _leader(tx: Tx) -> Iterator[Reported]:
    notice = tx.facts.get(LEADER_LOST)
    if notice:
        yield "leader", "", notice


def _orders(tx: Tx) -> Iterator[Reported]:
    for order_id, said in _kept(tx, ORDERS_FAILED).items():
        yield order_id, str(said), ""


def _parked(tx: Tx) -> Iterator[Reported]:
    for key, (said, notice) in _kept(tx, PARKED_TOLD).items():
        yield key, said, notice


def _jobs(tx: Tx) -> Iterator[Reported]:
    notices = _kept(tx, ALARM_KEYS)
    for causes in _kept(tx, ALARMS).values():
        # a still older release kept a job's last words here, under no cause
        if not isinstance(causes, dict):
            continue
        for cause, said in causes.items():
            text = said if isinstance(said, str) else str(said["text"])
            yield cause, text, notices.get(cause, "")


def _unoffered(tx: Tx) -> Iterator[Reported]:
    for order_id, kept in _kept(tx, UNOFFERED).items():
        if not kept.get("over"):
            yield order_id, "", kept.get("key", "")


def _ears(role: str) -> Callable[[Tx], Iterator[Reported]]:
    def read(tx: Tx) -> Iterator[Reported]:
        known = _kept(tx, Fact(f"ears.{role}"))
        why = known.get("why", {})
        for kind, notice in known.get("told", {}).items():
            yield kind, why.get(kind, ""), notice

    return read


READERS: dict[str, Callable[[Tx], Iterator[Reported]]] = {
    "leader": _leader,
    "orders": _orders,
    "parked": _parked,
    "jobs": _jobs,
    "unoffered": _unoffered,
    "ears.client": _ears("client"),
    "ears.master": _ears("master"),
}


def _kept(tx: Tx, fact: Fact[Any]) -> dict[str, Any]:
    return dict(tx.facts.get(fact) or {})
