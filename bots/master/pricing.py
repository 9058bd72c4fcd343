"""What a client paid, as his master is asked for it. Pure.

price ──2000──▶ finished
  └──20000──▶ «20 000 ₽, верно?» ──✅ Верно · да · 20000──▶ finished
                  └──2000──▶ finished

The state is that of the conversation: ``step`` and ``order``; ``usual``, what such
orders cost; ``before``, the price that is being corrected; ``asked``, the sum of which
he was asked whether it is right.
"""

import re
from decimal import Decimal
from typing import Any

from bots.incoming import Incoming
from bots.master import texts
from bots.master.dialog import State, Turn
from bots.messages import Message
from bots.wording import safe
from record.dispatch.plausible import is_unusual
from record.values import TooMuch, Unclear, affirms, spoken_sum

# of sums in words, which are asked for in figures
NUMERAL = re.compile(
    r"\b(?:ноль|нул|один|одна|одну|полтор|два|две\b|двух|двести|двад|двен|три|трех|трёх|четыр|пять|пяти|пятьс|шест"
    r"|семь?\b|семь[дс]|семн|восем|девят|десят|сорок|сот|сто\b|тыс|тыщ|тыш|косар|штук|кусок|куска|руб|р\b)|₽"
)

SHORT = 2  # words


def asking(order_id: str, usual: Decimal | None, before: Decimal | None) -> State:
    """Return where the conversation stands while the price of an order is asked."""
    state: dict[str, Any] = {"step": "price", "order": order_id}
    if usual is not None:
        state["usual"] = str(usual)
    if before is not None:
        state["before"] = str(before)
    return state


def question(state: State) -> Message:
    """Return the question for the price, with the one that is being corrected."""
    return texts.ask_price(state["order"], _sum(state, "before"))


def pricing(state: State, said: Incoming) -> Turn:
    """Return the next turn while the price of an order is asked.

    One that is unusual, or 0, must be confirmed: by the button, in words, or by saying
    it again.
    """
    if said.kind != "text":
        return Turn(state, Message(texts.ONLY_TEXT))
    asked = _sum(state, "asked")
    if asked is not None and affirms(said.text, asked):
        return confirmed(state)
    try:
        found = spoken_sum(said.text)
    except TooMuch:
        return Turn(state, Message(texts.TOO_MUCH))
    except Unclear as unclear:
        return Turn(state, Message(safe(str(unclear))))
    price, beside = found or (Decimal(0), "")
    words = _flat(said) if beside else ""
    is_doubtful = not price or is_unusual(price, _sum(state, "usual"))
    if is_doubtful and price != asked:
        fresh = {**state, "asked": str(price), "said": words}
        return Turn(
            fresh, texts.ask_if_right(state["order"], price, _sum(state, "usual"))
        )
    return _priced(state, price, words)


def speaks_of_no_sum(state: State, said: Incoming) -> bool:
    """Return whether words are no try at a sum: «сейчас поднимаюсь», «клиент не заплатил»."""
    if said.kind != "text" or any(map(str.isdigit, said.text)):
        return False
    # «да нет», «не она»: of the sum that he was asked about
    if "asked" in state and len(said.text.split()) <= SHORT:
        return False
    asked = _sum(state, "asked")
    if asked is not None and affirms(said.text, asked):
        return False
    if NUMERAL.search(said.text.casefold()):
        return False
    try:
        return spoken_sum(said.text) is None
    except Unclear:
        return True


def confirmed(state: State) -> Turn:
    """Return the turn in which he says that the sum he was asked about is right."""
    return _priced(state, _sum(state, "asked") or Decimal(0), state.get("said", ""))


def other(state: State) -> State:
    """Return where the conversation stands when he wants to say another sum."""
    kept = dict(state)
    kept.pop("asked", None)
    kept.pop("said", None)
    return kept


def _priced(state: State, price: Decimal, words: str) -> Turn:
    facts = {"order": state["order"]}
    if words:
        facts["said"] = words
    return Turn({}, act="price", facts=facts, price=price)


def _sum(state: State, name: str) -> Decimal | None:
    kept = state.get(name)
    if kept is None:
        return None
    return Decimal(kept)


def _flat(said: Incoming) -> str:
    return " ".join(said.text.split())
