"""Orders whose handling raises: tried again at the next polls, then put aside.

The other orders go on meanwhile, and the admin gets an alarm.
"""

from dataclasses import dataclass, field

TRIES = 3
AGAIN_S = 600


@dataclass(frozen=True)
class PutAside:
    """An order put aside: how its row looked then, and when it is tried again anyway.

    ``print`` is None for an order whose row was deleted.
    """

    print: int | None
    due: float


@dataclass
class Quarantine:
    """What a poller remembers between polls of the orders that raise."""

    tries: dict[str, int] = field(default_factory=dict)
    aside: dict[str, PutAside] = field(default_factory=dict)

    def rests(self, order_id: str, print_: int | None, now: float) -> bool:
        """Return whether an order stays aside: its row is as it was, and it is early."""
        kept = self.aside.get(order_id)
        if kept is None or kept.print != print_:
            return False

        # a clock that was set back must not keep the order aside for longer
        return kept.due - AGAIN_S <= now < kept.due

    def failed(self, order_id: str, print_: int | None, now: float) -> bool:
        """Count a failure; return whether the order is put aside now."""
        self.tries[order_id] = self.tries.get(order_id, 0) + 1
        if self.tries[order_id] < TRIES:
            return False

        self.aside[order_id] = PutAside(print_, now + AGAIN_S)
        return True

    def handled(self, order_id: str) -> None:
        """Forget an order that was handled."""
        self.tries.pop(order_id, None)
        self.aside.pop(order_id, None)

    def due(self) -> float:
        """Return when the first order that was put aside is tried again."""
        return min((order.due for order in self.aside.values()), default=float("inf"))
