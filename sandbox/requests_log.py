"""How many requests reached each API since the last reset."""

import threading
from collections import Counter

_READING_POSTS = (":getByDataFilter", "values:batchGetByDataFilter")
SHEETS, DRIVE, TOKEN, TELEGRAM = "sheets", "drive", "token", "telegram"


def api_of(path: str) -> str | None:
    """Which stand-in a path belongs to; None for the page and the control calls."""
    if path.startswith("/v4/"):
        return SHEETS
    if path.startswith(("/drive/", "/upload/drive/")):
        return DRIVE
    if path == "/token":
        return TOKEN
    return TELEGRAM if path.startswith(("/bot", "/file/bot")) else None


class RequestsLog:
    """Counts every request that arrives, refused and faulted ones too, as Google does."""

    def __init__(self) -> None:
        """Nothing counted."""
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._telegram: Counter[str] = Counter()

    def reset(self) -> None:
        """Count from zero."""
        with self._lock:
            self._counts.clear()
            self._telegram.clear()

    def add(self, api: str, verb: str, path: str) -> None:
        """Count a Google request."""
        name = api
        if api == SHEETS:
            reads = verb == "GET" or path.endswith(_READING_POSTS)
            name = "sheets_read" if reads else "sheets_write"
        with self._lock:
            self._counts[name] += 1

    def add_telegram(self, path: str) -> None:
        """Count a Bot API request that never reached the stand-in, because of a fault."""
        if path.startswith("/bot"):
            with self._lock:
                self._telegram[path.rpartition("/")[2]] += 1

    def summary(self, telegram: dict[str, int]) -> dict[str, object]:
        """What /sandbox/requests answers; `telegram` counts what its stand-in saw."""
        with self._lock:
            google = {
                name: self._counts[name]
                for name in ("sheets_read", "sheets_write", "drive")
            }
            return {**google, "telegram": dict(Counter(telegram) + self._telegram)}
