"""Several sites and bots at once: no number given twice, no message sent twice, the order of each chat kept."""

import signal
from concurrent.futures import ThreadPoolExecutor

from tests.harness.machines import IVAN, PETER, Machines
from tests.harness.system import MASTER_BOT, wait_for
from tests.test_whole_story import order_on_the_site

SITES = ("web", "second web", "third web")
SEND = f"/bot{MASTER_BOT}/sendMessage"
EACH = 15


def test_twenty_clients_order_at_once_on_three_sites(machines: Machines) -> None:
    """Twenty orders, twenty numbers in one row, twenty rows in the sheet."""
    machines.start("worker", *SITES)
    machines.waits_for("worker", "poll")

    def send(number: int) -> int:
        site = machines.system.sites[SITES[number % len(SITES)]]
        form = {"name": f"Клиент {number}", "phone": "8 900 123-45-67", "address": "Мира 1", "problem": "Искрит"}
        return int(order_on_the_site(machines.system, site, **form)[0])

    with ThreadPoolExecutor(20) as crowd:
        given = list(crowd.map(send, range(20)))
    assert sorted(given) == list(range(1, 21))
    machines.are_offered(*range(1, 21))
    rows = machines.system.rows("Заявки")
    assert sorted(row["ID"] for row in rows) == sorted(given)
    assert sorted(row["Имя"] for row in rows) == sorted(f"Клиент {number}" for number in range(20))


def test_two_bots_send_nothing_twice_though_one_is_killed(machines: Machines) -> None:
    """Telegram is slow; the busier of the bots is killed in the middle of it, and the other does the rest."""
    system, both = machines.system, ("master", "second master")
    machines.knows_the_sheet()
    system.start(*both)
    for person in (IVAN, PETER):
        wait_for(lambda: machines.cards(person), "a greeting")
    greeted = {person: len(machines.cards(person)) for person in (IVAN, PETER)}
    slow = {"api": "telegram", "path": SEND, "times": 1000, "delay_s": 0.1}
    system.http.post(f"{system.url}/sandbox/faults", json=slow).raise_for_status()
    texts = [f"Новость {number:02}" for number in range(EACH)]
    for person in (IVAN, PETER):
        machines.tells(person, *texts)
    wait_for(lambda: machines.waiting() < 2 * EACH - 8, "some to be sent")
    idler, busy = sorted(both, key=lambda name: len(machines.logged(name, "delivered")))
    system.end(busy, signal.SIGKILL)
    wait_for(lambda: not machines.waiting(), "all to be sent")
    assert machines.logged(idler, "delivered")
    for person in (IVAN, PETER):
        told = [text[-len(texts[0]) :] for text in machines.cards(person)[greeted[person] :]]
        assert list(dict.fromkeys(told)) == texts, "in their order"
        assert len(told) <= EACH + 1, "what was on its way at the kill may come again, and nothing else"
