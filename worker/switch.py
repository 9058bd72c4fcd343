"""Goes over to another spreadsheet, once a person says that it is meant.

Where the settings name another spreadsheet than the one that the store was filled from,
nothing is read and nothing written: its orders have the same numbers, so a poll would
take ten orders for deleted and a card's button would be for a stranger's order.

    an empty store                  → it begins with the new one by itself
    a copy: the same orders, by key → all that is known of them goes along
    another one                     → it begins anew, what was known is put aside
    back to the one before          → the same, and what was put aside is found again
"""

from dataclasses import dataclass, field

from record.flush.parked import PROBES
from record.flush.unanswered import UNANSWERED
from record.grid.layout import Row, read_table
from record.grid.worksheets import MASTERS, ORDERS, WORKSHEETS
from record.logs import get_logger
from record.settings import Settings
from record.sheet import Sheet
from record.store import Store, Tx
from record.store.facts import (
    BASELINE,
    FILLED_BELOW,
    FORMULAS_BELOW,
    GRIDS_KNOWN,
    HEADERS,
    SPREADSHEET,
    UNFINISHED,
    UNOFFERED,
)
from record.values import text
from record.values.comparing import normal
from record.values.wording import with_noun
from record.watch.open_waves import WAVES
from worker.master_notes import SHOWN
from worker.poll.prices import WAITING

log = get_logger(__name__)

# what was true of the spreadsheet that is left
OF_ONE = (
    BASELINE, HEADERS, UNOFFERED, GRIDS_KNOWN, SHOWN, UNANSWERED, WAVES, PROBES, UNFINISHED, FILLED_BELOW,
    FORMULAS_BELOW, WAITING,
)  # fmt: skip
ID, KEY = WORKSHEETS[ORDERS].index("ID"), WORKSHEETS[ORDERS].index("Ключ")
MASTER_ID, NAME = WORKSHEETS[MASTERS].index("ID"), WORKSHEETS[MASTERS].index("Имя")
SAME = "Эту таблицу Наряд и ведёт, переходить некуда"


@dataclass
class Switched:
    """What a switch came to: ``known`` orders, how many are ``same`` in the new one.

    ``found``: the orders that stand there, ``given_up``: edits that had not reached the
    old one.
    """

    old: str
    known: int = 0
    same: set[str] = field(default_factory=set)
    found: int = 0
    given_up: int = 0


def begin_if_empty(store: Store, settings: Settings) -> None:
    """Let a store that knows no order and no master begin with any spreadsheet."""
    with store.transaction() as tx:
        old = tx.facts.get(SPREADSHEET)
        if old in (None, settings.sheets.spreadsheet_id):
            return
        if tx.orders.count() or tx.masters.rows():
            return
        _move(tx, old, settings, set(), set())
    log.info("spreadsheet_switched", before=old)


def switch(store: Store, sheet: Sheet, settings: Settings) -> Switched | None:
    """Go over to the spreadsheet of the settings; None where it is the same.

    Raises:
        SheetError: it can't be read, or is not prepared; nothing has changed then.
    """
    with store.reading() as tx:
        old = tx.facts.get(SPREADSHEET)
        known = {order_id: row for order_id, _, row in tx.orders.rows()}
        knew = {master_id: row for master_id, (_, row) in tx.masters.rows().items()}
    if old in (None, settings.sheets.spreadsheet_id):
        return None

    values = sheet.read().values()
    rows = {
        title: read_table(title, values[title]).rows() for title in (ORDERS, MASTERS)
    }
    orders = {text(row[ID]): row for _, row in rows[ORDERS]}
    masters = {text(row[MASTER_ID]): row for _, row in rows[MASTERS]}
    same = {one for one in known if _has_key(known[one], orders.get(one))}
    masters_too = {one for one in knew if _has_name(knew[one], masters.get(one))}
    done = Switched(old, len(known), same, len(rows[ORDERS]))
    # no flush may be under way, and none begin before all is done
    with store.exclusive("flush"), store.transaction() as tx:
        done.given_up = _move(tx, old, settings, same, masters_too)
    return done


def _move(
    tx: Tx, old: str, settings: Settings, same: set[str], masters_too: set[str]
) -> int:
    new = settings.sheets.spreadsheet_id
    given_up = tx.moving.move(old, new, same, masters_too)
    for fact in OF_ONE:
        tx.facts.drop(fact)
    tx.facts.put(SPREADSHEET, new)
    tx.wake("poll")
    tx.wake("journal")
    return given_up


def _has_key(known: Row, there: Row | None) -> bool:
    """Return whether an order of the same number is the same order."""
    key = text(known[KEY])
    return there is not None and key != "" and text(there[KEY]) == key


def _has_name(known: Row, there: Row | None) -> bool:
    return there is not None and normal(there[NAME]) == normal(known[NAME])


def in_words(done: Switched | None) -> list[str]:
    """Return what to tell of a switch, line by line."""
    if done is None:
        return [SAME]

    lines = [_begins(done)]
    if done.given_up:
        edits = with_noun(done.given_up, "правка", "правки", "правок")
        lines.append(f"В прежнюю таблицу не успели попасть и отменены: {edits}")
    lines.append(
        "Никому ничего не разослано. Вернуться можно так же: впишите прежнюю таблицу "
        f"({done.old}) в sheets.spreadsheet_id и выполните python -m worker switch"
    )
    return lines


def _begins(done: Switched) -> str:
    there = with_noun(done.found, "заявка", "заявки", "заявок")
    if done.known and len(done.same) == done.known:
        return f"Это копия прежней таблицы, все заявки ({done.known}) те же: Наряд продолжает с ней"
    if done.same:
        return (
            f"В этой таблице {there}, из прежних {done.known} — {len(done.same)}: с ними Наряд продолжает, остальных "
            "больше не ведёт"
        )
    return f"Это другая таблица, в ней {there}: Наряд начинает с неё заново"
