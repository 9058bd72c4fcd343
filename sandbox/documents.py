"""The sandbox's memory between two runs: small JSON documents under string keys."""

import contextlib
import json
import sqlite3
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

FLUSH_EVERY_S = 0.4
_DELETED = object()


class UnreadableData(Exception):
    """The data file is not something this sandbox wrote."""


class Documents:
    """Key to JSON document, written behind to one SQLite file.

    Without a path it keeps nothing.

    `put` may be given a callable: it is evaluated when the document is written, in
    another thread, so whoever calls `put` often pays for serialising only once per
    flush.
    """

    def __init__(self, path: Path | None) -> None:
        """Open or create the file at `path`."""
        self._path = path
        self._dirty: dict[str, Any] = {}
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        if path is not None:
            self._db = self._open(path)
            self._thread = threading.Thread(
                target=self._flush_loop, name="documents", daemon=True
            )
            self._thread.start()

    @property
    def keeps(self) -> bool:
        """Whether anything survives a restart."""
        return self._path is not None

    def get_all(self, prefix: str) -> dict[str, Any]:
        """Every stored document whose key starts with `prefix`."""
        if self._path is None:
            return {}
        self.flush()
        end = prefix + "\U0010ffff"
        with self._writing:
            rows = self._db.execute(
                "SELECT key, body FROM documents WHERE key >= ? AND key < ? ORDER BY key",
                (prefix, end),
            ).fetchall()
        try:
            return {key: json.loads(body) for key, body in rows}
        except ValueError as error:
            raise UnreadableData(f"{self._path}: {error}") from error

    def put(self, key: str, value: Any | Callable[[], Any]) -> None:
        """Store a document, or what a callable returns once it is time to write."""
        if self._path is not None:
            with self._lock:
                self._dirty[key] = value

    def delete(self, key: str) -> None:
        """Forget a document."""
        if self._path is not None:
            with self._lock:
                self._dirty[key] = _DELETED

    def flush(self) -> None:
        """Write everything that waits."""
        if self._path is None:
            return
        with self._writing:
            with self._lock:
                dirty, self._dirty = self._dirty, {}
            if not dirty:
                return
            try:
                with self._db:
                    for key, value in dirty.items():
                        self._write(key, value)
            except sqlite3.Error:
                with self._lock:
                    self._dirty = {**dirty, **self._dirty}
                raise

    def close(self) -> None:
        """Write everything that waits and let go of the file."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(timeout=30)
            self.flush()
            self._db.close()
            self._path = None

    def _write(self, key: str, value: Any) -> None:
        if value is _DELETED:
            self._db.execute("DELETE FROM documents WHERE key = ?", (key,))
            return
        body = value() if callable(value) else value
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
        self._db.execute(
            "INSERT OR REPLACE INTO documents (key, body) VALUES (?, ?)", (key, text)
        )

    def _flush_loop(self) -> None:
        failing = False
        while not self._stop.wait(FLUSH_EVERY_S):
            try:
                self.flush()
                failing = False
            except sqlite3.Error as error:
                if not failing:
                    print(
                        f"sandbox: cannot write {self._path}: {error}", file=sys.stderr
                    )
                failing = True

    @staticmethod
    def _open(path: Path) -> sqlite3.Connection:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            database = sqlite3.connect(path, check_same_thread=False)
            with contextlib.suppress(sqlite3.OperationalError):
                database.execute("PRAGMA journal_mode=WAL")
            database.execute(
                "CREATE TABLE IF NOT EXISTS documents (key TEXT PRIMARY KEY, body TEXT NOT NULL)"
            )
            database.execute("SELECT key, body FROM documents LIMIT 1").fetchone()
        except sqlite3.Error as error:
            raise UnreadableData(f"{path}: {error}") from error
        return database
