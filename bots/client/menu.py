"""The client's conversation while nothing is being asked. Pure."""

from bots.client import texts
from bots.client.answers import wrong_text
from bots.client.kept import State, is_rest_of_album, with_aside, with_file
from bots.client.texts import Shop
from bots.client.turns import Turn
from bots.incoming import Incoming
from bots.messages import Message
from bots.small_talk import Says, small_talk


def in_menu(state: State, said: Incoming, shop: Shop) -> Turn:
    """Return the turn while nothing is being asked."""
    if said.text == texts.CALL:
        return Turn(state, (texts.call_us(shop),))
    if said.text == texts.CONFIRM:
        return _confirmed_again(state, shop)
    if said.text in texts.STALE_KEYS or said.command not in {"", "help"}:
        return _in_the_menu(state, texts.HINT, shop)
    is_plain = said.kind == "text" and not (said.edited or said.sort)
    if is_plain and (talk := small_talk(said.text)):
        return _small_talk_in_menu(state, talk, shop)
    return Turn(state, act="say")


def _confirmed_again(state: State, shop: Shop) -> Turn:
    if placed := state.get("placed"):
        return Turn(state, (texts.already_placed(shop, *placed),))
    return _in_the_menu(state, texts.NOTHING_TO_CONFIRM, shop)


def _small_talk_in_menu(state: State, talk: Says, shop: Shop) -> Turn:
    match talk:
        case Says.PERSON:
            return Turn(state, act="person")
        case Says.CANCEL:
            return Turn(state, act="cancel")
        case Says.BACK:
            return _in_the_menu(state, texts.BACK, shop)
        case _:
            return _in_the_menu(state, texts.small_talk(talk, shop), shop)


def _in_the_menu(state: State, text: str, shop: Shop) -> Turn:
    return Turn(state, (Message(text, keyboard=texts.menu(shop)),))


def unheard(state: State, said: Incoming, shop: Shop) -> Turn:
    """Return the answer in the menu to what nobody waits for: he has no order.

    What he said is kept for the order that he may begin next.
    """
    if said.edited:
        return _in_the_menu(state, texts.EDITED_IN_VAIN, shop)
    if is_rest_of_album(state, said):
        return Turn(with_file(state, said))
    kept, wrong = with_aside(state, said, shop)
    text = texts.HINT
    if wrong:
        text = f"{texts.beside_words(said.sort)}\n\n{texts.HINT}"
    elif said.text.rstrip().endswith("?"):
        text = texts.asked_without_order(shop)
    elif said.text and not wrong_text("problem", said.text):
        kept["said"] = said.text[: texts.LONGEST_KEY]
    return _in_the_menu(kept, text, shop)
