"""The question that a master was asked, which stands until he answers or cancels it. Pure.

Keys of the menu, photos and a greeting leave it there, with a reminder. Asked of another
order meanwhile, he answers that first, and then is asked of the first again.
"""

from bots.incoming import Incoming
from bots.master import pricing, texts
from bots.master.dialog import State
from bots.messages import Message, headed
from bots.small_talk import Says, small_talk

MOST_WAITING = 5
CANCELS = frozenset({Says.CANCEL, Says.BACK})


def stands(state: State) -> bool:
    """Return whether something is asked of an order."""
    return state.get("step") in {"price", "reason"}


def of_order(state: State, order_id: str) -> State:
    """Return what is asked of an order, now or once others are answered; {} for nothing."""
    asked = [state, *state.get("waiting", ())]
    return next((one for one in asked if one.get("order") == order_id), {})


def question(state: State) -> Message:
    """Return what is asked."""
    if state["step"] == "reason":
        return texts.ask_reason(state["order"])
    return pricing.question(state)


def reminder(state: State) -> Message:
    """Return the question once more."""
    return headed(texts.STILL_ASKED, question(state))


def cancels(said: Incoming) -> bool:
    """Return whether somebody takes the question back in words."""
    return said.kind == "text" and small_talk(said.text) in CANCELS


def is_for_staff(state: State, said: Incoming) -> bool:
    """Return whether staff must hear what was said while something is asked: a receipt, «еду»."""
    if said.sort:
        return True
    if said.kind != "text" or state["step"] != "price":
        return False
    talk = small_talk(said.text)
    if talk:
        return talk is Says.PERSON
    return pricing.speaks_of_no_sum(state, said)


def is_beside(state: State, said: Incoming) -> bool:
    """Return whether what was said can't be the answer: a greeting, a sticker."""
    if said.kind != "text":
        return True
    if not said.sort and is_for_staff(state, said):
        return True
    talk = small_talk(said.text)
    if talk is Says.YES:
        # of a sum that he was asked about it is the answer
        return "asked" not in state
    return talk is not None


def settled(before: State, after: State, said: Incoming) -> State:
    """Return the state after something was done, with what still has to be asked.

    What was pressed about another order is no answer to the question.
    """
    if after == before or not stands(before):
        return after
    waiting = list(before.get("waiting", ()))
    rest = {key: kept for key, kept in after.items() if key != "waiting"}
    other = said.kind == "press" and said.order != before["order"]
    if other:
        waiting = [one for one in waiting if one["order"] != said.order]
        if stands(rest) and rest["order"] == said.order:
            asked = {key: kept for key, kept in before.items() if key != "waiting"}
            return {**rest, "waiting": [asked, *waiting][:MOST_WAITING]}
        rest = {key: kept for key, kept in before.items() if key != "waiting"}
    elif not stands(rest) and waiting:
        rest, waiting = dict(waiting[0]), waiting[1:]
    return {**rest, "waiting": waiting} if waiting else rest


def asks_again(before: State, after: State) -> bool:
    """Return whether the question of an order that had to wait comes up now."""
    if not (stands(before) and stands(after)):
        return False
    was_waiting = [one["order"] for one in before.get("waiting", ())]
    return after["order"] != before["order"] and after["order"] in was_waiting
