"""T5: the stand-in for Telegram lets people and attackers send everything, and the bots live through all of it."""

import base64
from functools import partial
from typing import Any

from tests.harness.company import JULIA, Company
from tests.harness.system import ADMIN, CLIENT_BOT, MASTER_BOT
from tests.sandbox.telegram_talk import PNG

PICTURE = base64.b64encode(PNG).decode()
GROUP = -1009876543210
SENT: list[Any] = [
    {"voice": {"duration": 3}},
    {"video_note": {}},
    {"sticker": {}},
    {"location": {"latitude": 54.7, "longitude": 20.5}},
    {"contact": {"phone_number": "79991112233", "first_name": "Сосед", "user_id": 77}},
    {"photo": PICTURE, "caption": "Искрит"},
    {"album": [PICTURE, PICTURE], "caption": "Щиток"},
    {"document": {}},
    {"dice": {}},
    {"text": "Ленинский, 1", "forward_origin": {"sender_user_name": "Кто-то"}},
]
SERVICE: list[Any] = [
    {"new_chat_members": [JULIA]},
    {"left_chat_member": JULIA},
    {"pinned_message": 1},
    {"new_chat_title": "Диспетчеры"},
    {"group_chat_created": True},
    {"text": "/start", "sender_chat": {"id": GROUP}},
    {"text": "сообщение канала", "sender_chat": {"id": -1005}},
]
FORGED = ["", "x", "menu", "why", "accept:", "accept:x", "done:1:2:3:4", "🔔" * 16, "a" * 64]


def test_t5_people_and_attackers_can_send_everything(company: Company) -> None:
    system = company.system
    system.post("telegram/groups", id=GROUP, title="Группа")
    for bot, person in ((CLIENT_BOT, JULIA), (MASTER_BOT, ADMIN)):
        for content in SENT:
            system.sends(bot, person, content)
        for content in SERVICE:
            system.sends(bot, person, content, chat=GROUP)
        for data in FORGED:
            for message in (0, 1, 10**6):
                system.forges(bot, person, data, message)
        (number,) = system.sends(bot, person, {"text": "до правки"})
        system.edits(bot, person, number, "после правки")
        line = next(line for line in system.chat(bot, person) if line["message_id"] == number)
        assert (line["text"], line["edited"]) == ("после правки", True)
        (asked,) = system.sends(bot, person, {"text": "/start"})
        company.waits_for(partial(_answered, company, bot, person, asked), "an answer to /start after all that")


def _answered(company: Company, bot: str, person: int, message_id: int) -> bool:
    """Whether the bot has written to the person since."""
    last = company.system.chat(bot, person)[-1]
    return bool(last["from"] == "bot" and last["message_id"] > message_id)
