"""Why a client has cancelled his order: asked once, answered by a button or in words.

The order is cancelled by then. What he writes within a while is the answer, unless it is
a key, a command, or an answer within another talk.
"""

import time

from bots.client import cancel_texts, texts
from bots.client.answers import asks_to_be_forgotten
from bots.client.kept import State
from bots.incoming import Incoming
from bots.messages import Reply, say
from bots.small_talk import Says, small_talk
from record.actions.orders import Actions
from record.dispatch.model import LONGEST_REASON, REASONS_TO_CANCEL
from record.values.actors import Actor

# in the state: which order was cancelled, and when
WHY = "why"
# who says why has mostly said it by then; else the admin hears without a reason
SAID_WITHIN_S = 20.0
# what is written later is hardly the answer any more
ASKED_FOR_S = 600.0
KEYS = texts.STALE_KEYS | {
    texts.SERVICES,
    texts.MINE,
    texts.CALL,
    texts.MENU,
    texts.CONFIRM,
}
NO_REASON = {Says.GREETING, Says.THANKS, Says.HELP, Says.PERSON, Says.PRICE, Says.SIGNS}
REASONS = {f"why:{number}": reason for number, reason in enumerate(REASONS_TO_CANCEL)}
REASONS["why"] = ""


def asking(state: State, order_id: str) -> State:
    """Return the state in which a text is the reason; a talk under way goes on."""
    if "step" in state:
        return state
    return {**state, WHY: {"order": order_id, "at": time.time()}}


def no_longer(state: State) -> State:
    """Return the state without the question."""
    return {name: kept for name, kept in state.items() if name != WHY}


def answered_in_words(state: State, said: Incoming) -> str:
    """Return the order whose cancellation a text explains, "" for none."""
    asked = state.get(WHY)
    if asked is None or not _may_explain(said):
        return ""
    is_late = not 0 <= time.time() - asked["at"] <= ASKED_FOR_S
    return "" if is_late else str(asked["order"])


def _may_explain(said: Incoming) -> bool:
    """Return whether somebody wrote something anew that means nothing else."""
    if said.kind != "text" or said.sort or said.edited or said.command:
        return False
    is_key = said.text in KEYS or asks_to_be_forgotten(said)
    return not is_key and small_talk(said.text) not in NO_REASON


def told_in_words(actions: Actions, said: Incoming, order_id: str) -> list[Reply]:
    """Take a reason that was written; [] where the order is not cancelled any more.

    Then it is said of an order that goes on, and whoever has that must hear it.
    """
    reason = " ".join(said.text.split())[:LONGEST_REASON]
    by = Actor.client(said.chat)
    if not actions.say_why_cancelled(order_id, by, reason):
        return []
    return [say(cancel_texts.SAID)]


def told_by_button(actions: Actions, said: Incoming) -> list[Reply]:
    """Take a reason that was pressed; the question becomes the answer."""
    reason = REASONS[said.data]
    by = Actor.client(said.chat)
    in_time = actions.say_why_cancelled(said.order, by, reason)
    shown = cancel_texts.reason_taken(said.order, reason, in_time=in_time)
    return [Reply(query=said.query), Reply(shown, edit=said.message_id)]
