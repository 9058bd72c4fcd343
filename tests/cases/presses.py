"""Buttons pressed as attackers and old messages press them: with data that the app sends, not the label."""

from collections.abc import Sequence
from typing import Any

from tests.harness.company import Company, Message
from tests.harness.system import MASTER_BOT, wait_for

FEW = 5


def carried(message: Message) -> list[str]:
    """Return what the buttons of a message carry."""
    return [button["callback_data"] for row in message["buttons"] or [] for button in row]


def answers(company: Company, person: int, bot: str = MASTER_BOT) -> list[dict[str, Any]]:
    """Return what a person was answered to presses, oldest first."""
    path = f"{company.system.url}/sandbox/telegram/answers"
    found = company.system.http.get(path, params={"bot": bot, "person": str(person)}).json()
    return [one for one in found if one["answered"]]


def forge_all(
    company: Company, person: int, message: Message, data: Sequence[str], bot: str = MASTER_BOT
) -> list[str]:
    """Send all this data under a message; return the toasts: exactly one for each.

    A few at a time, since Telegram takes no answer to a press that is too old.
    """
    told: list[str] = []
    for start in range(0, len(data), FEW):
        told += _forge(company, person, message, data[start : start + FEW], bot)
    return told


def _forge(company: Company, person: int, message: Message, data: Sequence[str], bot: str) -> list[str]:
    before = len(answers(company, person, bot))
    for one in data:
        company.system.post("telegram/press", bot=bot, person=person, message_id=message["message_id"], data=one)

    def answered() -> bool:
        return len(answers(company, person, bot)) >= before + len(data)

    wait_for(answered, f"answers to {list(data)}")
    toasts = answers(company, person, bot)[before:]
    assert len(toasts) == len(data), toasts
    return [str(toast["text"] or "") for toast in toasts]


def forge(company: Company, person: int, message: Message, data: str, bot: str = MASTER_BOT) -> str:
    """Send data under a message; return the toast, once it has come: exactly one for each press."""
    (toast,) = forge_all(company, person, message, [data], bot)
    return toast
