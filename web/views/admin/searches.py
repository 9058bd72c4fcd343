"""What staff search for: it may be a phone, so it stands in no address and in no
cookie, but in the store.
"""

import time
from typing import Any

from flask import request

from record.store import Tx
from record.store.entry import hashed
from record.store.facts import Fact
from web.access import sessions
from web.site import site

SOUGHT = Fact[dict[str, dict[str, Any]]]("panel.sought")  # by session
KEPT = 50  # sessions, the latest ones


def kept() -> str:
    """Return what this session has searched for last."""
    with site().store.reading() as tx:
        return str(_all(tx).get(_name(), {}).get("text", ""))


def keep(text: str) -> None:
    """Remember what this session searches for, so that the next page, a file and a
    reload find it too.
    """
    if text != kept():
        with site().store.transaction() as tx:
            _put(tx, _all(tx) | {_name(): {"text": text, "at": time.time()}})


def forget() -> None:
    """Forget what this session has searched for."""
    with site().store.transaction() as tx:
        _put(tx, {name: one for name, one in _all(tx).items() if name != _name()})


def _all(tx: Tx) -> dict[str, dict[str, Any]]:
    return tx.facts.get(SOUGHT) or {}


def _put(tx: Tx, sought: dict[str, dict[str, Any]]) -> None:
    """Keep the latest ones whose sessions can still be open."""
    open_since = time.time() - sessions.WHOLE_S["admin"]
    latest = sorted(sought.items(), key=lambda pair: -pair[1]["at"])[:KEPT]
    tx.facts.put(
        SOUGHT,
        {name: one for name, one in latest if one["text"] and one["at"] > open_since},
    )


def _name() -> str:
    return hashed(request.cookies.get(sessions.cookie_name("admin"), ""))[:32]
