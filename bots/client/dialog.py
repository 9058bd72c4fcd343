"""The client's conversation, step by step.

Pure: a state and what the person did → the next state and replies. docs/dialogs.md says
what each kind of message means at each step.

menu ──⚡──▶ problem ──▶ address ──▶ name ──▶ phone ──▶ confirm ──✅──▶ menu, with an order placed
  ▲                                                     │  ▲
  └── «Вернуться в меню», «отмена» from anywhere        └✏️─┘ one answer again

The state is a small JSON object: ``step``, ``draft`` (the answers so far), ``editing``
(back to confirm after this answer), ``form`` (what this order is known by until it has
a number, so that it is saved once), ``given`` (which message gave which answer),
``tried`` (the message that gave none), ``at`` (when he last spoke), ``paused`` (he is
asked whether to go on), ``files`` (what he sent beside words), ``placed`` (number and
key of the order placed last, for a second press of the confirming key), ``contact``,
``place`` and ``said`` (what he sent before it was asked for), ``album``.
"""

from dataclasses import replace

from bots.client import texts
from bots.client.answers import (
    CHECKS,
    asks_to_be_forgotten,
    place_of,
    words_of_phone,
)
from bots.client.kept import (
    State,
    is_rest_of_album,
    rested,
    with_aside,
    with_file,
    with_place,
    with_remark,
    without,
)
from bots.client.menu import in_menu
from bots.client.prompts import may_keep, prompt
from bots.client.texts import Shop
from bots.client.turns import Act, Turn
from bots.incoming import Incoming
from bots.messages import Message, headed
from bots.small_talk import Says, small_talk

HOUR_S = 3600


def step(state: State, said: Incoming, shop: Shop, last_at: float = 0) -> Turn:
    """Return the next turn of the conversation.

    ``last_at`` is when something was last said in it, as far as anybody knows.
    """
    if asks_to_be_forgotten(said):
        # what he has begun to answer goes with the rest
        return Turn({}, act="forget")
    turn = _step(state, said, shop, last_at)
    after = dict(turn.state)
    if "step" in after and said.at:
        after["at"] = said.at
    if said.album:
        after["album"] = said.album
    return replace(turn, state=after)


def _step(state: State, said: Incoming, shop: Shop, last_at: float) -> Turn:
    begun = "step" in state
    if begun and said.edited:
        return _edited(state, said, shop)
    if begun and is_rest_of_album(state, said):
        return Turn(with_file(state, said))
    if turn := _anywhere(state, said, shop):
        return turn
    if not begun:
        return in_menu(state, said, shop)
    if state.get("paused") or _is_old(state, said, last_at):
        return _resuming(state, said, shop)
    return _answered(state, said, shop)


def _is_old(state: State, said: Incoming, last_at: float) -> bool:
    if not (state["draft"] and said.at):
        return False
    known = [at for at in (state.get("at"), last_at) if at]
    return bool(known) and said.at - min(known) > HOUR_S


def _anywhere(state: State, said: Incoming, shop: Shop) -> Turn | None:
    """Return what the keys and commands do that work at every step."""
    if said.command == "start":
        if linked := _linked(state, said.payload):
            return linked
        return _unless_begun(state, Turn(_at_rest(state), (texts.greeting(shop),)))
    if said.text == texts.MENU or said.command in {"cancel", "menu"}:
        return _dropped(state, shop)
    if said.text == texts.SERVICES:
        return _unless_begun(state, _begun(state, said))
    if said.text == texts.MINE:
        asked = "step" in state and not state.get("paused")
        again = (prompt(state, said, shop),) if asked else ()
        return Turn(state, again, act="mine")
    return None


def _at_rest(state: State) -> State:
    """Return the state in the menu; the order placed last may be confirmed once more."""
    if "step" in state or "placed" not in state:
        return rested(state)
    return {**rested(state), "placed": state["placed"]}


def _dropped(state: State, shop: Shop) -> Turn:
    text = texts.DROPPED if state.get("draft") else texts.BACK
    after = _at_rest(state)
    if "step" in state:
        after.pop("files", None)
    return Turn(after, (Message(text, keyboard=texts.menu(shop)),))


def _unless_begun(state: State, turn: Turn) -> Turn:
    """Return the turn, unless it would lose answers: then he is asked first."""
    if not state.get("draft"):
        return turn
    return Turn({**state, "paused": True}, (texts.offer(state["draft"]),))


def _begun(state: State, said: Incoming) -> Turn:
    begun = {**rested(state), "step": "problem", "draft": {}, "form": said.message_id}
    suggestion = str(begun.pop("said", ""))
    return Turn(begun, (texts.question("problem", suggestion),))


def _linked(state: State, payload: str) -> Turn | None:
    """Return what the deep link of a tracking page does: ``track_<ID>_<key>``.

    The key itself may hold ``_``.
    """
    if not payload.startswith("track_"):
        return None
    order_id, _, key = payload.removeprefix("track_").partition("_")
    return Turn(state, act="tie", facts={"order": order_id, "key": key})


# A draft that rests


def _resuming(state: State, said: Incoming, shop: Shop) -> Turn:
    chosen = said.text.casefold()
    talk = small_talk(said.text) if said.kind == "text" else None
    if chosen == texts.CONTINUE.casefold() or (
        talk is Says.YES and state.get("paused")
    ):
        going_on = without(state, "paused")
        return Turn(going_on, (prompt(going_on, said, shop),))
    if chosen in {texts.RESTART.casefold(), "заново"}:
        return _begun(state, said)
    if talk is Says.CANCEL:
        return _dropped(state, shop)
    paused, beside = with_aside({**state, "paused": True}, said, shop)
    is_key = said.text in {texts.CALL, texts.CONFIRM, *texts.STALE_KEYS}
    if said.kind == "text" and not (beside or is_key or talk or said.command):
        # no answer until he says so, and then offered with one press
        paused["said"] = said.text[: texts.LONGEST_KEY]
    return Turn(paused, (texts.offer(state["draft"]),))


# A question stands


def _answered(state: State, said: Incoming, shop: Shop) -> Turn:
    # answered with the same question: the talk goes on where it was
    if said.text == texts.CALL:
        again = headed(texts.call_words(shop), prompt(state, said, shop))
        return Turn(state, (again,))
    if said.text == texts.KEEP and may_keep(state):
        return _kept_as_it_was(state, said, shop)
    talk = _talk_of(said)
    if talk and not said.sort:
        return _small_talk(state, talk, said, shop)
    # a photo with nothing to the point below it is a photo
    if talk or _is_no_answer(state["step"], said):
        return _beside(state, said, shop)
    if state["step"] == "confirm":
        return _confirming(state, said, shop)
    return _taken(with_file(state, said), said, shop)


def _talk_of(said: Incoming) -> Says | None:
    if said.kind != "text":
        return None
    talk = small_talk(said.text)
    if talk is None and said.command:
        return Says.HELP  # a command that we have not
    return talk


def _is_no_answer(at: str, said: Incoming) -> bool:
    """Return whether what came is none of the words, places or phones asked for."""
    if said.kind == "contact":
        return at != "phone"
    return said.kind == "other" and not (at == "address" and place_of(said))


def _taken(state: State, said: Incoming, shop: Shop) -> Turn:
    """Take what was said as the answer, where it can be one."""
    at = state["step"]
    if at == "address" and said.text == texts.PLACE and "place" in state:
        value, wrong = str(state["place"]), ""
    else:
        value, wrong = CHECKS[at](said, shop)
    if wrong:
        tried = {**state, "tried": said.message_id}
        keys = prompt(state, said, shop).keyboard
        return Turn(tried, (Message(texts.WRONG[wrong], keyboard=keys),))
    draft = _with_answer(state["draft"], at, value, said, shop)
    given = {**state.get("given", {}), said.message_id: at}
    answered = {**without(state, "said", "tried"), "draft": draft, "given": given}
    is_typed = said.kind == "text" and value != state.get("place")
    if at == "address" and "place" in state and is_typed:
        # the point says more of what he typed
        answered = with_place(without(answered, "place"), str(state["place"]))
    return _onward(answered, said, shop)


def _onward(state: State, said: Incoming, shop: Shop) -> Turn:
    """Go to the next question, or back to the whole after a correction."""
    after = texts.STEPS[texts.STEPS.index(state["step"]) + 1]
    if state.get("editing"):
        after = "confirm"
    next_one = {**without(state, "editing"), "step": after}
    return Turn(next_one, (prompt(next_one, said, shop),))


def _with_answer(
    draft: dict[str, str], at: str, value: str, said: Incoming, shop: Shop
) -> dict[str, str]:
    """Return the answers with one more.

    What he wrote as his phone is kept where it says more than the number.
    """
    answers = {**draft, at: value}
    if at == "phone":
        answers.pop("phone_said", None)  # of a phone that he has given before
        if words := words_of_phone(said, shop.region):
            answers["phone_said"] = words
    return answers


def _kept_as_it_was(state: State, said: Incoming, shop: Shop) -> Turn:
    return _onward(without(state, "said", "tried"), said, shop)


def _small_talk(state: State, talk: Says, said: Incoming, shop: Shop) -> Turn:
    at = state["step"]
    match talk:
        case Says.CANCEL if state.get("editing"):
            return _kept_as_it_was(state, said, shop)
        case Says.CANCEL:
            return _dropped(state, shop)
        case Says.BACK:
            return _back(state, said, shop)
        case Says.YES if at == "confirm":
            return _place(state, said)
    text = texts.small_talk(talk, shop, asked=at)
    act: Act = "person" if talk is Says.PERSON else ""
    return Turn(state, (headed(text, prompt(state, said, shop)),), act)


def _back(state: State, said: Incoming, shop: Shop) -> Turn:
    """Ask what was asked before; the answer that is there may be left as it is."""
    at = texts.STEPS.index(state["step"])
    if state.get("editing"):
        return _kept_as_it_was(state, said, shop)
    if at == 0:
        return _dropped(state, shop)
    before = {**state, "step": texts.STEPS[at - 1]}
    return Turn(before, (prompt(before, said, shop),))


def _confirming(state: State, said: Incoming, shop: Shop) -> Turn:
    if said.text == texts.CONFIRM:
        return _place(state, said)
    if again := texts.EDIT.get(said.text):
        editing = {**state, "step": again, "editing": True}
        return Turn(editing, (prompt(editing, said, shop),))
    return _remarked(with_file(state, said), said, shop)


def _remarked(state: State, said: Incoming, shop: Shop) -> Turn:
    """Add what he says of the whole order: «после 18», «собака не кусается»."""
    remarked = with_remark(state, " ".join(said.text.split()))
    if remarked is None:
        keys = prompt(state, said, shop).keyboard
        return Turn(state, (Message(texts.WRONG["confirm"], keyboard=keys),))
    return Turn(remarked, (headed(texts.REMARKED, prompt(remarked, said, shop)),))


def _place(state: State, said: Incoming) -> Turn:
    # The same form sent twice is one order, also after a kill in between.
    once = f"{said.chat.channel}:{said.chat.id}:{state['form']}"
    return Turn(state, act="place", facts={"once": once})


def after_placing(shop: Shop, order_id: str, key: str) -> Turn:
    """Return the turn that ends the conversation once the order is saved."""
    return Turn({"placed": [order_id, key]}, (texts.placed(shop, order_id, key),))


# What comes beside words


def _beside(state: State, said: Incoming, shop: Shop) -> Turn:
    """Keep what he sent for when it is of use, and ask again."""
    kept, _ = with_aside(state, said, shop)
    text = texts.beside_words(said.sort or "contact")
    place = place_of(said)
    if place and state["step"] != "address" and "address" in state["draft"]:
        kept, text = with_place(state, place), texts.PLACE_ADDED
    elif said.kind == "contact" and not said.own_phone:
        text = texts.WRONG["phone_other"]
    elif said.kind == "contact" and state["step"] == "confirm":
        text = texts.CONTACT_LATE
    return Turn(kept, (headed(text, prompt(kept, said, shop)),))


# A message that was changed


def _edited(state: State, said: Incoming, shop: Shop) -> Turn:
    """Correct the answer that the message gave; of any other, say how to correct it."""
    if said.message_id and said.message_id == state.get("tried"):
        return _taken(without(state, "tried"), replace(said, edited=False), shop)
    at = state.get("given", {}).get(said.message_id)
    if at is None or said.kind != "text":
        again = headed(texts.EDITED_IN_VAIN, prompt(state, said, shop))
        return Turn(state, (again,))
    value, wrong = CHECKS[at](said, shop)
    if wrong or small_talk(said.text):
        how = f"{texts.WRONG[wrong or 'edited']} {texts.STAYS_AS_IT_WAS}"
        return Turn(state, (headed(how, prompt(state, said, shop)),))
    if value == state["draft"].get(at):
        return Turn(state)
    draft = _with_answer(state["draft"], at, value, said, shop)
    corrected = {**state, "draft": draft}
    text = texts.corrected(at, value)
    return Turn(corrected, (headed(text, prompt(corrected, said, shop)),))
