"""What «Проверка» of an order is made to say; words that a person put there are kept."""

from record.dispatch.own_words import kept, own_words
from record.grid.layout import Row
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.values import text
from worker.poll.rows import CHECK
from worker.poll.step import PollStep

COMMENT = WORKSHEETS[ORDERS].index("Комментарий")


def explain(step: PollStep, order_id: str, said: str, row: Row) -> None:
    """Let «Проверка» of an order say something; what a person put there is kept."""
    # two writes, so that a comment edited in the same moment does not refuse both
    keep_words(step, order_id, row)
    step.tx.journal.add(Write(ORDERS, "set", order_id, {"Проверка": said}))


def keep_words(step: PollStep, order_id: str, row: Row) -> None:
    """Put a person's words from «Проверка» into «Комментарий», once."""
    check = text(row[CHECK])
    if not own_words(check):
        return

    comment = step.as_it_will_stand(order_id, row)[COMMENT]
    cells = kept(check, comment)
    if cells:
        seen = {"Комментарий": comment}
        step.tx.journal.add(Write(ORDERS, "set", order_id, cells, seen))
