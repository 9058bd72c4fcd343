"""The question of a step, with a key for each answer that is known already. Pure."""

from collections.abc import Callable

from bots.client import texts
from bots.client.answers import wrong_text
from bots.client.kept import State
from bots.client.texts import Shop
from bots.incoming import Incoming
from bots.messages import Message
from bots.small_talk import small_talk
from record.values.wording import phone as shown_phone


def prompt(state: State, said: Incoming, shop: Shop) -> Message:
    """Return what is asked at a step, with keys for answers that are known already."""
    at = state["step"]
    if at == "confirm":
        return texts.summary(state["draft"], shop, state.get("files", ()))
    known = [suggest(state, said) for suggest in (_pending, SUGGEST.get(at, _nothing))]
    return texts.question(at, *filter(None, known), keep=may_keep(state))


def _pending(state: State, _said: Incoming) -> str:
    return str(state.get("said", ""))


def _nothing(_state: State, _said: Incoming) -> str:
    return ""


def _known_place(state: State, _said: Incoming) -> str:
    return texts.PLACE if "place" in state else ""


def _known_name(_state: State, said: Incoming) -> str:
    """Return the name the channel knows the person by, to answer with one press."""
    first = said.first_name
    if wrong_text("name", first) or small_talk(first):
        return ""
    return first


def _known_phone(state: State, _said: Incoming) -> str:
    return shown_phone(str(state.get("contact", "")))


SUGGEST: dict[str, Callable[[State, Incoming], str]] = {
    "address": _known_place,
    "name": _known_name,
    "phone": _known_phone,
}


def may_keep(state: State) -> bool:
    """Return whether the answer of this step was given before."""
    return state["step"] in state["draft"]
