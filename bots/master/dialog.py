"""A master's conversation: registering, a price, a reason. Pure.

unknown ──▶ name ──▶ phone ──▶ speciality ──▶ registered
active  ──✅ Завершить──▶ price        ──↩️ Вернуть──▶ reason (buttons or text)

The state is a small JSON object: ``step``; ``draft`` while registering; ``order`` (an
ID) while asking about an order, and with a price what bots/master/pricing.py adds.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Literal

from bots.client.answers import parsed_phone, words_of_phone
from bots.client.texts import Shop
from bots.incoming import Incoming
from bots.master import texts
from bots.messages import Message
from bots.small_talk import Says, small_talk
from record.dispatch.model import LONGEST_REASON

State = dict[str, Any]
Act = Literal["", "register", "price", "give_back"]
# characters of a name: it stands on cards and in «Мастер»
LONGEST = 60


@dataclass(frozen=True)
class Turn:
    """What comes of one thing the master said.

    ``act`` is what must be done beside talking, with ``facts``.
    """

    state: State
    message: Message | None = None
    act: Act = ""
    facts: dict[str, str] = field(default_factory=dict)
    price: Decimal = Decimal(0)


def registering(state: State, said: Incoming, shop: Shop) -> Turn:
    """Return the next turn with somebody who is not on the list of masters."""
    ask = REGISTERING.get(state.get("step", ""))
    if ask and not said.command:
        talk = small_talk(said.text) if said.kind == "text" else None
        if talk is Says.CANCEL:
            return Turn({}, Message(texts.NOT_REGISTERED))
        if said.edited or talk:
            return _beside(state, said)
        return ask(state, said, shop)
    suggestion = ""
    if 1 < len(said.full_name) <= LONGEST:
        suggestion = said.full_name
    return Turn({"step": "name", "draft": {}}, texts.ask_name(shop.company, suggestion))


def _beside(state: State, said: Incoming) -> Turn:
    """Answer what is no answer; the question stands."""
    again = {"name": texts.WRONG_NAME, "phone": texts.ASK_PHONE}
    asked = again.get(state["step"], texts.ASK_SPECIALITY)
    head = texts.WORDS_WANTED
    if said.edited:
        head = texts.EDITED_IN_VAIN
    return Turn(state, Message(f"{head}\n\n{asked}"))


def _named(state: State, said: Incoming, shop: Shop) -> Turn:
    if not _words(said):
        return Turn(state, Message(_wrong(said, texts.WRONG_NAME)))
    asked = texts.ask_phone(shop.public_url)
    return Turn({"step": "phone", "draft": {"name": _flat(said)}}, asked)


def _phoned(state: State, said: Incoming, shop: Shop) -> Turn:
    phone, wrong = parsed_phone(said, shop.region)
    if wrong:
        return Turn(state, texts.ask_phone(shop.public_url, texts.NO_PHONE[wrong]))
    # Of a phone that the messenger shares it vouches that it is his own.
    own = "yes" if said.kind == "contact" else ""
    draft = {**state["draft"], "phone": phone, "own_phone": own}
    if words := words_of_phone(said, shop.region):
        draft["phone_said"] = words
    return Turn(
        {"step": "speciality", "draft": draft}, texts.ask_speciality(shop.category)
    )


def _skilled(state: State, said: Incoming, shop: Shop) -> Turn:
    if not _words(said):
        return Turn(state, texts.ask_speciality(shop.category, texts.WRONG_SPECIALITY))
    return Turn({}, act="register", facts={**state["draft"], "speciality": _flat(said)})


REGISTERING: dict[str, Callable[[State, Incoming, Shop], Turn]] = {
    "name": _named,
    "phone": _phoned,
    "speciality": _skilled,
}


def _flat(said: Incoming) -> str:
    return " ".join(said.text.split())


def _words(said: Incoming) -> bool:
    """Return whether somebody wrote a word or a few."""
    if said.kind != "text":
        return False
    text = _flat(said)
    has_letters = bool(re.search(r"[^\W\d_]", text))
    return has_letters and 2 <= len(text) <= LONGEST


def _wrong(said: Incoming, of_text: str) -> str:
    """Return what to answer to something that is no answer."""
    return of_text if said.kind == "text" else texts.ONLY_TEXT


def giving_back(state: State, said: Incoming) -> Turn:
    """Return the next turn while the reason for giving an order back is asked."""
    reason = _flat(said)
    if said.kind != "text" or not 2 <= len(reason) <= LONGEST_REASON:
        return Turn(state, Message(_wrong(said, texts.WRONG_REASON)))
    return Turn({}, act="give_back", facts={"order": state["order"], "reason": reason})
