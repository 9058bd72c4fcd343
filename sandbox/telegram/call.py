"""One Bot API call: who calls, with what, on which chat; and the table of methods."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .errors import ApiError, bad_request, forbidden
from .files import Files
from .limits import Limits
from .model import Bot, Chat, Message
from .params import Params
from .state import State
from .updates import Updates

DELETE_WITHIN_S = 48 * 3600


@dataclass(frozen=True)
class Services:
    """What every method may use."""

    state: State
    updates: Updates
    files: Files
    limits: Limits


@dataclass(frozen=True)
class Call:
    """A method being called by a bot."""

    services: Services
    bot: Bot
    params: Params

    @property
    def state(self) -> State:
        """Everything the stand-in knows."""
        return self.services.state


Handler = Callable[[Call], Any]
METHODS: dict[str, tuple[str, Handler]] = {}


def method(name: str) -> Callable[[Handler], Handler]:
    """Enter a handler into the table under its name, found in any letter case."""

    def enter(handler: Handler) -> Handler:
        METHODS[name.lower()] = (name, handler)
        return handler

    return enter


def known_chat(call: Call, name: str = "chat_id") -> Chat:
    """The chat an argument names, as far as this bot may know of it."""
    given = call.params.text(name).strip()
    if not given:
        raise bad_request(f"{name} is empty")
    if not given.lstrip("-").isdigit():
        raise bad_request("chat not found")
    chat_id = int(given)
    group = call.state.groups.get(chat_id)
    if group is not None and group.group is not None:
        if group.group.migrated_to:
            raise ApiError(
                400,
                "Bad Request: group chat was upgraded to a supergroup chat",
                migrate_to_chat_id=group.group.migrated_to,
            )
        return group
    if chat_id not in call.state.people:
        if chat_id in call.state.bots:
            raise forbidden("bot can't send messages to bots")
        raise bad_request("chat not found")
    return call.state.private_chat(call.bot, chat_id)


def writable_chat(call: Call) -> Chat:
    """The chat to write into; refused if the person blocks the bot, or it is too fast."""
    chat = known_chat(call)
    if chat.group is None:
        if call.state.people[chat.id].deactivated:
            raise forbidden("user is deactivated")
        if chat.blocked:
            raise forbidden("bot was blocked by the user")
        if not chat.spoken:
            raise forbidden("bot can't initiate conversation with a user")
    if call.state.limits_enabled:
        call.services.limits.check(call.bot.id, chat.id)
    return chat


def own_message(call: Call, chat: Chat) -> Message:
    """The bot's message to edit.

    A message that came with a reply keyboard can't be edited, only one with an inline keyboard or none:
    https://core.telegram.org/bots/api#updating-messages
    """
    message_id = call.params.number("message_id")
    if not message_id:
        raise bad_request("message identifier is not specified")
    message = chat.alive(message_id)
    if message is None:
        raise bad_request("message to edit not found")
    foreign = not message.by_bot or message.sender != call.bot.id
    if foreign or (message.markup is not None and message.inline is None):
        raise bad_request("message can't be edited")
    return message


def deletable(call: Call, message: Message) -> bool:
    """Whether the message is young enough.

    https://core.telegram.org/bots/api#deletemessage
    """
    return call.state.clock() - message.date < DELETE_WITHIN_S
