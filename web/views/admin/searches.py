"""What staff search for, kept in the store.

It may be a phone, so it stands in no address and in no cookie.
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


def last() -> str:
    """Return what this session has searched for last."""
    with site().store.reading() as tx:
        search = _all(tx).get(_session_name(), {})
    return str(search.get("text", ""))


def remember(text: str) -> None:
    """Remember a search, so that the next page, a file and a reload find it too."""
    if text == last():
        return
    with site().store.transaction() as tx:
        searches = _all(tx)
        searches[_session_name()] = {"text": text, "at": time.time()}
        _put(tx, searches)


def forget() -> None:
    """Forget what this session has searched for."""
    with site().store.transaction() as tx:
        searches = _all(tx)
        searches.pop(_session_name(), None)
        _put(tx, searches)


def _all(tx: Tx) -> dict[str, dict[str, Any]]:
    found = tx.facts.get(SOUGHT) or {}
    return dict(found)


def _put(tx: Tx, searches: dict[str, dict[str, Any]]) -> None:
    """Keep the latest searches whose sessions can still be open."""
    open_since = time.time() - sessions.WHOLE_S["admin"]
    latest_first = sorted(searches.items(), key=lambda pair: -pair[1]["at"])
    kept = {
        name: search
        for name, search in latest_first[:KEPT]
        if search["text"] and search["at"] > open_since
    }
    tx.facts.put(SOUGHT, kept)


def _session_name() -> str:
    # its hash: whoever reads the store must not find a secret that opens the panel
    secret = request.cookies.get(sessions.cookie_name("admin"), "")
    return hashed(secret)[:32]
