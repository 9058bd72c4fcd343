"""What a master writes that answers no question: staff hear it, and he is told so."""

from bots.incoming import Incoming
from bots.master import texts
from bots.messages import Button, Message, buttons
from bots.small_talk import Says, small_talk
from bots.sorts import called
from record.actions.orders import Actions
from record.actions.passing_on import Words
from record.dispatch.model import Master, Order
from record.values import Unclear, spoken_sum


def pass_on(actions: Actions, master: Master, said: Incoming, once: str) -> str:
    """Pass on to staff what a master sent; return what he is told."""
    words = Words(
        text=said.text,
        what=called(said.sort) if said.sort else "",
        detail=said.detail,
        sort=said.sort,
        file=said.file,
        corrected=said.edited,
    )
    match actions.master_says(master, said.chat, words, once):
        case "staff":
            return texts.TOLD_STAFF
        case "busy":
            return texts.TOO_MUCH_SAID
        case _:
            return texts.NOBODY_TO_TELL


def polite(said: Incoming) -> str | None:
    """Return the answer to what says nothing that staff must hear, None for all else."""
    if said.kind != "text" or said.sort:
        return None
    talk = small_talk(said.text)
    if talk is None or talk is Says.PERSON:
        return None
    return texts.POLITE.get(talk, "")


def is_sum(said: Incoming) -> bool:
    """Return whether a sum was written, and nothing beside it."""
    if said.kind != "text" or not any(map(str.isdigit, said.text)):
        return False
    try:
        found = spoken_sum(said.text)
    except Unclear:
        return False
    return found is not None and not found[1]


def which_order(orders: list[Order]) -> Message:
    """Return the answer to a sum that nobody asked for: of which order is it?"""
    if not orders:
        return Message(texts.NO_SUM_ASKED)
    rows = [
        (Button(f"✅ Завершить #{order.id}"[:60], "done", order=order.id),)
        for order in orders
    ]
    return Message(texts.SUM_OF_WHICH, buttons(*rows))
