"""Brings the journal to the sheet: one write request for all that waits, read back in
the same request.

    waiting writes ─▶ locate rows (one read) ─▶ plan ─▶ one write + read-back ─▶ confirmed / repair / refused

Only one process flushes at a time. An append is marked unclear before it is sent and
looked for by its ID before it is sent again, so that a lost answer or a kill never
doubles a row; some seconds later, since Google may still be adding it.
"""

from record.flush.flush import BACKOFF, GATHER_S, Flush, Flushed
from record.flush.flusher import Flusher

__all__ = ["BACKOFF", "GATHER_S", "Flush", "Flushed", "Flusher"]
