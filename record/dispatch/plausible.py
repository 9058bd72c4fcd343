"""Whether a price is one that such orders cost, or more likely a slip. Pure.

It is judged against what the company was paid lately for work of that kind. A price far
from that is not wrong: it is asked about once more, before anybody is told of it.
"""

import statistics
from collections.abc import Sequence
from decimal import Decimal

LAST = 100  # so many prices are looked at, the latest
FEWEST_ALIKE = 10  # fewer of a category say too little about it
FEWEST = 3  # two prices have no middle that one of them does not move
FAR = 10  # times more, or less, than usual
# no visit costs less, whatever others cost: «2.5» is thousands, or a date
LEAST = Decimal(10)


def usual_price(alike: Sequence[Decimal], others: Sequence[Decimal]) -> Decimal | None:
    """Return the median of what orders of a category cost, None where too few are known.

    ``others`` are prices of all categories, which count where there are few ``alike``.
    """
    if len(alike) >= FEWEST_ALIKE:
        return statistics.median(alike)
    if len(others) >= FEWEST:
        return statistics.median(others)
    return None


def is_unusual(price: Decimal, usual: Decimal | None) -> bool:
    """Return whether a price must be asked about once more.

    0 is no slip of a digit but a word of its own, «free»: where it may be one, it is
    asked about by itself.
    """
    if not price:
        return False
    if price < LEAST:
        return True
    if usual is None:
        return False
    return price >= usual * FAR or price * FAR < usual
