"""A process whose store was replaced under it ends, and starts again in its place."""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from record.store import Store


def end_when_replaced(store: Store) -> None:
    """Let this process end by SIGTERM once the store's file was replaced.

    Who started it starts it again.
    """
    store.when_replaced(lambda: os.kill(os.getpid(), signal.SIGTERM))


@contextmanager
def lasting(store: Store) -> Iterator[Store]:
    """Give a store to work with; once it was replaced, run this process's command again."""
    end_when_replaced(store)
    try:
        yield store
    finally:
        if store.replaced:
            # exec leaves unwritten what Python still holds back
            sys.stderr.flush()
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606  no shell, and our own command
