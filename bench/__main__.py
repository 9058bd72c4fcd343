"""python -m bench [part …]: print all figures, or those of some parts."""

import logging
import sys

import structlog

from bench import (
    admin,
    burst,
    chat,
    day,
    flood,
    flow,
    forget,
    frozen,
    init,
    lighthouse,
    polls,
    race,
    readers,
    site,
    soak,
    wave,
    window,
)

PARTS = {
    "init": init.measure,
    "polls": polls.measure,
    "flow": flow.measure,
    "site": site.measure,
    "lighthouse": lighthouse.measure,
    "admin": admin.measure,
    "chat": chat.measure,
    "readers": readers.measure,
    "flood": flood.measure,
    "burst": burst.measure,
    "race": race.measure,
    "wave": wave.measure,
    "day": day.measure,
    "forget": forget.measure,
    "window": window.measure,
    "frozen": frozen.measure,
    "soak": soak.measure,
}

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

if __name__ == "__main__":  # processes that a part starts import this module too
    for name in sys.argv[1:] or PARTS:
        PARTS[name]()
