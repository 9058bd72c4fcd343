"""What must be true once nobody edits and nothing is on its way. Each promise is one function, called by its name."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from decimal import Decimal

from record.dispatch.commission import commission
from record.dispatch.model import Order, Roster
from record.dispatch.notices import Notice
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.grid.writes import Write
from record.store import Event, Stored
from record.values import Cell, Status
from tests.harness.book import NOTE, Line
from tests.stateful.model import ACTED_ON, FILLED, SYSTEM, Paper, follows

OFFERS = ("appeared", "reopened", "retold", "restored")
ENDED = frozenset(
    {"refused", "taken_away", "cancelled", "withdrawn", "reopened", "removed", "finished", "deactivated"}
)


@dataclass(frozen=True)
class Quiet:
    """All there is to look at when things have gone quiet."""

    lines: list[Line]
    paper: Paper
    mirror: dict[str, Stored]
    claims: dict[str, str]
    roster: Roster
    percent: Decimal
    notices: list[Notice]
    history: dict[str, list[Event]]
    landed: dict[str, list[Write]]

    def orders(self) -> list[tuple[Line, Order]]:
        """Return each row that is an order, and what it means."""
        return [(line, self.mirror[line.id].order) for line in self.lines if line.id in self.mirror]


def no_order_is_lost(quiet: Quiet) -> None:
    """Every row that people typed, and that they did not delete, is there once; nothing came by itself."""
    there = Counter(line.name for line in quiet.lines)
    typed = Counter(quiet.paper.rows.keys())
    assert there == typed, f"lost {typed - there}, not typed by anybody {there - typed}"


def nobody_changed_what_people_typed(quiet: Quiet) -> None:
    """A typed cell holds what was typed, or what a master's press or the system's duty made of it knowingly."""
    for line in quiet.lines:
        typed = quiet.paper.rows[line.name].typed
        writes = quiet.landed.get(line.id, []) if line.id else []
        for column, value in typed.items():
            now = line.cell(column)
            if column in SYSTEM or (value == "" and column in FILLED):
                continue
            unchanged = now == value and type(now) is type(value)
            acted = column in ACTED_ON and follows(value, now, column, writes)
            assert unchanged or acted, f"{line.name}: {column} was typed {value!r}, is {now!r}"


def nothing_stands_where_nobody_wrote(quiet: Quiet) -> None:
    """A cell that nobody typed is empty, but for what the system documents to fill."""
    for line in quiet.lines:
        typed = quiet.paper.rows[line.name].typed
        for column, now in line.cells.items():
            if now == "" or column in typed or column in SYSTEM or column == NOTE or column.startswith("Своё"):
                continue
            assert line.id, f"{line.name}: {column} holds {now!r} in a row that is no order"
            assert column in FILLED, f"{line.name}: {column} holds {now!r}"


def ids_are_unique_and_stable(quiet: Quiet) -> None:
    """Every complete order has an ID of its own, and keeps it wherever its row goes."""
    ids = Counter(line.id for line in quiet.lines if line.id)
    assert [one for one, times in ids.items() if times > 1] == []
    for line in quiet.lines:
        had = quiet.paper.rows[line.name].id
        assert not had or line.id == had, f"{line.name}: had ID {had}, has {line.id!r}"


def the_mirror_is_the_sheet(quiet: Quiet) -> None:
    """What the bots and the site show is what stands in the sheet."""
    columns = WORKSHEETS[ORDERS].columns
    shown = {order_id: (stored.position, stored.row) for order_id, stored in quiet.mirror.items()}
    stands = {line.id: (line.number, tuple(map(line.cell, columns))) for line in quiet.lines if line.id}
    assert shown == stands


def complete_orders_are_orders(quiet: Quiet) -> None:
    """A row that begins to be an order has ID and key, or «Проверка» says what it lacks."""
    for line in quiet.lines:
        if all(line.cell(column) == "" for column in ("Имя", "Телефон", "Категория", "Проблема", "Адрес", "Статус")):
            continue
        wanting = not line.cell("ID") or not line.cell("Ключ")
        assert not wanting or "не заполнена" in str(line.cell("Проверка")), f"{line.name} is no order: {line.cells}"


def every_offer_is_told_to_every_master_once(quiet: Quiet) -> None:
    """Each round of an offer reaches each active master, no one twice; rounds come only of what people asked for."""
    rounds: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for notice in quiet.notices:
        if notice.kind == "order_new":
            rounds[notice.order_id][notice.key.split(":")[2]].append(notice.recipient)
    everybody = {master.id for master in quiet.roster.active()}
    for order_id, by_round in rounds.items():
        for told in by_round.values():
            assert len(set(told)) == len(told)
        givers = {event.by for event in quiet.history[order_id] if event.what in OFFERS}
        for seq, told in by_round.items():
            giver = next(event.by for event in quiet.history[order_id] if str(event.seq) == seq)
            assert set(told) == everybody - {giver.master_id}, (order_id, givers)
    for line, _ in quiet.orders():
        told_rounds, asked = (
            len(rounds.get(line.id, ())),
            quiet.paper.rows[line.name].asks + quiet.paper.given_back[line.id],
        )
        assert told_rounds <= asked, f"{line.name} was offered {told_rounds} times, asked for {asked}"


def no_offer_is_forgotten(quiet: Quiet) -> None:
    """An order that is Новая and complete has been offered since it last was anything else, and says when.

    One that is meant for somebody who is not understood waits, and says so.
    """
    for line, order in quiet.orders():
        if order.status is not Status.NEW or not order.complete:
            continue
        if order.names_a_stranger:
            assert "Мастер" in order.check, f"{line.name}, order {order.id}, waits and does not say for whom"
            continue
        assert order.told, f"{line.name}, order {order.id}, is new and nobody was told"
        told = [event.what for event in quiet.history[order.id]]
        since = next((told[index:] for index in range(len(told) - 1, -1, -1) if told[index] in OFFERS), [])
        assert since, f"{line.name}, order {order.id}: {told}"
        assert "status" not in since, f"{line.name}, order {order.id}: {told}"


def claims_follow_the_sheet(quiet: Quiet) -> None:
    """Whoever has an order by the sheet has the right to it, and nobody else."""
    stands = {
        order.id: order.master_id
        for _, order in quiet.orders()
        if order.status in (Status.WORK, Status.DONE) and order.master_id
    }
    assert quiet.claims == stands, {one: [e.what for e in quiet.history[one]] for one in {*stands, *quiet.claims}}


def nobody_works_in_vain(quiet: Quiet) -> None:
    """A master whose press was taken has the order, gave it back, or was told that it is his no more."""
    for (order_id, master_id), then in quiet.paper.accepted.items():
        his = quiet.claims.get(order_id) == master_id
        ended = [notice for notice in quiet.notices[then:] if notice.kind in ENDED and notice.order_id == order_id]
        told = any(notice.recipient == master_id for notice in ended)
        assert his or told, f"master {master_id} lost order {order_id} and nobody told him"


def commissions_are_right(quiet: Quiet) -> None:
    """A finished order with a price has the commission that is due, unless a person typed another."""
    for line, order in quiet.orders():
        if order.status is not Status.DONE or order.price is None or any(t.column == "Цена" for t in order.troubles):
            continue
        due = commission(order.price, quiet.roster.get(order.master_id), quiet.percent)
        row = quiet.paper.rows[line.name]
        by_hand: list[Cell] = [row.typed["Комиссия"]] if row.commission_by_hand else []
        assert order.commission == due or line.cell("Комиссия") in by_hand, (
            f"{line.name}: commission of {order.price} is {line.cell('Комиссия')!r}, due {due}, by hand {by_hand}"
        )


PROMISES = (
    no_order_is_lost,
    ids_are_unique_and_stable,
    nobody_changed_what_people_typed,
    nothing_stands_where_nobody_wrote,
    the_mirror_is_the_sheet,
    complete_orders_are_orders,
    no_offer_is_forgotten,
    every_offer_is_told_to_every_master_once,
    claims_follow_the_sheet,
    nobody_works_in_vain,
    commissions_are_right,
)
