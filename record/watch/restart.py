"""A process whose store was replaced under it ends as if it had been told to, and
begins anew in its own place.
"""

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from record.store import Store


def end_when_replaced(store: Store) -> None:
    """Let this process end by SIGTERM once the store's file was replaced; whoever
    started it starts it again.
    """
    store.when_replaced(lambda: os.kill(os.getpid(), signal.SIGTERM))


@contextmanager
def lasting(store: Store) -> Iterator[Store]:
    """Give a store to work with; a process that ends because it was replaced runs its
    own command again.
    """
    end_when_replaced(store)
    try:
        yield store
    finally:
        if store.replaced:
            sys.stderr.flush()
            os.execv(sys.executable, sys.orig_argv)  # noqa: S606  no shell, and our own command
