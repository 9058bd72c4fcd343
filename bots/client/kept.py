"""What the client's dialog keeps beside its question: files, a place, a contact. Pure."""

from typing import Any

from bots.client.answers import CHECKS, place_of
from bots.client.texts import Shop
from bots.incoming import Incoming

State = dict[str, Any]
MOST_FILES = 20
LONGEST_REMARK = 500
# what outlives a talk that was dropped: it may be wanted in the next one
KEPT = ("contact", "place", "said", "files", "album")
# what a messenger keeps as a file, and so can be passed on
FILED = frozenset(
    {"photo", "voice", "video_note", "video", "animation", "audio", "document"}
)


def is_rest_of_album(state: State, said: Incoming) -> bool:
    """Return whether this is a further part of an album that was answered."""
    return bool(said.album) and said.album == state.get("album") and not said.text


def rested(state: State) -> State:
    """Return what is left of a state once its talk is over."""
    return {key: state[key] for key in KEPT if key in state}


def with_aside(state: State, said: Incoming, shop: Shop) -> tuple[State, bool]:
    """Return the state with what came beside words, and whether anything did."""
    if said.kind == "contact":
        phone, wrong = CHECKS["phone"](said, shop)
        return ({**state} if wrong else {**state, "contact": phone}), True
    if place := place_of(said):
        return {**state, "place": place}, True
    return with_file(state, said), bool(said.sort)


def with_remark(state: State, words: str) -> State | None:
    """Return the state with words about the whole order, None where they are too many."""
    said = state["draft"].get("comment", "")
    if words in said.split("\n"):
        return dict(state)
    comment = "\n".join(filter(None, [said, words]))
    if len(comment) > LONGEST_REMARK:
        return None
    return {**state, "draft": {**state["draft"], "comment": comment}}


def with_place(state: State, place: str) -> State:
    """Return the state with a place beside the address that was typed."""
    return with_remark(state, place) or {**state, "place": place}


def with_file(state: State, said: Incoming) -> State:
    """Return the state with the file of a message among those of the order."""
    if not said.file or said.sort not in FILED:
        return dict(state)
    files = [*state.get("files", ()), [said.sort, said.file]]
    return {**state, "files": files[:MOST_FILES]}


def without(state: State, *keys: str) -> State:
    return {key: value for key, value in state.items() if key not in keys}
