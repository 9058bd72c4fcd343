"""Methods about the bot itself: who it is, its commands, names and menu, its files."""

import re

from .call import Call, known_chat, method
from .errors import ApiError, bad_request, too_many_requests
from .files import MAX_DOWNLOAD
from .model import Json

CLOSED_FOR_S = 600
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
_MENU_BUTTONS = {"default", "commands", "web_app"}


@method("getMe")
def get_me(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getme"""
    return {
        **call.bot.user(),
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
        "allows_users_to_create_topics": False,
    }


@method("getFile")
def get_file(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getfile"""
    stored = call.services.files.find(call.bot, call.params.text("file_id"))
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size > MAX_DOWNLOAD:
        raise bad_request("file is too big")
    return {
        "file_id": stored.file_id,
        "file_unique_id": stored.unique_id,
        "file_size": stored.size,
        "file_path": stored.path,
    }


def _scope(call: Call) -> str:
    """The key under which commands are kept: scope, chat and language."""
    scope = call.params.json("scope", "BotCommandScope") or {"type": "default"}
    if not isinstance(scope, dict) or "type" not in scope:
        raise bad_request("can't parse BotCommandScope: Can't find field \"type\"")
    parts = [str(scope[key]) for key in ("type", "chat_id", "user_id") if key in scope]
    return "/".join([*parts, call.params.text("language_code")])


@method("setMyCommands")
def set_my_commands(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmycommands"""
    given = call.params.json("commands", "commands")
    if not isinstance(given, list):
        raise bad_request("can't parse commands: expected an Array of BotCommand")
    if len(given) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    commands = [_command(command) for command in given]
    call.bot.commands[_scope(call)] = commands
    call.state.save_bot(call.bot)
    return True


def _command(given: object) -> Json:
    if not isinstance(given, dict):
        raise bad_request("can't parse BotCommand: expected an Object")
    name = str(given.get("command", "")).removeprefix("/")
    description = str(given.get("description", "")).strip()
    if not _COMMAND.fullmatch(name):
        raise bad_request("BOT_COMMAND_INVALID")
    if not 1 <= len(description) <= 256:
        raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return {"command": name, "description": description}


@method("getMyCommands")
def get_my_commands(call: Call) -> list[Json]:
    """https://core.telegram.org/bots/api#getmycommands"""
    return call.bot.commands.get(_scope(call), [])


@method("deleteMyCommands")
def delete_my_commands(call: Call) -> bool:
    """https://core.telegram.org/bots/api#deletemycommands"""
    call.bot.commands.pop(_scope(call), None)
    call.state.save_bot(call.bot)
    return True


def _set_name(call: Call, field: str, limit: int, refusal: str) -> bool:
    value = call.params.text(field)
    if len(value) > limit:
        raise bad_request(refusal)
    call.bot.names[f"{field}/{call.params.text('language_code')}"] = value
    if field == "name" and value and not call.params.text("language_code"):
        call.bot.first_name = value
    call.state.save_bot(call.bot)
    return True


def _get_name(call: Call, field: str) -> Json:
    default = call.bot.first_name if field == "name" else ""
    return {
        field: call.bot.names.get(
            f"{field}/{call.params.text('language_code')}", default
        )
    }


@method("setMyName")
def set_my_name(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmyname"""
    return _set_name(call, "name", 64, "BOT_TITLE_INVALID")


@method("getMyName")
def get_my_name(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getmyname"""
    return _get_name(call, "name")


@method("setMyDescription")
def set_my_description(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmydescription"""
    return _set_name(call, "description", 512, "BOT_DESCRIPTION_INVALID")


@method("getMyDescription")
def get_my_description(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getmydescription"""
    return _get_name(call, "description")


@method("setMyShortDescription")
def set_my_short_description(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setmyshortdescription"""
    return _set_name(call, "short_description", 120, "BOT_SHORT_DESCRIPTION_INVALID")


@method("getMyShortDescription")
def get_my_short_description(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getmyshortdescription"""
    return _get_name(call, "short_description")


@method("setChatMenuButton")
def set_chat_menu_button(call: Call) -> bool:
    """https://core.telegram.org/bots/api#setchatmenubutton"""
    button = call.params.json("menu_button", "MenuButton") or {"type": "default"}
    if not isinstance(button, dict) or button.get("type") not in _MENU_BUTTONS:
        raise bad_request("menu button has unsupported type")
    if call.params.text("chat_id"):
        chat = known_chat(call)
        chat.menu_button = button
        call.state.save_chat(chat)
    else:
        call.bot.menu_button = button
        call.state.save_bot(call.bot)
    return True


@method("getChatMenuButton")
def get_chat_menu_button(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getchatmenubutton"""
    own = known_chat(call).menu_button if call.params.text("chat_id") else None
    return own or call.bot.menu_button or {"type": "commands"}


@method("logOut")
def log_out(call: Call) -> bool:
    """https://core.telegram.org/bots/api#logout — for ten minutes the bot can't come
    back.
    """
    call.bot.logged_out = call.state.clock()
    call.state.save_bot(call.bot)
    return True


def refuse_logged_out(call: Call) -> None:
    """Refuse every call of a bot that has logged out."""
    if call.bot.logged_out and call.state.clock() - call.bot.logged_out < CLOSED_FOR_S:
        raise ApiError(400, "Logged out")


@method("close")
def close(call: Call) -> bool:
    """https://core.telegram.org/bots/api#close — refused in the first ten minutes."""
    left = CLOSED_FOR_S - (call.state.clock() - call.bot.born)
    if left > 0:
        raise too_many_requests(int(left) + 1)
    return True
