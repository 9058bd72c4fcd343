"""What is under way with people: claims, cards, dialogs, forms, and updates of bots."""

import time
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from record.store.metrics import tally
from record.store.schema import cards, claims, dialogs, forms, updates
from record.store.statements import insert_new, upsert
from record.values import NOBODY, Address
from record.values.handles import handle


class Claims:
    """Masters' rights to orders: one row an order, so that two can never both win."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, order_id: str, master_id: str) -> bool:
        """Claim an order; return whether this master got it, or had it already."""
        values = {"order_id": order_id, "master_id": master_id, "at": time.time()}
        is_first = insert_new(self._connection, claims, values)
        return is_first or self.owner(order_id) == master_id

    def owner(self, order_id: str) -> str | None:
        """Return the ID of the master who has the order, or None."""
        query = select(claims.c.master_id).where(claims.c.order_id == order_id)
        return self._connection.execute(query).scalar()

    def set(self, order_id: str, master_id: str) -> None:
        """Make the claim follow the sheet: this master has the order, or "" nobody."""
        if master_id:
            values = {"order_id": order_id, "master_id": master_id, "at": time.time()}
            upsert(self._connection, claims, values)
            return
        claim = delete(claims).where(claims.c.order_id == order_id)
        self._connection.execute(claim)


class Cards:
    """Which message in which master's chat shows an order with a button."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self, order_id: str, master_id: str, chat: Address, message_id: str
    ) -> None:
        """Remember the latest card of an order in a master's chat."""
        values = {
            "order_id": order_id,
            "master_id": master_id,
            "chat": chat,
            "message_id": message_id,
            "at": time.time(),
        }
        upsert(self._connection, cards, values)

    def get(self, order_id: str, master_id: str) -> tuple[Address, str] | None:
        """Return chat and message id of an order's card in a master's chat, or None."""
        mine = (cards.c.order_id == order_id) & (cards.c.master_id == master_id)
        query = select(cards.c.chat, cards.c.message_id).where(mine)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return row.chat, row.message_id

    def holders(self, order_id: str) -> list[str]:
        """Return the IDs of the masters whose chats show a card of this order."""
        query = select(cards.c.master_id).where(cards.c.order_id == order_id)
        return list(self._connection.execute(query).scalars())

    def shown(self, chat: Address, message_id: str) -> tuple[str, str] | None:
        """Return the order and the master whose card is this message, or None."""
        this = (cards.c.chat == chat) & (cards.c.message_id == message_id)
        query = select(cards.c.order_id, cards.c.master_id).where(this)
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return row.order_id, row.master_id

    def named(self, name: str, chat: Address) -> str:
        """Return the number of the order of this handle whose card hangs in a chat.

        Returns "" where none does. So an order that was deleted from the sheet still is
        known there by its number.
        """
        query = select(cards.c.order_id).where(cards.c.chat == chat)
        order_ids: list[str] = list(self._connection.execute(query).scalars())
        for order_id in order_ids:
            if handle(order_id) == name:
                return order_id
        return ""


class Dialogs:
    """Where each conversation with a bot stands, so that a restart loses nothing."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, bot: str, chat: Address) -> dict[str, Any]:
        """Return the state of a conversation, empty when there is none."""
        query = select(dialogs.c.state).where(
            dialogs.c.bot == bot, dialogs.c.chat == chat
        )
        return dict(self._connection.execute(query).scalar() or {})

    def at(self, bot: str, chat: Address) -> float:
        """Return when a conversation was last kept, 0 where there is none."""
        query = select(dialogs.c.at).where(dialogs.c.bot == bot, dialogs.c.chat == chat)
        return float(self._connection.execute(query).scalar() or 0)

    def put(self, bot: str, chat: Address, state: dict[str, Any]) -> None:
        """Remember the state of a conversation; an empty one forgets it."""
        if state:
            values = {"bot": bot, "chat": chat, "state": state, "at": time.time()}
            upsert(self._connection, dialogs, values)
            return
        over = delete(dialogs).where(dialogs.c.bot == bot, dialogs.c.chat == chat)
        self._connection.execute(over)


class Forms:
    """Which order came of which form: one sent twice, or before a kill, makes one order."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def order(self, once: str, since: float = 0.0) -> tuple[str, str] | None:
        """Return ID and key of the order that came of this form since then, or None."""
        query = select(forms.c.order_id, forms.c.key).where(
            forms.c.once == once, forms.c.at >= since
        )
        row = self._connection.execute(query).first()
        if row is None:
            return None
        return row.order_id, row.key

    def put(self, once: str, order_id: str, key: str) -> bool:
        """Remember the order that came of a form; return whether it is the first one."""
        values = {"once": once, "order_id": order_id, "key": key, "at": time.time()}
        return insert_new(self._connection, forms, values)

    def put_again(self, once: str, order_id: str, key: str) -> None:
        """Remember the order that came of a form last, whichever came before."""
        values = {"once": once, "order_id": order_id, "key": key, "at": time.time()}
        upsert(self._connection, forms, values)

    def count(self, mark: str, limit: int) -> bool:
        """Count one more of something; return whether it is within the limit."""
        numbers = range(1, limit + 1)
        return any(self.put(f"{mark}{number}", "", "") for number in numbers)

    def sent_by(self, mark: str, since: float) -> list[str]:
        """Return the orders of one sender, a phone or a chat, since then, oldest first."""
        # all that begins with the mark and a colon: ";" is the sign behind ":"
        from_sender = forms.c.once.between(f"{mark}:", f"{mark};")
        query = select(forms.c.order_id).where(from_sender, forms.c.at >= since)
        query = query.order_by(forms.c.at, forms.c.order_id)
        return list(self._connection.execute(query).scalars())

    def sent_at(self, mark: str, order_id: str) -> float | None:
        """Return when this sender sent an order, None where another one did."""
        query = select(forms.c.at).where(forms.c.once == f"{mark}:{order_id}")
        return self._connection.execute(query).scalar()


class Inbox:
    """Updates of all bots, kept before they are confirmed, so that a kill loses none."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, bot: str, update_id: int, body: dict[str, Any], chat: Address = NOBODY
    ) -> bool:
        """Keep an update, behind all that wait; return whether it is new."""
        waiting = (updates.c.bot == bot) & updates.c.handled_at.is_(None)
        latest = select(func.max(updates.c.got_at)).where(waiting)
        last = self._connection.execute(latest).scalar() or 0.0
        # a clock that was set back must not let it overtake
        got_at = max(time.time(), last)
        values = {
            "bot": bot,
            "update_id": update_id,
            "body": body,
            "got_at": got_at,
            "attempts": 0,
        }
        return insert_new(self._connection, updates, {**values, "chat": chat})

    def open(
        self, bot: str, limit: int = 100, each: int = 20
    ) -> list[tuple[int, dict[str, Any], int]]:
        """Return id, body and attempts of updates whose handling has not ended.

        Each chat's first come before any chat's second, and so on; of one chat no more
        than ``each`` come at once, so that whoever writes without an end keeps nobody
        else from being heard.
        """
        mine = (updates.c.bot == bot) & updates.c.handled_at.is_(None)
        oldest = (updates.c.got_at, updates.c.update_id)
        in_chat = func.row_number().over(partition_by=updates.c.chat, order_by=oldest)
        ranked = select(updates.c.update_id, in_chat.label("place")).where(mine)
        places = ranked.subquery()
        columns = (updates.c.update_id, updates.c.body, updates.c.attempts)
        turns = select(*columns).where(mine)
        turns = turns.join(places, places.c.update_id == updates.c.update_id)
        # updates of no chat wait behind nobody
        turns = turns.where(or_(updates.c.chat == NOBODY, places.c.place <= each))
        turns = turns.order_by(places.c.place, *oldest).limit(limit)
        rows = self._connection.execute(turns)
        return [(update_id, body, attempts) for update_id, body, attempts in rows]

    def tried(self, bot: str, update_id: int) -> bool:
        """Count an attempt to handle an update; return whether it is still to be handled.

        It is counted before it is made: what kills the process counts too.
        """
        mine = (
            (updates.c.bot == bot)
            & (updates.c.update_id == update_id)
            & updates.c.handled_at.is_(None)
        )
        counted = update(updates).where(mine).values(attempts=updates.c.attempts + 1)
        return bool(self._connection.execute(counted).rowcount)

    def done(self, bot: str, update_id: int) -> None:
        """Note that an update has been handled."""
        mine = (updates.c.bot == bot) & (updates.c.update_id == update_id)
        # what the person said is not needed any more
        handled = update(updates).where(mine).values(handled_at=time.time(), body={})
        self._connection.execute(handled)
        tally(self._connection, "updates", bot=bot)
