"""How long to wait after each failure in a row. Pure.

tenacity counts the tries within one call. What waits here is counted over many runs and
restarts, some of it in the store, so only the table of waits is needed.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Backoff:
    """Waits in seconds: after the first failure in a row, the second, and so on."""

    waits_s: tuple[float, ...]

    def after(self, failures: int) -> float:
        """Return the wait after so many failures, 1 and more; the last wait stays."""
        place = min(failures, len(self.waits_s)) - 1
        return self.waits_s[place]

    def limited(self, failures: int) -> float | None:
        """Return the wait after so many failures, None where it is time to give up."""
        if failures > len(self.waits_s):
            return None
        return self.after(failures)
