"""What the text of a notice may need. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bots.cards import View
from bots.client.texts import Shop
from bots.wording import line, safe
from record.dispatch.model import Master, Order
from record.dispatch.notices import Notice
from record.values import Unclear
from record.values import money as read_money
from record.values.wording import money


@dataclass(frozen=True)
class Scene:
    """What a text may need: notice, order and owner as they stand now, the company."""

    notice: Notice
    order: Order | None
    owner: Master | None
    view: View
    shop: Shop
    folder_url: str = ""

    @property
    def number(self) -> str:
        """The order's number as text of a message."""
        return f"#{safe(self.notice.order_id)}"

    def fact(self, name: str) -> str:
        """Return a fact of the notice as one line of text, "" where it is missing."""
        return line(str(self.notice.facts.get(name) or ""), 1000)


def price_fact(facts: Mapping[str, Any], name: str = "price") -> str:
    """Return the price of a notice as people write it, "" where there is none yet."""
    try:
        price = read_money(str(facts.get(name) or ""))
    except Unclear:
        return safe(str(facts[name]))
    if price is None:
        return ""
    return money(price)


def same_price(notice: Notice, order: Order) -> bool:
    """Return whether the price of the notice still is the order's price."""
    try:
        return read_money(str(notice.facts.get("price") or "")) == order.price
    except Unclear:
        return False
