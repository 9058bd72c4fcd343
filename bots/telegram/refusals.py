"""What Telegram's refusals mean, the one table of them. Pure.

The words are those of https://github.com/tdlib/telegram-bot-api: there are no codes for
them. A row means its first column wherever it occurs in the answer, and rows above win.
"""

from typing import Literal, NamedTuple

from record.dispatch.reach import Unreachable

Meaning = Literal[
    "passing", "unsure", "gone", "moved", "unchanged", "no_message", "late", "refused"
]


class Row(NamedTuple):
    """What a refusal means: as an answer with status 400, and of the person."""

    words: str
    meaning: Meaning
    reason: Unreachable = Unreachable.OTHER


ROWS = (
    Row("message is not modified", "unchanged"),
    Row("message to edit not found", "no_message"),
    Row("message can't be edited", "no_message"),
    Row("message_id_invalid", "no_message"),
    Row("query is too old", "late"),
    Row("query id is invalid", "late"),
    Row("not enough rights", "gone", Unreachable.NO_RIGHTS),
    Row("have no rights", "gone", Unreachable.NO_RIGHTS),
    Row("rights", "refused", Unreachable.NO_RIGHTS),
    Row("kicked", "refused", Unreachable.KICKED),
    Row("not a member", "refused", Unreachable.NOT_A_MEMBER),
    Row("group chat was deleted", "refused", Unreachable.GONE_GROUP),
    Row("blocked", "refused", Unreachable.BLOCKED),
    Row("user is deactivated", "gone", Unreachable.DEACTIVATED),
    Row("deactivated", "refused", Unreachable.DEACTIVATED),
    Row("can't initiate", "refused", Unreachable.NEVER_STARTED),
    Row("chat not found", "gone", Unreachable.NEVER_STARTED),
)
UNKNOWN = Row("", "refused")


def row_of(words: str) -> Row:
    """Return the row of an answer."""
    said = words.lower()
    for row in ROWS:
        if row.words in said:
            return row
    return UNKNOWN
