"""The client's conversation, step by step.

Pure: a state and what the person did → the next state and replies.

menu ──⚡──▶ problem ──▶ address ──▶ name ──▶ phone ──▶ confirm ──✅──▶ menu, with an order placed
  ▲                                                     │  ▲
  └── «Вернуться в меню», /start, /cancel from anywhere └✏️─┘ one answer again

The state is a small JSON object: ``step``, ``draft`` (the answers so far), ``editing``
(back to confirm after this answer), ``form`` (what this order is known by until it has
a number, so that it is saved once), ``placed`` (number and key of the order placed
last, for a second press of the confirming key).
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from bots.client import texts
from bots.client.texts import Shop
from bots.incoming import Incoming
from bots.messages import Message
from record.values import Unclear, phone_words
from record.values import phone as read_phone

State = dict[str, Any]
Act = Literal["", "place", "mine", "tie"]
LIMITS = {"problem": (3, 2000), "address": (4, 200), "name": (2, 60)}


@dataclass(frozen=True)
class Turn:
    """What comes of one thing the person did.

    ``act`` is what must be done beside talking.
    """

    state: State
    messages: tuple[Message, ...] = ()
    act: Act = ""
    facts: dict[str, str] = field(default_factory=dict)


def step(state: State, said: Incoming, shop: Shop) -> Turn:
    """Return the next turn of the conversation."""
    if turn := _anywhere(state, said, shop):
        return turn
    if "step" not in state:
        return _in_menu(state, said, shop)
    # answered with the same question: the talk goes on where it was
    if said.text == texts.CALL or said.command:
        return Turn(state, (_prompt(state["step"], state["draft"], said, shop),))
    return _answered(state, said, shop)


def _anywhere(state: State, said: Incoming, shop: Shop) -> Turn | None:
    """Return what the keys and commands do that work at every step."""
    # The order placed last outlives the talk: its key may be pressed a second time.
    rested: State = {}
    if "placed" in state:
        rested["placed"] = state["placed"]
    if said.command == "start":
        return _linked(state, said.payload) or Turn(rested, (texts.greeting(shop),))
    if said.text == texts.MENU or said.command in {"cancel", "menu"}:
        text = texts.DROPPED if state.get("draft") else texts.BACK
        return Turn(rested, (Message(text, keyboard=texts.menu(shop)),))
    if said.text == texts.SERVICES:
        begun = {**rested, "step": "problem", "draft": {}, "form": said.message_id}
        return Turn(begun, (texts.question("problem"),))
    if said.text == texts.MINE:
        return Turn(state, act="mine")
    return None


def _linked(state: State, payload: str) -> Turn | None:
    """Return what the deep link of a tracking page does: ``track_<ID>_<key>``.

    The key itself may hold ``_``.
    """
    if not payload.startswith("track_"):
        return None
    order_id, _, key = payload.removeprefix("track_").partition("_")
    return Turn(state, act="tie", facts={"order": order_id, "key": key})


def _in_menu(state: State, said: Incoming, shop: Shop) -> Turn:
    if said.text == texts.CALL:
        return Turn(state, (texts.call_us(shop),))
    if said.text == texts.CONFIRM and (placed := state.get("placed")):
        return Turn(state, (texts.already_placed(shop, *placed),))
    return Turn(state, (Message(texts.HINT, keyboard=texts.menu(shop)),))


def _answered(state: State, said: Incoming, shop: Shop) -> Turn:
    at = state["step"]
    if at == "confirm":
        return _confirming(state, said, shop)
    value, wrong = CHECKS[at](said, shop)
    if wrong:
        keys = texts.question(at, _known(at, said)).keyboard
        return Turn(state, (Message(texts.WRONG[wrong], keyboard=keys),))
    draft = {**state["draft"], at: value}
    if at == "phone":
        draft = _with_words(draft, said, shop.region)
    kept = dict(state)
    after = texts.STEPS[texts.STEPS.index(at) + 1]
    if kept.pop("editing", False):
        after = "confirm"
    prompt = _prompt(after, draft, said, shop)
    return Turn({**kept, "step": after, "draft": draft}, (prompt,))


def _with_words(draft: dict[str, str], said: Incoming, region: str) -> dict[str, str]:
    """Return the answers with what he wrote as his phone.

    It is kept where it says more than the number.
    """
    answers = dict(draft)
    answers.pop("phone_said", None)  # of a phone that he has given before
    words = words_of_phone(said, region)
    if words:
        answers["phone_said"] = words
    return answers


def _confirming(state: State, said: Incoming, shop: Shop) -> Turn:
    if said.text == texts.CONFIRM:
        # The same form sent twice is one order, also after a kill in between.
        once = f"{said.chat.channel}:{said.chat.id}:{state['form']}"
        return Turn(state, act="place", facts={"once": once})
    if again := texts.EDIT.get(said.text):
        asked = texts.question(again, _known(again, said))
        return Turn({**state, "step": again, "editing": True}, (asked,))
    keys = texts.summary(state["draft"], shop).keyboard
    return Turn(state, (Message(texts.WRONG["confirm"], keyboard=keys),))


def after_placing(shop: Shop, order_id: str, key: str) -> Turn:
    """Return the turn that ends the conversation once the order is saved."""
    return Turn({"placed": [order_id, key]}, (texts.placed(shop, order_id, key),))


def _prompt(step_: str, draft: dict[str, str], said: Incoming, shop: Shop) -> Message:
    if step_ == "confirm":
        return texts.summary(draft, shop)
    return texts.question(step_, _known(step_, said))


def _known(step_: str, said: Incoming) -> str:
    """Return the name the channel knows the person by, to answer with one press."""
    if step_ != "name" or _wrong_text("name", said.first_name):
        return ""
    return said.first_name


Check = Callable[[Incoming, Shop], tuple[str, str]]


def _text(step_: str) -> Check:
    def check(said: Incoming, _shop: Shop) -> tuple[str, str]:
        if said.kind == "contact":
            return "", "contact"
        if said.kind != "text":
            return "", "other"
        return said.text, _wrong_text(step_, said.text)

    return check


def _wrong_text(step_: str, text: str) -> str:
    shortest, longest = LIMITS[step_]
    if len(text) < shortest or not re.search(r"[^\W\d_]", text):
        return f"{step_}_short"
    if len(text) > longest:
        return f"{step_}_long"
    return ""


def _phone(said: Incoming, shop: Shop) -> tuple[str, str]:
    return parsed_phone(said, shop.region)


def parsed_phone(said: Incoming, region: str) -> tuple[str, str]:
    """Return the phone in E.164 form, and what is wrong with it.

    Wrong is "phone_other" (somebody else's), "other" (no text at all), "phone" (no phone
    can be read), or "" for nothing.
    """
    if said.kind == "contact" and not said.own_phone:
        return "", "phone_other"
    if said.kind == "other":
        return "", "other"
    for written in _spellings(said):
        try:
            return read_phone(written, region) or "", ""
        except Unclear:
            continue
    return "", "phone"


def _spellings(said: Incoming) -> tuple[str, ...]:
    """Return as what a phone may be read.

    Telegram shares one with its + or without; a national number is none with a +.
    """
    shared = said.phone.lstrip("+")
    if shared:
        return f"+{shared}", shared
    return (said.text,)


def words_of_phone(said: Incoming, region: str) -> str:
    """Return what was typed as a phone, where it says more than the number."""
    if said.kind != "text":
        return ""
    return phone_words(said.text, region)


CHECKS: dict[str, Check] = {
    "problem": _text("problem"),
    "address": _text("address"),
    "name": _text("name"),
    "phone": _phone,
}
