"""How long a reader takes at worst over 10,000 characters that were made to hurt it."""

from bench.report import report
from tests.record.hostile import HOSTILE, READERS, seconds


def measure() -> None:
    """Print ``reader_10k_p100_ms``: processor time of the slowest reader over its worst
    text, the best of five.
    """
    # dictionaries are loaded once, when a process first needs them
    for read in READERS.values():
        seconds(read, "вылкючатель", 1)
    worst = max(
        seconds(read, text) for read in READERS.values() for text in HOSTILE.values()
    )
    report("reader_10k_p100_ms", worst * 1000, "ms", "<= 50")
