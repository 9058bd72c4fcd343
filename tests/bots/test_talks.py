"""Staff answer visitors of the site's chat from the admin's Telegram chat."""

from record.actions.talks import TalkActions
from record.store import Speech
from tests.bots.town import Town
from tests.house import wait_for


def asked(town: Town, text: str, phone: str = "") -> str:
    """Let a visitor of the site ask for a person; return the secret of his talk."""
    talks = TalkActions(town.store, town.settings)
    secret = talks.said("", text, lambda _: Speech("assistant", "Не знаю"))
    assert talks.ask_person(secret, phone)
    return secret


def heard(town: Town, secret: str) -> list[str]:
    """Return what staff said in a talk."""
    lines, _ = TalkActions(town.store, town.settings).lines(secret)
    return [line.speech.text for line in lines if line.speech.who == "staff"]


def test_a_reply_to_a_visitors_question_stands_in_his_talk(town: Town) -> None:
    admin = town.admin()
    admin.say("/start")
    secret = asked(town, "Повесите <люстру> на 8 кг?", "+79001234567")
    other = asked(town, "А проводку поменяете?")
    shown = admin.hears("Повесите <люстру> на 8 кг?")
    assert all(part in shown["text"] for part in ("🤖 Не знаю", "+79001234567", "Ответьте на это сообщение"))
    admin.send(text="Повесим, 2 600 ₽", reply_to=shown["message_id"])
    wait_for(lambda: heard(town, secret), "the answer in the talk")
    assert (heard(town, secret), heard(town, other)) == (["Повесим, 2 600 ₽"], [])
    admin.hears("Ответ передан")


def test_a_reply_to_anything_else_goes_nowhere(town: Town) -> None:
    admin = town.admin()
    admin.say("/start")
    secret = asked(town, "Есть кто живой?")
    admin.hears("Есть кто живой?")
    greeting = admin.asks("/start", "Сюда будут")
    before = len(admin.chat())
    admin.send(text="спасибо", reply_to=greeting["message_id"])
    wait_for(lambda: len(admin.chat()) > before + 1, "the bot's answer")
    assert heard(town, secret) == []


def test_that_a_client_says_he_has_paid_is_told_once(town: Town) -> None:
    admin = town.admin()
    admin.say("/start")
    number = town.order(Статус="Выполнена", Цена=2000)
    assert [town.actions.paid(number) for _ in range(2)] == [True, True]
    told = admin.hears(f"об оплате заявки #{number}")["text"].replace("\N{NO-BREAK SPACE}", " ")
    assert "2 000 ₽. Проверьте поступление" in told
    assert len(admin.heard(f"об оплате заявки #{number}")) == 1
