"""What is kept of a conversation outlives an update of Naryad."""

from bots.conversations import Memory
from bots.messages import Button, Message, Reply
from record.values import telegram
from tests.harness.bot_office import BotOffice


def test_replies_that_an_earlier_release_kept_are_read(room: BotOffice) -> None:
    """Messages had numbers then, and buttons an address."""
    button = {"text": "Нет", "data": "mine", "url": "", "order": "5"}
    message = {"text": "Отменить?", "buttons": [[button]], "keyboard": []}
    kept = {"message": message, "edit": 7, "query": "", "toast": "", "alert": False, "card": None}
    with room.store.transaction() as tx:
        tx.dialogs.put("client", telegram(501), {"last": {"update": 9, "replies": [kept]}})
        decided = Memory(tx, "client").decided(telegram(501), 9)
    assert decided == (Reply(Message("Отменить?", ((Button("Нет", "mine", order="5"),),)), edit="7"),)
