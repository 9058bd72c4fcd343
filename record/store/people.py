"""Who took which order, whose chat shows which card, and where each conversation
stands.
"""

import time
from typing import Any

from sqlalchemy import Connection, delete, func, or_, select, update

from record.grid.handles import handle
from record.store.metrics import tally
from record.store.schema import cards, claims, dialogs, forms, updates
from record.store.statements import insert_new, upsert
from record.values import NOBODY, Address


class Claims:
    """Masters' rights to orders: one row an order, so that two masters can never both
    win.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def take(self, order_id: str, master_id: str) -> bool:
        """Claim an order; say whether this master got it (or already had it)."""
        values = {"order_id": order_id, "master_id": master_id, "at": time.time()}
        return (
            insert_new(self._connection, claims, values)
            or self.owner(order_id) == master_id
        )

    def owner(self, order_id: str) -> str | None:
        """Return the ID of the master who has the order, or None."""
        return self._connection.execute(
            select(claims.c.master_id).where(claims.c.order_id == order_id)
        ).scalar()

    def set(self, order_id: str, master_id: str) -> None:
        """Make the claim follow the sheet: this master has the order now; "" means
        nobody.
        """
        if master_id:
            upsert(
                self._connection,
                claims,
                {"order_id": order_id, "master_id": master_id, "at": time.time()},
            )
        else:
            self._connection.execute(
                delete(claims).where(claims.c.order_id == order_id)
            )


class Cards:
    """Which message in which master's chat shows an order with a button."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(
        self, order_id: str, master_id: str, chat: Address, message_id: str
    ) -> None:
        """Remember the latest card of an order in a master's chat."""
        upsert(
            self._connection,
            cards,
            {
                "order_id": order_id,
                "master_id": master_id,
                "chat": chat,
                "message_id": message_id,
                "at": time.time(),
            },
        )

    def get(self, order_id: str, master_id: str) -> tuple[Address, str] | None:
        """Return chat and message id of an order's card in a master's chat, or None."""
        query = select(cards.c.chat, cards.c.message_id)
        row = self._connection.execute(
            query.where(cards.c.order_id == order_id, cards.c.master_id == master_id)
        ).first()
        return (row[0], row[1]) if row else None

    def holders(self, order_id: str) -> list[str]:
        """Return the IDs of the masters whose chats show a card of this order."""
        return list(
            self._connection.execute(
                select(cards.c.master_id).where(cards.c.order_id == order_id)
            ).scalars()
        )

    def shown(self, chat: Address, message_id: str) -> tuple[str, str] | None:
        """Return the order and the master whose card is this message, or None."""
        query = select(cards.c.order_id, cards.c.master_id)
        row = self._connection.execute(
            query.where(cards.c.chat == chat, cards.c.message_id == message_id)
        ).first()
        return (row[0], row[1]) if row else None

    def named(self, name: str, chat: Address) -> str:
        """Return the number of the order of this handle whose card hangs in a chat, ""
        where none does.

        So an order that was deleted from the sheet still is known there by its number.
        """
        query = select(cards.c.order_id).where(cards.c.chat == chat)
        found = self._connection.execute(query).scalars()
        return next((order_id for order_id in found if handle(order_id) == name), "")


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

    def put(self, bot: str, chat: Address, state: dict[str, Any]) -> None:
        """Remember the state of a conversation; an empty one forgets it."""
        if state:
            upsert(
                self._connection,
                dialogs,
                {"bot": bot, "chat": chat, "state": state, "at": time.time()},
            )
        else:
            self._connection.execute(
                delete(dialogs).where(dialogs.c.bot == bot, dialogs.c.chat == chat)
            )


class Forms:
    """Which order came of which sent form, so that one sent twice, at once or after a
    kill, makes one order.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def order(self, once: str) -> tuple[str, str] | None:
        """Return ID and key of the order that came of this form, or None."""
        row = self._connection.execute(
            select(forms.c.order_id, forms.c.key).where(forms.c.once == once)
        ).first()
        return (row[0], row[1]) if row else None

    def put(self, once: str, order_id: str, key: str) -> bool:
        """Remember the order that came of a form; say whether it is the first of this
        form.
        """
        values = {"once": once, "order_id": order_id, "key": key, "at": time.time()}
        return insert_new(self._connection, forms, values)

    def sent_by(self, mark: str, since: float) -> list[str]:
        """Return the orders that came since then from one sender, a phone or a chat,
        oldest first.
        """
        his = forms.c.once.between(f"{mark}:", f"{mark};") & (forms.c.at >= since)
        query = (
            select(forms.c.order_id).where(his).order_by(forms.c.at, forms.c.order_id)
        )
        return list(self._connection.execute(query).scalars())

    def sent_at(self, mark: str, order_id: str) -> float | None:
        """Return when this sender sent an order, None where it is not his."""
        return self._connection.execute(
            select(forms.c.at).where(forms.c.once == f"{mark}:{order_id}")
        ).scalar()


class Inbox:
    """Telegram's updates, kept before Telegram is told that they arrived, so that a
    kill loses none.
    """

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, bot: str, update_id: int, body: dict[str, Any], chat: Address = NOBODY
    ) -> bool:
        """Keep an update, behind all that wait whatever the clock says; say whether it
        is new.
        """
        waiting = (updates.c.bot == bot) & updates.c.handled_at.is_(None)
        last = self._connection.execute(
            select(func.max(updates.c.got_at)).where(waiting)
        ).scalar()
        got_at = max(time.time(), last or 0.0)
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
        mine, oldest = (
            (updates.c.bot == bot) & updates.c.handled_at.is_(None),
            (updates.c.got_at, updates.c.update_id),
        )
        place = (
            func.row_number()
            .over(partition_by=updates.c.chat, order_by=oldest)
            .label("place")
        )
        ranked = select(updates.c.update_id, place).where(mine).subquery()
        turns = select(updates.c.update_id, updates.c.body, updates.c.attempts).where(
            mine
        )
        turns = turns.join(ranked, ranked.c.update_id == updates.c.update_id)
        turns = turns.where(or_(updates.c.chat == NOBODY, ranked.c.place <= each))
        rows = self._connection.execute(
            turns.order_by(ranked.c.place, *oldest).limit(limit)
        )
        return [(update_id, body, attempts) for update_id, body, attempts in rows]

    def tried(self, bot: str, update_id: int) -> bool:
        """Count an attempt to handle an update before it is made; False where its
        handling has ended already.
        """
        mine = (
            (updates.c.bot == bot)
            & (updates.c.update_id == update_id)
            & updates.c.handled_at.is_(None)
        )
        counted = self._connection.execute(
            update(updates).where(mine).values(attempts=updates.c.attempts + 1)
        )
        return bool(counted.rowcount)

    def done(self, bot: str, update_id: int) -> None:
        """Note that an update has been handled."""
        mine = (updates.c.bot == bot) & (updates.c.update_id == update_id)
        self._connection.execute(
            update(updates).where(mine).values(handled_at=time.time(), body={})
        )
        tally(self._connection, "updates", bot=bot)
