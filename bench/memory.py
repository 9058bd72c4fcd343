"""The most memory that this process ever had."""

import re
import resource
import sys
from pathlib import Path


def peak_mb() -> float:
    """Return the peak of this process's resident memory, in MB.

    Linux lets a new process inherit the ``ru_maxrss`` of the one that started it, so
    its own mark is read there.
    """
    status = Path("/proc/self/status")
    if status.exists() and (
        mark := re.search(r"VmHWM:\s*(\d+) kB", status.read_text(encoding="ascii"))
    ):
        return int(mark[1]) / 1024
    unit = 1024 * 1024 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
