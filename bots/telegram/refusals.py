"""What Telegram's refusals mean, the one table of them. Pure.

The words are those of https://github.com/tdlib/telegram-bot-api: there are no codes for
them. A row means its first column wherever it occurs in the answer, and rows above win.
"""

from typing import NamedTuple

from bots.channel import Failure
from record.dispatch.reach import Unreachable


class Row(NamedTuple):
    """What a refusal means: as an answer with status 400, and of the person."""

    words: str
    failure: Failure
    reason: Unreachable = Unreachable.OTHER


ROWS = (
    # nothing is wrong: the message looks so already
    Row("message is not modified", Failure.UNCHANGED),
    # somebody deleted it, or it is too old to be changed
    Row("message to edit not found", Failure.NO_MESSAGE),
    Row("message can't be edited", Failure.NO_MESSAGE),
    Row("message_id_invalid", Failure.NO_MESSAGE),
    # Telegram lets a press be answered for some seconds only
    Row("query is too old", Failure.LATE),
    Row("query id is invalid", Failure.LATE),
    Row("not enough rights", Failure.UNREACHABLE, Unreachable.NO_RIGHTS),
    Row("have no rights", Failure.UNREACHABLE, Unreachable.NO_RIGHTS),
    # these come with status 403, where the person can't be written to in any case
    Row("rights", Failure.REFUSED, Unreachable.NO_RIGHTS),
    Row("kicked", Failure.REFUSED, Unreachable.KICKED),
    Row("not a member", Failure.REFUSED, Unreachable.NOT_A_MEMBER),
    Row("group chat was deleted", Failure.REFUSED, Unreachable.GONE_GROUP),
    Row("blocked", Failure.REFUSED, Unreachable.BLOCKED),
    Row("user is deactivated", Failure.UNREACHABLE, Unreachable.DEACTIVATED),
    Row("deactivated", Failure.REFUSED, Unreachable.DEACTIVATED),
    Row("can't initiate", Failure.REFUSED, Unreachable.NEVER_STARTED),
    Row("chat not found", Failure.UNREACHABLE, Unreachable.NEVER_STARTED),
)
UNKNOWN = Row("", Failure.REFUSED)


def row_of(words: str) -> Row:
    """Return the row of an answer."""
    said = words.lower()
    for row in ROWS:
        if row.words in said:
            return row
    return UNKNOWN
