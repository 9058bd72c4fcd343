"""Many presses on one card at once: each is answered in time, which no change of the card may hold up."""

import pytest

from record.values import telegram
from tests.harness.bot_office import MASTER, BotOffice, Json, handles

CARD = 77
EACH_LOOK = 20


def press(number: int, data: str = "junk") -> Json:
    """Return the update of a press under the card."""
    who = {"id": MASTER, "is_bot": False, "first_name": "Иван"}
    chat = {"id": MASTER, "type": "private"}
    query = {"id": str(number), "from": who, "data": data, "chat_instance": "1"}
    return {
        "update_id": number,
        "callback_query": {**query, "message": {"message_id": CARD, "date": 1, "chat": chat}},
    }


@pytest.mark.parametrize("presses", [1, 5, 20, 40])
def test_the_card_is_changed_once_and_every_press_answered(room: BotOffice, presses: int) -> None:
    room.master()
    room.order()
    with room.store.transaction() as tx:
        tx.cards.put("5", "1", telegram(MASTER), str(CARD))

    handles(room, *(press(number) for number in range(1, presses + 1)))
    answered = [given["callback_query_id"] for name, given in room.wire.asked if name == "answerCallbackQuery"]
    assert answered == [str(number) for number in range(1, presses + 1)]
    looks = -(-presses // EACH_LOOK)
    assert 1 <= room.wire.count("editMessageText") <= looks
