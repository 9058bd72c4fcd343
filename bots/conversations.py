"""Where each conversation stands, and what was last answered in it.

An update is decided once: the new state and the replies are kept together under the
update's number. When the process is killed after that, the update is handled again on
the next start, is found decided, and only its replies are repeated.
"""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from bots.messages import Reply
from record.store import Tx
from record.values import Address

REPLIES = TypeAdapter(tuple[Reply, ...])
# beside the state in one row, so that both are saved or neither
LAST = "last"


class Memory:
    """One bot's conversations within one transaction."""

    def __init__(self, tx: Tx, bot: str) -> None:
        self._tx = tx
        self._bot = bot

    def state(self, chat: Address) -> dict[str, Any]:
        """Return where the conversation stands."""
        kept = self._tx.dialogs.get(self._bot, chat)
        # the dialogs see their own state only
        kept.pop(LAST, None)
        return kept

    def last_at(self, chat: Address) -> float:
        """Return when the conversation was last kept, 0 where there is none."""
        return self._tx.dialogs.at(self._bot, chat)

    def decided(self, chat: Address, update_id: int) -> tuple[Reply, ...] | None:
        """Return what was decided about this update before, or None."""
        last = self._tx.dialogs.get(self._bot, chat).get(LAST)
        if last and last["update"] == update_id:
            return REPLIES.validate_python([_of_now(one) for one in last["replies"]])
        return None

    def keep(
        self,
        chat: Address,
        update_id: int,
        state: dict[str, Any],
        replies: Sequence[Reply],
    ) -> None:
        """Remember the state after an update, and its replies."""
        last = {
            "update": update_id,
            "replies": REPLIES.dump_python(tuple(replies), mode="json"),
        }
        self._tx.dialogs.put(self._bot, chat, {**state, LAST: last})


def _of_now(kept: dict[str, Any]) -> dict[str, Any]:
    """Return a kept reply as this release keeps it: messages once had numbers."""
    edit = kept["edit"]
    return {**kept, "edit": str(edit) if edit else ""}
