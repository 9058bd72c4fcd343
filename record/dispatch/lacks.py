"""What an order has lost, or its master finished it without: «Проверка» asks. Pure.

It is asked only of what changes before our eyes. A row from the past may lack anything,
and nobody is troubled with it. Once asked, it stands until it is filled in.
"""

from collections.abc import Iterator

from record.dispatch.model import Order
from record.values import Status

NO_PHONE = "Телефон стёрт: впишите его, иначе мастер не сможет позвонить"
NO_PROBLEM = "Проблема стёрта: впишите, что случилось, мастер видит её в заявке"
NO_PRICE = (
    "Впишите цену: без неё не посчитать комиссию, а если работа бесплатная, впишите 0"
)
NOBODY_DID = (
    "Кто выполнил? Впишите мастера в «Мастер»: без него работа никому не засчитана"
)
OPEN = (Status.NEW, Status.WORK)


def lacks(before: Order | None, after: Order) -> list[str]:
    """Return what to ask for in a row that was read before."""
    if before is None:
        return []
    found = []
    for sentence, is_news in (
        *_lost(before, after),
        *_unfinished(before, after),
    ):
        # it stands there until somebody fills the cell
        if is_news or sentence in before.check or sentence in after.check:
            found.append(sentence)
    return found


def _lost(before: Order, after: Order) -> Iterator[tuple[str, bool]]:
    """Yield what an open order lacks, and whether it has lost that just now."""
    if after.status not in OPEN:
        return
    if not after.phone and not after.is_unclear("Телефон"):
        yield NO_PHONE, bool(before.phone)
    if not after.problem and not after.is_unclear("Проблема"):
        yield NO_PROBLEM, bool(before.problem)


def _unfinished(before: Order, after: Order) -> Iterator[tuple[str, bool]]:
    """Yield what finished work lacks, and whether it does so only now."""
    if after.status is not Status.DONE:
        return
    is_just_done = before.status is not Status.DONE
    # the commission of a master is what a price is needed for
    is_owed = is_just_done and bool(after.master or before.master)
    if after.price is None and not after.is_unclear("Цена"):
        yield NO_PRICE, is_owed or before.price is not None
    if not after.master and not after.is_unclear("Мастер"):
        yield NOBODY_DID, bool(before.master)
