"""New orders that come with a number of their own: by form, from bots, or pasted.

Where they are more than a working day knows, or one person sends too many, they are
held as a wave until the admin has decided.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from record.actions.limits import too_often
from record.dispatch.followups import waiting
from record.dispatch.model import Order
from record.dispatch.waves import Wave, holding, is_news, sentence
from record.grid.worksheets import ORDERS
from record.values import Status
from record.values.wording import figure, plural
from worker.poll.meanings import Meanings
from worker.poll.repeats import Repeats
from worker.poll.step import PollStep
from worker.poll.waves import Waves, numbers

NOBODY_HEARS = "О таких никому не сообщаю, чтобы не разослать старое. Кому нужно, напишите или позвоните сами"


class Arrivals:
    """The new orders of one poll: which are held, and which were started elsewhere."""

    def __init__(
        self, step: PollStep, waves: Waves, meanings: Meanings, repeats: Repeats
    ) -> None:
        self._step = step
        self._waves = waves
        self._meanings = meanings
        self._repeats = repeats
        self.held: dict[str, Wave] = {}
        # came in a wave with a master or a status of their own
        self.started: set[str] = set()
        # that brought them, or gave a row typed by hand its number
        self._writes = {
            write.subject: write
            for write in step.writes_to(ORDERS)
            if write.kind != "set"
        }

    def hold(self, changed: Iterable[str]) -> None:
        """Hold those of the changed orders that are new and come in waves."""
        sent, pasted = self._newcomers(changed)
        too_many_of_one = self._hold_of_one_person(sent)
        sent = [key for key in sent if key not in too_many_of_one]
        many = self._waves.rushed(self._sent_at(sent))
        if self._waves.more_than_usual(len(pasted)):
            many += pasted

        if many:
            self.hold_together(self._heard_of(many))

    def hold_together(self, orders: Mapping[str, Order]) -> None:
        """Hold these new orders, if they are more than usual."""
        started, free = [], []
        for key, order in orders.items():
            if order.status is not Status.NEW or order.master_id:
                started.append(key)
            elif not holding(order.check):  # else its row says already that it is held
                free.append(key)

        self._let_in_quietly(numbers(started))
        sent = self._sent_at(free)
        rushed = self._waves.rushed(sent)
        if rushed:
            self._hold_in(self._waves.join("intake", rushed), rushed)

        pasted = numbers(key for key in free if key not in sent)
        wave = self._waves.come("orders", pasted) if pasted else None
        if wave:
            self._hold_in(wave, pasted)

    def with_reason(self, order: Order) -> Order:
        """Return an order with what «Проверка» will say of it, if it is held.

        So everybody sees that it is, before that write has reached the sheet.
        """
        wave = self.held.get(order.id)
        if wave is None or order.status is not Status.NEW:
            return order

        marked = self._repeats.marked(order)
        return replace(order, check=waiting(marked, sentence(wave)))

    def _newcomers(self, changed: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return the new orders that clients sent, and those that staff pasted."""
        sent, pasted = [], []
        for key in changed:
            if key in self._step.known:
                continue

            write = self._writes.get(key)
            if write is None:
                pasted.append(key)
            elif write.kind != "adopt":  # rows typed by hand were counted as they came
                sent.append(key)

        return sent, pasted

    def _hold_of_one_person(self, sent: Iterable[str]) -> set[str]:
        """Hold orders of whoever sends more within an hour than people do."""
        often = set()
        for key, meant in self._meanings.readable(sent).items():
            order, tx = meant.after, self._step.tx
            if too_often(tx, self._step.settings, order.phone, order.chat, key):
                often.add(key)

        if often:
            self._hold_in(self._waves.join("person", numbers(often)), often)

        return often

    def _heard_of(self, keys: list[str]) -> dict[str, Order]:
        """Return those orders that somebody would hear of, if they were not held."""
        seen = self._step.tx.history.seen_of(keys)
        # what was in the sheet before, and is back, is no new order
        fresh = [key for key in keys if key not in seen]
        found = {}
        for key, meant in self._meanings.readable(fresh).items():
            if is_news(meant.after):
                found[key] = meant.after

        return found

    def _let_in_quietly(self, started: list[str]) -> None:
        """Let orders that were started elsewhere come in; only the admin is told."""
        if not started:
            return

        self.started.update(started)
        orders = plural(len(started), "заявка", "заявки", "заявок")
        count = f"{figure(len(started))} {orders}"
        said = f"Вставлено сразу: {count} с ID и мастером или статусом, от #{started[0]} до #{started[-1]}."
        key = f"begun:{started[0]}:{self._step.read_at:.3f}"
        self._step.alert_admin(key, f"{said} {NOBODY_HEARS}")

    def _hold_in(self, wave: Wave, keys: Iterable[str]) -> None:
        self.held.update(dict.fromkeys(keys, wave))

    def _sent_at(self, keys: Iterable[str]) -> dict[str, float]:
        """Return when those of the orders that form and bots sent were sent."""
        return {key: self._writes[key].made_at for key in keys if key in self._writes}
