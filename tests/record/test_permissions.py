"""Every cell of docs/permissions.md is what the one table of permissions says; how an order stands is read right."""

from datetime import datetime, timedelta
from decimal import Decimal
from itertools import product

import pytest

from record.dispatch.model import Order
from record.dispatch.permissions import Act, Stands, Who, barred, holder, may_tie, refusal, standing, stands
from record.dispatch.rereading import understood
from record.values import Status, telegram
from tests.bots.permissions import TABLES, WORDS, Cell, at_rest
from tests.record.notation import KIM, PETROV, ROSTER, at, row
from web.forms.master import REFUSED as ON_THE_SITE

NOW = at(2024, 12, 15, 12)


@pytest.mark.parametrize("cell", [cell for table in TABLES for cell in table.cells], ids=str)
def test_the_table_says_what_the_document_says(cell: Cell) -> None:
    if cell.stands is None:
        assert (barred(cell.who, cell.act) or "yes") == cell.expected
    else:
        assert (refusal(cell.who, cell.act, cell.stands) or "yes") == cell.expected


@pytest.mark.parametrize("who", Who)
def test_while_an_edit_rests_nobody_changes_its_order(who: Who) -> None:
    for act, said in at_rest().items():
        for stood in Stands:
            otherwise = refusal(who, act, stood) or said
            assert (refusal(who, act, stood, rests=True) or "yes") == otherwise, (act, stood)
    assert refusal(Who.STAFF, Act.EDIT, Stands.OTHERS, rests=True) == ""


def test_the_document_leaves_out_nothing_that_is_allowed() -> None:
    told = {(cell.who, cell.act, cell.stands) for table in TABLES for cell in table.cells}
    told |= {(Who.LINK, act, at) for who, act, at in told if who is Who.CLIENT}
    told |= {(Who.STAFF, Act.EDIT, at) for at in Stands}
    every = [*product(Who, Act, Stands)]
    assert [one for one in every if not refusal(*one) and one not in told] == []
    assert [
        (who, act) for who, act in product(Who, Act) if not barred(who, act) and (who, act, None) not in told
    ] == []


def test_who_has_the_link_may_what_the_client_may() -> None:
    assert all(
        refusal(Who.LINK, act, at) == refusal(Who.CLIENT, act, at) for act, at in product(Act, Stands)
    )  # fmt: skip


def test_a_reason_that_a_master_can_be_given_has_words_in_the_bot_and_on_the_site() -> None:
    masters = (Who.STRANGER, Who.FORMER, Who.INACTIVE, Who.ACTIVE)
    given = {refusal(*one, rests=rests) for rests in (False, True) for one in product(masters, Act, Stands)}
    given |= {barred(*one) for one in product(masters, Act)}
    assert given - {""} <= WORDS.keys()
    assert given - {""} <= ON_THE_SITE.keys()


WORK = "Статус: В работе; Мастер: Петров"
DONE = "Статус: Выполнена; Мастер: Петров; Цена: 2000"


def read(typed: str, was: str = "") -> Order:
    """Return a complete order with these cells, typed over what stood there before."""
    start = "ID: 7; Телефон: 89001234567; Проблема: Нет света; Ключ: k7"
    before = understood(None, row(f"{start}; {was}"), ROSTER) if was else None
    return understood(before, row(f"{start}; {typed}") if typed else row(f"{start}; {was}"), ROSTER)


@pytest.mark.parametrize(
    ("was", "typed", "claim", "expected"),
    [
        ("", "Статус: Новая", "", Stands.NEW),
        ("", "Статус: Новая; Телефон: ", "", Stands.UNFINISHED),
        ("", "Статус: Новая; Проблема: ", "", Stands.UNFINISHED),
        ("", "Статус: Новая", PETROV.id, Stands.HIS),
        ("", "Статус: Новая", KIM.id, Stands.OTHERS),
        ("", WORK, "", Stands.HIS),
        ("", WORK, KIM.id, Stands.HIS),
        ("", "Статус: В работе; Мастер: Ким", "", Stands.OTHERS),
        ("", "Статус: В работе", "", Stands.OTHERS),
        ("", "Статус: Отменена; Мастер: Петров", "", Stands.CANCELLED),
        ("", "Статус: дубль", "", Stands.UNCLEAR),
        ("Статус: Новая", "Статус: дубль", "", Stands.UNCLEAR),
        ("Статус: Новая", "Статус: не звонить", "", Stands.UNCLEAR),
        ("Статус: Новая", "Статус: Новая; Мастер: Вася", "", Stands.UNCLEAR),
        (WORK, "Статус: дубль; Мастер: Петров", "", Stands.HIS_UNCLEAR),
        (WORK, "Статус: В работе; Мастер: Вася", "", Stands.HIS_DOUBTED),
        ("Статус: В работе; Мастер: Ким", "Статус: дубль; Мастер: Ким", "", Stands.UNCLEAR),
        (DONE, "Статус: дубль; Мастер: Петров; Цена: 2000", "", Stands.UNCLEAR),
        ("Статус: Отменена", "Статус: дубль", "", Stands.UNCLEAR),
        ("", "Статус: Выполнена; Мастер: Ким; Цена: 2000", "", Stands.DONE_OTHERS),
        ("", "Статус: Выполнена; Цена: 2000", "", Stands.DONE_OTHERS),
        ("", "Статус: Выполнена; Мастер: Петров", "", Stands.DONE_LATELY),
        (DONE, f"{DONE.replace('2000', 'дорого')}", "", Stands.DONE_EARLIER),
    ],
)
def test_how_an_order_stands_for_a_master(was: str, typed: str, claim: str, expected: Stands) -> None:
    order = read(typed, was)
    assert stands(order, holder(order, claim), PETROV.id, NOW) is expected


@pytest.mark.parametrize(
    ("ago", "expected"),
    [
        (timedelta(0), Stands.DONE_LATELY),
        (timedelta(minutes=59), Stands.DONE_LATELY),
        (timedelta(minutes=61), Stands.DONE_EARLIER),
        (timedelta(days=9), Stands.DONE_EARLIER),
        (timedelta(minutes=-1), Stands.DONE_LATELY),
        (timedelta(days=-1), Stands.DONE_EARLIER),
        (None, Stands.DONE_EARLIER),
    ],
    ids=str,
)
def test_an_hour_by_the_company_s_clock(ago: timedelta | None, expected: Stands) -> None:
    order = Order(
        "7", status=Status.DONE, master_id="1", price=Decimal(2000), done=None if ago is None else NOW - ago
    )  # fmt: skip
    assert stands(order, "1", "1", NOW) is expected


def test_nothing_is_anybody_s_who_is_nobody() -> None:
    order = read("Статус: В работе")
    assert stands(order, holder(order, None), "", NOW) is Stands.OTHERS
    assert stands(None, "", "", NOW) is Stands.GONE


def test_who_somebody_is_follows_his_row() -> None:
    assert standing(None) is Who.STRANGER
    assert standing(PETROV) is Who.ACTIVE
    assert standing(ROSTER.get("3")) is Who.STRANGER


@pytest.mark.parametrize(
    ("first", "chat", "lost", "expected"),
    [
        (None, 501, False, ""),
        (0, 501, False, ""),
        (501, 501, False, ""),
        (502, 501, False, "other_chat"),
        (502, 501, True, ""),
    ],
)
def test_news_stay_with_the_first_chat(first: int | None, chat: int, expected: str, *, lost: bool) -> None:
    assert may_tie(telegram(first) if first else None, telegram(chat), lost=lost) == expected


def test_the_time_of_day_matters_to_nobody_but_its_master() -> None:
    order = Order("7", status=Status.DONE, master_id="1", price=Decimal(1), done=datetime(2024, 12, 15, 12))
    assert stands(order, "1", "2") is stands(order, "1", "2", NOW) is Stands.DONE_OTHERS
