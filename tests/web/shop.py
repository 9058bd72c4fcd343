"""A price list in the mirror, and what stands on the pages that show it."""

import re
from html import unescape

from record.grid.worksheets import SERVICES
from record.store import Store
from web.present.prices import PriceList

ROWS = (
    ("Розетки", "Замена розетки", "В готовый подрозетник", "штука", 450, True),
    ("Розетки", "Перенос розетки", "До 2 м", "штука", 1600, True),
    ("Свет", "Подвес люстры", "До 5 кг", "штука", 1300, True),
    ("Свет", "Лента <b>RGB</b> & блок", "", "метр", 600, True),
    ("Прочее", "Большой проект", "Обсудим", "", "договор", True),
    ("Прочее", "Тайная работа", "", "", 1, False),
)


def stock(store: Store) -> PriceList:
    """Put these services into the mirror, as a poll does."""
    with store.transaction() as tx:
        tx.lists.put(SERVICES, list(ROWS))
    return PriceList.of(ROWS)


def code(name: str) -> str:
    """Return the code of a service."""
    return next(offer.code for offer in PriceList.of(ROWS).offers if offer.service.name == name)


def text(page: str) -> str:
    """Return what a page says, without tags, spaces made plain."""
    plain = unescape(re.sub(r"<[^>]+>", " ", page)).replace("\N{NO-BREAK SPACE}", " ")
    return " ".join(plain.split())
