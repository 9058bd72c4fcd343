"""The commands about one person's data: show it, forget it."""

import argparse
import json
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any

from record.actions.forgetting import Forgetting, Known
from record.dispatch.notices import CARD_KINDS
from record.dispatch.person import ERASED, Person
from record.errors import NaryadError
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store
from record.values import Unclear
from worker.backup.backup import read_copy
from worker.check import PATIENCE_S
from worker.forgetting import forget_now

CARRIES_ON = (
    "повторите команду или ничего не делайте, работающий worker run доделает сам"
)
NEWER = "За это время от него пришла новая заявка. Ничего не стёрто, повторите команду"
VERSIONS = (
    "Google хранит прежние версии таблицы (Файл → История версий): стереть их можно, только сделав копию "
    "таблицы и удалив старую"
)
# controls that a terminal obeys, and marks that turn text round: anybody may type them
COMMANDING = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)


def show(settings: Settings, given: argparse.Namespace) -> int:
    """Print all that is known of a person; return 1 where that is nothing."""
    with closing(Store(settings.store.url)) as store:
        known = _known(store, settings, given.phone)
        if known is None:
            return 1
        if given.json:
            told = json.dumps(_plain(known), ensure_ascii=False, indent=1, default=str)
        else:
            told = "\n".join(_lines(known, settings))
        print(_harmless(told))
    return 1 if known.nobody else 0


def _harmless(text: str) -> str:
    """Return a text whose controls are spelled out, as JSON does it."""
    return COMMANDING.sub(lambda sign: f"\\u{ord(sign[0]):04x}", text)


def _known(store: Store, settings: Settings, typed: str) -> Known | None:
    try:
        return Forgetting(store, settings).look(typed)
    except Unclear as unclear:
        print(unclear, file=sys.stderr)
        return None


def _plain(known: Known) -> dict[str, Any]:
    return {
        "phone": known.person.phone,
        "orders": [asdict(one) for one in known.orders],
        "masters": [asdict(one) for one in known.masters],
        "consents": {name: asdict(one) for name, one in known.consents.items()},
        "chat_talks": known.talks,
        "conversations": known.conversations,
        "other_phones": known.other_phones,
        "left_behind": known.left_behind,
        "mentions": known.mentions,
    }


def _lines(known: Known, settings: Settings) -> Iterator[str]:
    phone = known.person.phone
    if known.nobody:
        yield f"О человеке с телефоном {phone} ничего не известно"
        return
    yield f"Что известно о человеке с телефоном {phone}"
    for order in known.orders:
        yield f"\nЗаявка #{order.id}: {order.status or 'статус непонятен'}"
        told = {
            "Дата": order.created and f"{order.created:%d.%m.%Y %H:%M}",
            "Имя": order.name,
            "Телефон": order.phone_said or order.phone,
            "Адрес": order.address,
            "Проблема": order.problem,
            "Мастер": order.master,
            "Цена": order.price,
            "Комментарий": order.comment,
            "Чат": order.chat,
        }
        for name, value in told.items():
            if value not in {None, ""}:
                # what he wrote in lines stays apart from ours
                yield f"  {name}: {value}".replace("\n", "\n    ")
        if given := known.consents.get(order.id):
            when = datetime.fromtimestamp(given.at, settings.zone)
            yield f"  Согласие: версия {given.version}, {when:%d.%m.%Y %H:%M}, {given.channel}"
    for master in known.masters:
        active = "в работе" if master.active else "не в работе"
        yield f"\nМастер № {master.id}: {master.name}, {master.phone}, чат {master.chat or 'нет'}, {active}"
    yield from _beside(known)


def _beside(known: Known) -> Iterator[str]:
    """Yield what is known of a person beside the rows of the spreadsheet."""
    if known.mentions:
        numbers = ", ".join(f"#{one}" for one in known.mentions)
        yield f"\nУпомянут в чужих заявках {numbers}: оттуда будет стёрт только его номер"
    if known.talks:
        yield f"\nРазговоров в чате сайта: {len(known.talks)}"
    kept = sum(known.conversations.values())
    if kept:
        yield f"Записей разговоров с ботом: {kept}"
    if known.left_behind:
        yield f"Заявок в истории прежней таблицы: {known.left_behind}"
    if known.other_phones:
        yield f"\nРядом указаны и другие номера, посмотрите и по ним: {', '.join(known.other_phones)}"


def forget(settings: Settings, given: argparse.Namespace) -> int:
    """Erase a person everywhere, after asking; print the proof."""
    with closing(Store(settings.store.url)) as store:
        known = _known(store, settings, given.phone)
        if known is None:
            return 1
        if not known.nobody:
            print(_harmless("\n".join(_lines(known, settings))))
        if known.in_work and not given.even_in_work:
            numbers = ", ".join(f"#{one}" for one in known.in_work)
            print(
                f"\nЕщё не закончены заявки {numbers}: сначала закройте или отмените их. "
                "Если стереть нужно сейчас, повторите с ключом --even-in-work",
                file=sys.stderr,
            )
            return 1
        if not given.yes and not _sure():
            print("Ничего не стёрто")
            return 1
        # an order may have come while the question stood
        now = Forgetting(store, settings).look(known.person.phone)
        if set(now.in_work) - set(known.in_work):
            print(NEWER, file=sys.stderr)
            return 1
        known = now
        return _forget(store, settings, known)


def _sure() -> bool:
    print(
        "\nСтереть всё это? Вернуть будет нельзя. Напишите «да»: ", end="", flush=True
    )
    return sys.stdin.readline().strip().casefold() in {"да", "yes", "y", "д"}


def _forget(store: Store, settings: Settings, known: Known) -> int:
    beyond = list(_old_cards(store, known))
    number = Forgetting(store, settings).begin(known, "command")
    sheet = Sheet(settings, store, patience_s=PATIENCE_S)
    try:
        done = forget_now(store, sheet, settings, number)
    except NaryadError as error:
        print(
            f"{error}\nЗаписано и будет стёрто, как только получится: {CARRIES_ON}",
            file=sys.stderr,
        )
        return 1
    if not done:
        print(
            f"Стирание начато, но таблица ещё не приняла всё: {CARRIES_ON}",
            file=sys.stderr,
        )
        return 1
    print(f"\n{done}")
    try:
        places = list(_elsewhere(sheet, settings, known.person))
    except NaryadError as error:
        print(f"Остальные листы не просмотрены: {error}", file=sys.stderr)
        places = []
    if places:
        listed = _harmless(", ".join(places))
        print(f"Остался в ячейках, которые ведут люди, сотрите их сами: {listed}")
    if beyond:
        listed = _harmless(", ".join(beyond))
        print(
            f"Старые карточки в чатах мастеров уже не исправить, попросите удалить: {listed}"
        )
    print(VERSIONS)
    return 0


def _old_cards(store: Store, known: Known) -> Iterator[str]:
    """Yield the masters who got cards of his orders that nobody knows the place of any more."""
    with store.reading() as tx:
        roster = tx.masters.roster()
        for order in known.orders:
            holders = tx.cards.holders(order.id)
            told = {
                notice.recipient
                for notice, state, _ in tx.outbox.results(order.id)
                if notice.kind in CARD_KINDS and state == "sent"
            }
            for master_id in sorted(told.difference(holders)):
                master = roster.get(master_id)
                yield f"#{order.id} у {master.name if master else f'мастера {master_id}'}"


def _elsewhere(sheet: Sheet, settings: Settings, person: Person) -> Iterator[str]:
    """Yield the cells of people's own that still name him."""
    for tab in read_copy(sheet, settings).worksheets:
        for number, row in enumerate(tab.rows, 1):
            for place, cell in enumerate(row):
                if person.called(cell) and cell != ERASED:
                    yield f"«{tab.title}», строка {number}, столбец {place + 1}"
