"""Everything that reads what outsiders and staff type, and texts that were made to hurt it.

Each text is of 10,000 characters and more: what regular expressions with nested repeats, quadratic searches and
libraries for phones, names and Russian words take longest over.
"""

import time
from collections.abc import Callable
from contextlib import suppress
from datetime import date
from functools import cache

from bots.master.pricing import pricing
from bots.telegram.incoming import clean as clean_message
from bots.telegram.incoming import read_update
from record import values
from record.assistant import Knowledge, Matcher, speech
from record.assistant.speech import said
from record.dispatch.followups import is_note
from record.dispatch.listing import needles, words
from record.dispatch.model import Master, Order, Roster
from record.dispatch.reading import Clues, read_master, read_order, read_service
from record.dispatch.rereading import understood
from record.grid.worksheets import MASTERS, ORDERS, SERVICES, WORKSHEETS
from record.reports.estimate import read_choice
from record.values import Categories, Unclear, phones
from record.values.comparing import normal
from record.values.names import words_of
from tests.bots.acts import text as typed
from web.forms.master import read_price
from web.forms.order import read_order_form

LENGTH = 10_000
TRIES = 5
ROSTER = Roster.of(Master(str(number), f"Иван{number} Петров{number}", active=True) for number in range(60))
CATEGORIES = Categories([(f"Розетки и выключатели {n}", f"Замена розетки {n}") for n in range(60)], "Электрика")
TODAY = date(2026, 11, 27)

PIECES = {
    "commas after a date": ",",
    "spaces": " ",
    "a word of the time": " в",
    "letters t": "t",
    "dots": ".",
    "slashes": "12/",
    "dates": "15.12.2026 ",
    "figures": "9",
    "figures apart": "9 ",
    "thousands": " 000",
    "groups": "1 000,",
    "sums": "2000 р + ",
    "plus signs": "+",
    "brackets": "(",
    "phones": "8 900 123-45-67 ",
    "halves of phones": "8 (900) 12 ",
    "phones without spaces": "89001234567/",
    "pluses and figures": "+7",
    "extensions": "89001234567 доб. 1;ext=",
    "names": "Петров1 ",
    "initials": "И. ",
    "negations": "не выполнена ",
    "one long word": "выполнена",
    "one letter": "а",
    "conjunctions": "и ",
    "categories": "розетки и выключатели 1 ",
    "unknown words": "абвгд ежзик ",
    "mistyped words": "разетка вылкючатель ",
    "latin": "a",
    "signs that nobody sees": "\u200f\u200b",
    "marks above letters": "e\u0301\u0316",
    "marks alone": "\u0316\u0301",
    "letters that grow": "\ufdfa",
    "digits of others": "٣",
    "emoji": "👨‍👩‍👧",
    "lines": "\n",
    "lines of sums": "2000\n",
    "tabs": "2000\t",
    "NUL": "\x00",
    "tags": "<b>&amp;",
    "formulas": '=IMPORTXML("',
    "errors": "#REF!",
    "loading": "Loading...",
    "percents": "30%",
    "payment": " на карту",
    "currency": "руб",
    "quotes": "'000",
    "dashes": "- ",
    "stars": "* x ",
    "totals": "итого ",
    "deep commands": "/start ",
    "codes": "a.1_",
}
HOSTILE = {name: (piece * LENGTH)[:LENGTH] for name, piece in PIECES.items()}
HOSTILE |= {f"15.12.2026 and {name}": f"15.12.2026{text}" for name, text in HOSTILE.items() if "date" in name}
HOSTILE |= {f"2000 and {name}": f"2000 {HOSTILE[name]}" for name in ("payment", "thousands", "spaces", "currency")}
HOSTILE |= {f"{name}, then a letter": f"{text}я" for name, text in HOSTILE.items()}


@cache
def matcher() -> Matcher:
    """Return the consultant's finder with a price list and questions."""
    services = [read_service(("Розетки", f"Замена розетки {n}", "с выездом", "шт", 100 * n, "")) for n in range(60)]
    return Matcher(Knowledge.of(services, [(f"Сколько стоит {n}?", "Приедем и скажем") for n in range(20)]))


def _orders_row(text: str) -> None:
    row = (text,) * len(WORKSHEETS[ORDERS].columns)
    clues = Clues(TODAY, CATEGORIES)
    order = understood(read_order(row, ROSTER, clues=clues), row, ROSTER, clues=clues)
    words(order)
    is_note(dict(zip(WORKSHEETS[ORDERS].columns, row, strict=True)))


def _update(text: str) -> object:
    who = {"id": 1, "first_name": text}
    message = {"message_id": 1, "from": who, "chat": {"id": 1, "type": "private"}, "text": text}
    return read_update({"message": message})


READERS: dict[str, Callable[[str], object]] = {
    "money": values.money,
    "percent": values.percent,
    "phone": values.phone,
    "phone of another country": lambda text: values.phone(text, "US"),
    "phone_words": values.phone_words,
    "moment": lambda text: values.moment(text, today=TODAY),
    "flag": values.flag,
    "status": values.status,
    "address": lambda cell: values.address(values.text(cell)),
    "text": values.text,
    "normal": normal,
    "categories": CATEGORIES.find,
    "roster": ROSTER.find,
    "a row of «Заявки»": _orders_row,
    "a row of «Мастера»": lambda text: read_master((text,) * len(WORKSHEETS[MASTERS].columns)),
    "a row of «Услуги»": lambda text: read_service((text,) * len(WORKSHEETS[SERVICES].columns)),
    "a search": needles,
    "words of an order": lambda text: words(Order("1", name=text, address=text)),
    "a question": said,
    "the consultant": lambda text: matcher().find(text),
    "the order form": lambda text: read_order_form(
        dict.fromkeys(("name", "phone", "address", "problem"), text), "RU"
    ),
    "the price form": lambda text: read_price({"price": text}),
    "the calculator": read_choice,
    "an update": _update,
    "a message": clean_message,
    "the price in the bot": lambda text: pricing({"step": "price", "order": "5"}, typed(text)),
}


def _forget() -> None:
    """Let no reader remember what it has read before."""
    for remembered in (phones._found, speech.parsed, speech.lemma, words_of):  # noqa: SLF001  what was read once is not read again
        remembered.cache_clear()
    ROSTER._found.clear()  # noqa: SLF001  likewise
    CATEGORIES._found.clear()  # noqa: SLF001  likewise


def seconds(read: Callable[[str], object], text: str, tries: int = TRIES) -> float:
    """Return the processor time that reading takes at best; what else the machine does is left out."""
    best = float("inf")
    for _ in range(tries):
        _forget()
        began = time.process_time()
        with suppress(Unclear):
            read(text)
        best = min(best, time.process_time() - began)
        if best < 0.01:
            break
    return best
