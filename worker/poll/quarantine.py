"""Orders whose handling raises: tried again at the next polls, then put aside with an
alarm; the others go on.
"""

from dataclasses import dataclass, field

TRIES = 3
AGAIN_S = 600


@dataclass(frozen=True)
class Aside:
    """An order put aside: how its row looked (None for a deleted one), and when it is
    tried again anyway.
    """

    print: int | None
    due: float


@dataclass
class Quarantine:
    """What a poller remembers between polls of the orders that raise."""

    tries: dict[str, int] = field(default_factory=dict)
    aside: dict[str, Aside] = field(default_factory=dict)

    def rests(self, order_id: str, print_: int | None, now: float) -> bool:
        """Say whether an order is put aside, its row is as it was then, and it is not
        yet time to try again.
        """
        kept = self.aside.get(order_id)
        return (
            kept is not None
            and kept.print == print_
            and kept.due - AGAIN_S <= now < kept.due
        )

    def failed(self, order_id: str, print_: int | None, now: float) -> bool:
        """Count a failure; say whether the order is put aside now."""
        self.tries[order_id] = self.tries.get(order_id, 0) + 1
        if self.tries[order_id] < TRIES:
            return False
        self.aside[order_id] = Aside(print_, now + AGAIN_S)
        return True

    def handled(self, order_id: str) -> None:
        """Forget an order that was handled."""
        self.tries.pop(order_id, None)
        self.aside.pop(order_id, None)

    def due(self) -> float:
        """Return when the first order that was put aside is tried again."""
        return min((one.due for one in self.aside.values()), default=float("inf"))
