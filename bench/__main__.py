"""python -m bench [part …]: print all figures, or those of some parts."""

import logging
import sys

import structlog

from bench import flow, init, polls

PARTS = {"init": init.measure, "polls": polls.measure, "flow": flow.measure}

structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))

for name in sys.argv[1:] or PARTS:
    PARTS[name]()
