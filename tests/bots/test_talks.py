"""Staff answer visitors of the site's chat from the admin's Telegram chat."""

from record.actions.talks import TalkActions
from record.store import Speech
from tests.harness.bot_system import BotSystem
from tests.harness.system import wait_for


def asked(bot_system: BotSystem, text: str, phone: str = "") -> str:
    """Let a visitor of the site ask for a person; return the secret of his talk."""
    talks = TalkActions(bot_system.store, bot_system.settings)
    secret = talks.said("", text, lambda _: Speech("assistant", "Не знаю"))
    assert talks.ask_person(secret, phone)
    return secret


def heard(bot_system: BotSystem, secret: str) -> list[str]:
    """Return what staff said in a talk."""
    lines, _ = TalkActions(bot_system.store, bot_system.settings).lines(secret)
    return [line.speech.text for line in lines if line.speech.who == "staff"]


def test_a_reply_to_a_visitors_question_stands_in_his_talk(bot_system: BotSystem) -> None:
    admin = bot_system.admin()
    admin.say("/start")
    secret = asked(bot_system, "Повесите <люстру> на 8 кг?", "+79001234567")
    other = asked(bot_system, "А проводку поменяете?")
    shown = admin.hears("Повесите <люстру> на 8 кг?")
    assert all(part in shown["text"] for part in ("🤖 Не знаю", "+79001234567", "Ответьте на это сообщение"))
    admin.send(text="Повесим, 2 600 ₽", reply_to=shown["message_id"])
    wait_for(lambda: heard(bot_system, secret), "the answer in the talk")
    assert (heard(bot_system, secret), heard(bot_system, other)) == (["Повесим, 2 600 ₽"], [])
    admin.hears("Ответ передан")


def test_a_reply_to_anything_else_goes_nowhere(bot_system: BotSystem) -> None:
    admin = bot_system.admin()
    admin.say("/start")
    secret = asked(bot_system, "Есть кто живой?")
    admin.hears("Есть кто живой?")
    greeting = admin.asks("/start", "Сюда будут")
    before = len(admin.chat())
    admin.send(text="спасибо", reply_to=greeting["message_id"])
    wait_for(lambda: len(admin.chat()) > before + 1, "the bot's answer")
    assert heard(bot_system, secret) == []


def test_that_a_client_says_he_has_paid_is_told_once(bot_system: BotSystem) -> None:
    admin = bot_system.admin()
    admin.say("/start")
    number = bot_system.order(Статус="Выполнена", Цена=2000)
    assert [bot_system.actions.paid(number) for _ in range(2)] == [True, True]
    told = admin.hears(f"об оплате заявки #{number}")["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert "2 000 ₽. Проверьте поступление" in told
    assert len(admin.heard(f"об оплате заявки #{number}")) == 1
