"""Places where a process kills itself when a test asks for it.

So it is proved that a kill at any moment loses nothing.

NARYAD_FAIL_POINT=send.accepted     dies when it passes the point for the first time
NARYAD_FAIL_POINT=send.accepted:3   … for the third time

Without the variable a point costs one comparison. All points are listed here, each with
what it lies between.
"""

import os
import signal
import threading
from functools import cache

VARIABLE = "NARYAD_FAIL_POINT"
POINTS = {
    "poll.read": "the sheet has been read; nothing of it is committed",
    "poll.committed": "mirror, notices and writes are committed; nothing is written or sent yet",
    "flush.planned": "new rows are marked unclear; Google has not been asked",
    "flush.sent": "Google has made the changes; none is marked as written",
    "flush.marked": "the changes are marked as written; nobody has been woken by it",
    "intake.committed": "an order has its number; the client has not been told",
    "claim.committed": "a master has won an order; he has not been told, nor has the sheet",
    "finish.committed": "a master has finished an order; he has not been told, nor has the sheet",
    "update.fetched": "Telegram has given updates; they are not stored",
    "update.stored": "updates are stored; Telegram does not know that they arrived",
    "update.decided": "an update is decided, with all that follows; nothing has been answered",
    "update.answered": "Telegram has taken the answers; the update is not marked as handled",
    "update.handled": "an update is marked as handled; the next one is not looked at",
    "send.worded": "a notice is in words; Telegram has not been asked",
    "send.accepted": "Telegram has taken a message; the notice is not marked as sent",
    "send.marked": "a notice is marked as sent; the next one is not looked at",
}

_lock = threading.Lock()


# cached: a point stands on hot paths, and must cost next to nothing in a normal run
@cache
def _armed() -> dict[str, int]:
    """Return the fail point at which to die, and at which passing of it."""
    name, _, times = os.environ.get(VARIABLE, "").partition(":")
    if name and name not in POINTS:
        raise ValueError(f"{VARIABLE}: no fail point is called {name!r}")
    return {name: int(times or 1)}


def passing(name: str) -> None:
    """Go on; or die as if by kill -9, where a test has asked for it."""
    if name in _armed():
        _die_in_turn(name)


def _die_in_turn(name: str) -> None:
    # threads pass points at the same time, and each passing counts once
    with _lock:
        _armed()[name] -= 1
        if _armed()[name] <= 0:
            line = (
                f'{{"event": "fail_point", "name": "{name}", "pid": {os.getpid()}}}\n'
            )
            # past all buffers, which nobody will empty any more
            os.write(2, line.encode())
            os.kill(os.getpid(), signal.SIGKILL)
