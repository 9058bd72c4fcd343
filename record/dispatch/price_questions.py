"""A price typed into the sheet that is hardly meant is asked about in «Проверка». Pure.

    Цена: 20000 ──▶ far from what such orders cost? ──no──▶ taken, as ever
                                 │yes
      the old price stays, nobody is told, «Проверка» asks
                                 │
      «да» typed there · a day gone by ──▶ taken and told      another price ──▶ judged anew

The cell is one that can't be understood, until somebody confirms it. What stands in
«Проверка» holds the moment at which it counts as confirmed, so a deleted store asks on
as before. What a cell shows as a date waits for an answer, however long.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import Decimal

from record.dispatch.model import Order
from record.dispatch.own_words import own_words
from record.dispatch.plausible import LEAST
from record.dispatch.reading import explained
from record.values import Status, UnclearCell, affirms, wording

PRICE, COMMISSION = "Цена", "Комиссия"
GRACE = timedelta(days=1)
WHEN = "%d.%m.%Y в %H:%M"
UNUSUAL = (
    "Цена {price} необычна{usually}. Верно — напишите «да» в эту ячейку, нет — исправьте цену. "
    "Без ответа будет считаться верной {until}"
)
DATED = (
    "Цена показана как дата «{shown}»: впишите сумму ещё раз, например 2500. "
    "Верно — напишите «да» в эту ячейку, если это {price}"
)
ASKED = re.compile(
    r"Цена (?P<price>[\d ,]{1,20} ₽) необычна[^.]{0,60}\. Верно — [^.]{1,80}\. "
    r"Без ответа будет считаться верной (?P<until>\d\d\.\d\d\.\d{4} в \d\d:\d\d)"
    r"|Цена показана как дата «[^»]{0,40}»: [^.]{1,80}\. Верно — [^.]{1,60}, если это (?P<dated>[\d ,]{1,20} ₽)"
)
# «да, клиент доплатил»: a clear word first, and nothing after it that takes it back
CLAUSE = re.compile(r"[,.;:!\n–—-]+")
TAKEN_BACK = re.compile(r"\d|\b(?:не|нет|но)\b", re.IGNORECASE)
GREATER = " больше цены "
TOO_GREAT = f"Комиссия {{commission}}{GREATER}{{price}}: впишите не больше цены"
PERCENTS = " при цене "
# «30%» typed into a cell of roubles is kept as 0.3
TOO_SMALL = f"Комиссия {{commission}}{PERCENTS}{{price}}: похоже на проценты, впишите рубли, например {{example}}"
LEAST_SHARE = Decimal("0.01")
USUAL_SHARE = Decimal("0.3")


@dataclass(frozen=True)
class Question:
    """What is asked about a price; ``until`` is None where only an answer ends it."""

    sentence: str
    price: str
    until: datetime | None


def unusual(price: Decimal, usual: Decimal | None, now: datetime) -> Question:
    """Return the question about a price far from what such orders cost."""
    usually = ""
    if usual is not None:
        usually = f": обычно около {spelled(usual)}"
    # a minute is what the cell shows, and so what it can be read back from
    until = (now + GRACE).replace(second=0, microsecond=0)
    sentence = UNUSUAL.format(
        price=spelled(price), usually=usually, until=f"{until:{WHEN}}"
    )
    return Question(sentence, spelled(price), until)


def dated(price: Decimal, shown: str) -> Question:
    """Return the question about a price whose cell shows a date: «2.5» is 2 May there."""
    plain = " ".join(shown.replace("«", "").replace("»", "").split())[:40]
    sentence = DATED.format(shown=plain, price=spelled(price))
    return Question(sentence, spelled(price), None)


def question_in(text: str) -> Question | None:
    """Return the question that stands in a text of «Проверка», None where none does."""
    found = ASKED.search(text)
    if found is None:
        return None
    if found["dated"]:
        return Question(found[0], found["dated"], None)
    try:
        until = datetime.strptime(found["until"], WHEN)  # noqa: DTZ007  the company's wall clock
    except ValueError:
        return None
    return Question(found[0], found["price"], until)


def question_of(order: Order | None) -> Question | None:
    """Return what is asked about an order's price, None where nothing is."""
    if order is None:
        return None
    for trouble in order.troubles:
        if trouble.column == PRICE:
            return question_in(trouble.sentence)
    return None


def asked(before: Order | None, order: Order, question: Question) -> Order:
    """Return the order with its price in question: what it was before holds meanwhile.

    An order that is only now done has none: whoever finished it meant the price in
    question, and nobody is to hear another.
    """
    troubles = [one for one in order.troubles if one.column != PRICE]
    troubles.append(UnclearCell(PRICE, question.sentence))
    price = None
    if before is not None and not _is_just_done(before, order):
        price = before.price
    return replace(order, price=price, troubles=explained(troubles))


def _is_just_done(before: Order, after: Order) -> bool:
    return after.status is Status.DONE and before.status is not Status.DONE


def taken(order: Order, price: Decimal) -> Order:
    """Return the order with a price that nothing is asked about any more."""
    troubles = tuple(one for one in order.troubles if one.column != PRICE)
    return replace(order, price=price, troubles=troubles)


def is_confirmed(before: Order | None, check: str, price: Decimal) -> bool:
    """Return whether a person says in «Проверка» that the price asked about is right."""
    words = _answer(before, check)
    if affirms(words, price):
        return True
    first, _, rest = _parted(words)
    return affirms(first, price) and not TAKEN_BACK.search(rest)


def words_beside(before: Order | None, after: Order) -> str:
    """Return «Проверка» without what only answers the question about a price."""
    if question_of(before) is None:
        return after.check
    words = _answer(before, after.check)
    if after.price is not None and affirms(words, after.price):
        return ""
    return words


def _answer(before: Order | None, check: str) -> str:
    """Return what a person wrote into «Проверка», beside or over the question."""
    question = question_of(before)
    rest = check
    if before is not None and before.check:
        rest = rest.replace(before.check, " ")
    if question is not None:
        rest = rest.replace(question.sentence, " ")
    return own_words(rest.strip(" .\n"))


def _parted(words: str) -> tuple[str, str, str]:
    found = CLAUSE.search(words)
    if found is None:
        return words, "", ""
    return words[: found.start()], found[0], words[found.end() :]


def wrong_commission(order: Order) -> UnclearCell | None:
    """Return what is wrong with a commission of this price, None where nothing is.

    It is more than the whole price, or so little of it that per cent were meant.
    """
    if not order.commission or not order.price:
        return None
    template = ""
    if order.commission > order.price:
        template = TOO_GREAT
    elif order.commission < min(LEAST, order.price * LEAST_SHARE):
        template = TOO_SMALL
    if not template:
        return None
    example = (order.price * USUAL_SHARE).quantize(Decimal(1))
    sentence = template.format(
        commission=spelled(order.commission),
        price=spelled(order.price),
        example=wording.plain(example),
    )
    return UnclearCell(COMMISSION, sentence)


def spelled(value: Decimal) -> str:
    """Return a sum as it stands in a cell, where a narrow space would hinder a search."""
    return wording.money(value).replace(wording.SPACE, " ")
