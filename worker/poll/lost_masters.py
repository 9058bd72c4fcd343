"""Masters who are off the list, or not active, while orders in work are theirs.

«Проверка» of these orders says so (record/dispatch/reach.py); the admin hears of each
master once, and once that it is over: he is back, or his orders are somebody else's.
"""

from record.dispatch.model import Order
from record.watch.alerts import Alerts
from worker.poll.step import PollStep

KIND = "masters_lost"
NAMED = 10


def tell_of_lost_masters(step: PollStep) -> None:
    """Alert the admin of masters who are lost to their orders, and when that is over."""
    active = [master.id for master in step.roster.active()]
    lost: dict[str, list[Order]] = {}
    for order in step.tx.orders.in_work_without(active):
        lost.setdefault(order.master_id, []).append(order)

    alerts = Alerts(step.tx, step.settings, KIND)
    for master_id, orders in lost.items():
        # who gives an order to somebody who is not active knows what he does
        if master_id not in step.lost_masters and master_id not in alerts.standing:
            continue
        text = _said(step, master_id, orders)
        step.notices += alerts.open(master_id, text, sign="⚠️ ")

    over = [master_id for master_id in alerts.standing if master_id not in lost]
    step.notices += alerts.close(over)


def _said(step: PollStep, master_id: str, orders: list[Order]) -> str:
    master = step.roster.get(master_id)
    name = orders[0].master or f"мастер {master_id}"
    numbers = ", ".join(f"#{order.id}" for order in orders[:NAMED])
    if len(orders) > NAMED:
        numbers = f"{numbers} и ещё {len(orders) - NAMED}"
    what = f"Мастера «{name}» больше нет на листе «Мастера»"
    if master is not None:
        what = f"Мастер {master.name} больше не активен"
    return f"{what}, а в работе за ним: {numbers}. Впишите в них другого мастера или верните этого"
