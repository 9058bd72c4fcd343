"""E1: an order that nobody is offered is told to the admin, whatever the reason, and offered once somebody can."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest

from record.actions.deliveries import reached
from record.dispatch.reach import Unreachable
from record.grid.worksheets import MASTERS
from record.values import telegram
from record.watch.health import examine
from tests.harness.company import IVAN, SERGEY, Company
from tests.harness.office import Office, order
from tests.harness.staff import CALLER
from tests.harness.system import MASTER_BOT
from worker.offers import OffersJob

QUIET, LOUD = "🔕 Не беспокоить", "🔔 Снова получать заказы"


def health(company: Company) -> tuple[int, list[str]]:
    """Return what the site tells a monitor of orders."""
    answer = company.system.http.get(f"{company.system.site}/healthz")
    return answer.status_code, [reason for reason in json.loads(answer.text)["reasons"] if "предложены" in reason]


def test_e1_all_masters_asked_for_quiet(company: Company) -> None:
    company.open_site()
    for who in (IVAN, SERGEY):
        company.system.say(MASTER_BOT, who, QUIET)
        company.system.hears(MASTER_BOT, who, "новые заказы пока не присылаю")
    company.rests()
    company.everybody_looks()
    try:
        company.sheet.type(**CALLER)
        number = company.sheet.next_id
        why = "«Не беспокоить»: Иван Петров, Сергей Ким"
        company.waits_for(lambda: company.news("olga"), "the admin to be told")
        company.everyone_hears(olga=[f"#{number}…никому не предложен…{why}"])
        company.waits_for(lambda: health(company)[1], "the monitor to see it")
        status, [reason] = health(company)
        assert (status, f"#{number}" in reason, why in reason) == (503, True, True)
        assert f"#{number}" in company.system.run("worker", "status").stdout
        company.system.say(MASTER_BOT, SERGEY, LOUD)
        company.waits_for(lambda: any("🆕" in text for text in company.news("sergey")), "the card")
        company.waits_for(lambda: company.news("olga"), "the end of it")
        assert company.news("olga") == [f"✅ Заявка #{number} предложена мастерам"]
        assert company.news("ivan") == []
        assert health(company)[1] == []
        company.system.say(MASTER_BOT, IVAN, LOUD)
        company.waits_for(lambda: any("🆕" in text for text in company.news("ivan")), "the card of the second")
        company.rests()
        assert [text for text in company.news("sergey") if "🆕" in text] == [company.card("sergey", number)["text"]]
    finally:
        for who in (IVAN, SERGEY):
            company.system.say(MASTER_BOT, who, LOUD)
        company.rests()


# The kind: whatever it is that leaves an order with nobody


def quiet(office: Office, *masters: str) -> None:
    for master in masters or ("1", "2"):
        office.actions.set_quiet(master, on=True)


def lose(office: Office, *chats: int) -> None:
    with office.store.transaction() as tx:
        for chat in chats or (601, 602):
            tx.masters.set_unreachable("master", telegram(chat), Unreachable.BLOCKED)


def edit(office: Office, **cells: Any) -> None:
    for number in (1, 2):
        office.change(number, MASTERS, **cells)
    office.settle()


def settled(office: Office) -> None:
    """Let the worker find out how things stand."""
    office.settle()
    OffersJob(office.store, office.settings).run()


def ends(office: Office, state: str, error: str = "", reason: Unreachable | None = None) -> None:
    """Let every card that waits end so."""
    with office.store.transaction() as tx:
        for one in tx.outbox.due(["master"]):
            if one.notice.kind == "order_new":
                tx.outbox.end(one.id, state, error, reason)


def comes(office: Office) -> str:
    """Let an order come; return its number."""
    office.type(**CALLER)
    office.settle()
    return "4"


def all_quiet(office: Office) -> str:
    quiet(office)
    return comes(office)


def all_inactive(office: Office) -> str:
    edit(office, Активен="нет")
    return comes(office)


def none_connected(office: Office) -> str:
    edit(office, Telegram="")
    return comes(office)


def all_blocked(office: Office) -> str:
    lose(office)
    return comes(office)


def each_for_a_reason(office: Office) -> str:
    quiet(office, "1")
    lose(office, 602)
    return comes(office)


def no_masters(office: Office) -> str:
    office.tab(MASTERS).delete_rows(2, 3)
    return comes(office)


def quiet_before_it_was_sent(office: Office) -> str:
    number = comes(office)
    quiet(office)
    ends(office, "stale")
    return number


def blocked_before_it_was_sent(office: Office) -> str:
    number = comes(office)
    ends(office, "failed", "Forbidden: bot was blocked by the user", Unreachable.BLOCKED)
    lose(office)
    return number


def nothing_arrived(office: Office) -> str:
    number = comes(office)
    ends(office, "failed", "Bad Request: can't parse entities")
    return number


def given_back(office: Office) -> str:
    office.accept(1, "1")
    office.settle()
    quiet(office, "2")
    office.actions.give_back("1", "1", "не успеваю")
    return "1"


def taken_away(office: Office) -> str:
    office.accept(1, "1")
    office.settle()
    quiet(office)
    office.change(1, Статус="Новая")
    return "1"


def asked_for_again(office: Office) -> str:
    quiet(office)
    office.change(1, Оповещены="")
    return "1"


def dismissed_with_the_card(office: Office) -> str:
    number = comes(office)
    ends(office, "sent")
    edit(office, Активен="нет")
    return number


REASONS: list[tuple[Callable[[Office], str], str]] = [
    (all_quiet, "«Не беспокоить»: Иван Петров, Сергей Ким"),
    (all_inactive, "не активен: Иван Петров, Сергей Ким"),
    (none_connected, "не подключён к боту: Иван Петров, Сергей Ким"),
    (all_blocked, "остановил бота: Иван Петров, Сергей Ким"),
    (each_for_a_reason, "«Не беспокоить»: Иван Петров; остановил бота: Сергей Ким"),
    (no_masters, "на листе «Мастера» никого нет"),
    (quiet_before_it_was_sent, "«Не беспокоить»: Иван Петров, Сергей Ким"),
    (blocked_before_it_was_sent, "остановил бота: Иван Петров, Сергей Ким"),
    (nothing_arrived, "сообщение не дошло: Иван Петров, Сергей Ким"),
    (given_back, "«Не беспокоить»: Сергей Ким; вернул эту заявку: Иван Петров"),
    (taken_away, "«Не беспокоить»: Иван Петров, Сергей Ким"),
    (asked_for_again, "«Не беспокоить»: Иван Петров, Сергей Ким"),
    (dismissed_with_the_card, "не активен: Иван Петров, Сергей Ким"),
]


@pytest.fixture
def morning(office: Office) -> Office:
    """Three orders that the masters know of, by cards that were sent."""
    office.paste(order(1), order(2), order(3))
    office.begin()
    return office


@pytest.mark.parametrize(("left_alone", "why"), REASONS, ids=[one.__name__ for one, _ in REASONS])
def test_e1_the_admin_hears_once_of_every_order_that_nobody_is_offered(
    morning: Office, left_alone: Callable[[Office], str], why: str
) -> None:
    number = left_alone(morning)
    for _ in range(2):
        settled(morning)
    assert told_of(morning, number) == [why]
    with morning.store.reading() as tx:
        [reason] = [one for one in examine(tx, morning.settings, 0.0).reasons if "предложены" in one]
    assert re.search(rf"\(1\): #{number}; {re.escape(why)}", reason)
    morning.restart()
    settled(morning)
    assert told_of(morning, number) == [why], "a restart tells nobody again"


@pytest.mark.parametrize("back", ["loud", "connected", "activated"])
def test_e1_who_can_come_again_is_offered_what_nobody_was(morning: Office, back: str) -> None:
    does: dict[str, tuple[Callable[[Office], str], Callable[[], None]]] = {
        "loud": (quiet_before_it_was_sent, lambda: morning.actions.set_quiet("2", on=False)),
        "connected": (blocked_before_it_was_sent, lambda: found(morning, 602)),
        "activated": (all_inactive, lambda: morning.change(2, MASTERS, Активен=True)),
    }
    left_alone, comes_back = does[back]
    number = left_alone(morning)
    settled(morning)
    morning.told()
    comes_back()
    settled(morning)
    said = morning.told()
    assert said.count(f"master 2: order_new {number}") == 1
    assert said.count("admin 900: alarm_over") == 1
    assert not [one for one in said if one.startswith("master 1:")]
    settled(morning)
    assert morning.told() == []
    with morning.store.reading() as tx:
        assert not [one for one in examine(tx, morning.settings, 0.0).reasons if "предложены" in one]


def test_e1_a_night_of_orders_is_one_message_with_all_their_numbers(morning: Office) -> None:
    quiet(morning)
    for _ in range(5):
        morning.type(**CALLER)
    settled(morning)
    with morning.store.reading() as tx:
        alarms = [one.notice for one in tx.outbox.due(["admin"])]
    assert [notice.kind for notice in alarms] == ["alarm"]
    assert "#4, #5, #6, #7, #8" in alarms[0].facts["text"]


def found(office: Office, chat: int) -> None:
    with office.store.transaction() as tx:
        reached(tx, "master", telegram(chat))


def told_of(office: Office, number: str) -> list[str]:
    """Return why, as the admin was told of this order."""
    with office.store.reading() as tx:
        found = [notice for notice, _, _ in tx.outbox.results(number) if notice.kind == "no_masters"]
    return [str(notice.facts["why"]).split(". ")[0] for notice in found]
