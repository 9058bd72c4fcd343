"""The real python-telegram-bot against the sandbox."""

import asyncio
import io
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, Message, Update
from telegram.error import BadRequest, Conflict, Forbidden, InvalidToken, RetryAfter
from telegram.ext import Application, ApplicationBuilder, CallbackQueryHandler, CommandHandler, ContextTypes

from tests.harness.system import HANG_S
from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import BOT, PNG, YULIA, Json, Talk

Context = ContextTypes.DEFAULT_TYPE
Scenario = Callable[[Bot], Awaitable[None]]


@pytest.fixture(autouse=True)
def _environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """PTB's HTTP client would honour a proxy even for loopback, and warns about numbers of seconds."""
    monkeypatch.setenv("NO_PROXY", "*")
    monkeypatch.setenv("PTB_TIMEDELTA", "1")


def application(url: str) -> Application[Any, Any, Any, Any, Any, Any]:
    """PTB pointed at the sandbox."""
    builder = ApplicationBuilder().token(BOT).base_url(f"{url}/bot").base_file_url(f"{url}/file/bot")
    return builder.build()


def with_bot(url: str, scenario: Scenario) -> None:
    """Run a scenario with an initialised bot."""

    async def run() -> None:
        async with application(url) as app:
            await scenario(app.bot)

    asyncio.run(run())


async def until(condition: Callable[[], bool]) -> None:
    """Wait for a condition, looking again and again."""
    deadline = time.monotonic() + 5
    while not await asyncio.to_thread(condition):
        assert time.monotonic() < deadline


def test_a_polling_bot_answers_a_command_and_a_press(sandbox: Sandbox) -> None:
    talk = Talk(sandbox).exists()
    app = application(sandbox.url)

    async def on_start(update: Update, context: Context) -> None:
        assert update.message is not None
        markup = InlineKeyboardMarkup([[InlineKeyboardButton("Принять", callback_data="y:1")]])
        await update.message.reply_html(f"<b>Здравствуйте</b> {context.args}", reply_markup=markup)

    async def on_press(update: Update, _: Context) -> None:
        assert update.callback_query is not None
        await update.callback_query.answer("Ваш")
        await update.callback_query.edit_message_text("Взят")

    app.add_handler(CommandHandler("start", on_start))
    app.add_handler(CallbackQueryHandler(on_press))

    def last() -> Json:
        return talk.seen()[-1]

    async def run() -> None:
        async with app:
            await app.start()
            assert app.updater is not None
            await app.updater.start_polling()
            await asyncio.to_thread(talk.say, "/start order_5")
            await until(lambda: last()["text"] == "Здравствуйте ['order_5']")
            await asyncio.to_thread(talk.press, last())
            await until(lambda: bool(last()["text"] == "Взят"))
            await app.updater.stop()
            await app.stop()

    asyncio.run(run())
    assert talk.updates() == []
    counted = sandbox.get("/sandbox/requests").json()["telegram"]
    assert counted["deleteWebhook"] == 1
    assert counted["sendMessage"] == counted["editMessageText"] == counted["answerCallbackQuery"] == 1


def test_every_method_reads_back_in_ptb(sandbox: Sandbox) -> None:
    talk = Talk(sandbox).started(phone="+79001234567")
    sandbox.control("telegram/groups", id=-1005, title="Штаб", forum=True)

    async def scenario(bot: Bot) -> None:
        await bot.send_chat_action(YULIA, "typing")
        photo = await bot.send_photo(YULIA, PNG, caption="<i>Щиток</i>", parse_mode="HTML")
        assert photo.photo[-1].width == 1000
        file = await bot.get_file(photo.photo[-1])
        assert bytes(await file.download_as_bytearray()) == PNG
        album = await bot.send_media_group(YULIA, [InputMediaPhoto(PNG), InputMediaPhoto(PNG + b"2")])
        assert len(album) == 2
        edited = await photo.edit_caption("Другой")
        assert isinstance(edited, Message)
        assert edited.caption == "Другой"
        sent = await bot.send_document(YULIA, io.BytesIO(b"%PDF"), filename="a.pdf")
        assert sent.document is not None
        assert sent.document.file_name == "a.pdf"
        place = await bot.send_location(YULIA, 54.71, 20.45)
        assert place.location is not None
        await bot.send_contact(YULIA, "+7900", "Пётр")
        assert (await bot.copy_message(YULIA, YULIA, photo.message_id)).message_id
        assert (await bot.forward_message(YULIA, YULIA, photo.message_id)).forward_origin is not None
        assert await bot.delete_message(YULIA, place.message_id)
        assert await bot.delete_messages(YULIA, [sent.message_id])
        await bot.set_my_commands([BotCommand("start", "Начать")])
        assert (await bot.get_my_commands())[0].command == "start"
        assert await bot.delete_my_commands()
        await bot.set_my_name("Балт-Сеть")
        await bot.set_my_description("Электрики")
        await bot.set_chat_menu_button()
        assert (await bot.get_chat(YULIA)).first_name == "Юля"
        assert (await bot.get_chat_member(-1005, bot.id)).status == "administrator"
        topic = await bot.create_forum_topic(-1005, "Заказ #1")
        thread = topic.message_thread_id
        assert await bot.edit_forum_topic(-1005, thread, name="Заказ #1 ✅")
        assert await bot.close_forum_topic(-1005, thread)
        assert (await bot.get_webhook_info()).url == ""
        message = await bot.send_message(YULIA, "x", reply_to_message_id=photo.message_id)
        assert message.reply_to_message is not None
        await bot.edit_message_text("y", YULIA, message.message_id)

    with_bot(sandbox.url, scenario)
    assert talk.seen()[-1]["text"] == "y"


def test_errors_become_ptbs_exceptions(sandbox: Sandbox) -> None:
    talk = Talk(sandbox).started()
    message = talk.send("x")["message_id"]

    async def scenario(bot: Bot) -> None:
        with pytest.raises(BadRequest, match="not modified"):
            await bot.edit_message_text("x", YULIA, message)
        with pytest.raises(BadRequest, match="Chat not found"):
            await bot.send_message(777, "x")
        await asyncio.to_thread(sandbox.control, "telegram/limits", enabled=True)
        for _ in range(3):
            await bot.send_message(YULIA, "x")
        with pytest.raises(RetryAfter):
            await bot.send_message(YULIA, "x")
        await asyncio.to_thread(talk.act, "block", person=YULIA, blocked=True)
        with pytest.raises(Forbidden, match="blocked"):
            await bot.send_message(YULIA, "x")
        await asyncio.to_thread(talk.act, "revoke", revoked=True)
        with pytest.raises(InvalidToken):
            await bot.get_me()

    with_bot(sandbox.url, scenario)


def test_the_older_of_two_pollers_sees_a_conflict(sandbox: Sandbox) -> None:
    Talk(sandbox).exists()

    async def scenario(bot: Bot) -> None:
        async with application(sandbox.url) as other:
            await poll_both(bot, other.bot)

    async def poll_both(*bots: Bot) -> None:
        polls = [asyncio.create_task(bot.get_updates(timeout=10)) for bot in bots]
        done, _ = await asyncio.wait(polls, return_when=asyncio.FIRST_COMPLETED, timeout=HANG_S)
        assert [type(poll.exception()) for poll in done] == [Conflict]
        await asyncio.to_thread(Talk(sandbox).say, "x")
        await asyncio.wait(polls, timeout=HANG_S)
        answered = [poll for poll in polls if poll not in done]
        assert [len(poll.result()) for poll in answered] == [1]

    with_bot(sandbox.url, scenario)
