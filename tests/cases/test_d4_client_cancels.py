"""A client cancels, or a master gives an order back: the dispatcher hears of it, and why."""

from pathlib import Path
from typing import Any

import pytest
from freezegun import freeze_time

from bots.client.bot import ClientBot
from bots.delivery.outbox import DeliveryStore
from bots.incoming import Incoming
from bots.messages import Button, Reply
from record.values import telegram
from record.values.actors import Actor
from tests.harness.bot_office import ADMIN, CLIENT, BotOffice

NOON = "2026-12-15 12:00:00"


class Julia:
    """The client of order 5, who writes to the clients' bot."""

    def __init__(self, folder: Path) -> None:
        self.office = BotOffice(folder)
        self.office.order()
        self.bot = ClientBot(self.office.store, self.office.settings, self.office.actions)
        self.updates = 0
        self.shown: dict[str, Button] = {}

    def does(self, kind: str, **said: Any) -> list[Reply]:
        """Do something; what is shown then can be pressed."""
        self.updates += 1
        doing = Incoming(telegram(CLIENT), kind, message_id="9", query="q", **said)  # type: ignore[arg-type]  # a kind as text
        replies = list(self.bot.answer(self.updates, doing))
        for reply in replies:
            for row in reply.message.buttons if reply.message else ():
                self.shown |= {button.text: button for button in row}
        return replies

    def presses(self, text: str) -> str:
        """Press a button that was shown; return all that is answered."""
        button = self.shown[text]
        return texts(self.does("press", data=button.data, order=button.order))

    def cancels(self) -> None:
        """Cancel order 5."""
        self.does("text", text="📋 Мои заявки")
        self.presses("❌ Отменить #5")
        said = self.presses("Да, отменить")
        assert "Отменена" in said
        assert "Почему" in said

    def is_opened_again(self) -> None:
        """Let the dispatcher write «Новая» over her «Отменена»."""
        with self.office.store.transaction() as tx:
            written = [write.id for write in tx.journal.pending("Заявки", "5")]
            tx.journal.mark(written, "written")
            tx.journal.echo(written)
        self.office.order()

    def admin_reads(self) -> list[str]:
        """Return what the admin is sent now, as he reads it."""
        office = self.office
        kept = DeliveryStore(office.store, office.settings, office.actions, ["admin"], ["telegram"])
        read = []
        while heads := kept.heads():
            outgoing = kept.present(heads[0])
            read.append(outgoing.message.text if outgoing.message else "")
            with office.store.transaction() as tx:
                tx.outbox.end(heads[0].id, "sent")
        return [text.replace("\\", "") for text in read]

    def comment(self) -> str:
        """Return «Комментарий» as it will stand."""
        with self.office.store.reading() as tx:
            order = tx.orders.get("5")
        assert order
        return order.comment


def texts(replies: list[Reply]) -> str:
    """Return all that replies say."""
    said = []
    for reply in replies:
        said.append(reply.toast)
        if reply.message:
            said.append(reply.message.text)
    return "\n".join(said)


@pytest.fixture
def julia(tmp_path: Path) -> Julia:
    """A client with an order that nobody has taken."""
    return Julia(tmp_path)


def test_d4_the_reason_is_pressed(julia: Julia) -> None:
    julia.cancels()
    assert julia.admin_reads() == [], "she is still asked"
    assert "Спасибо" in julia.presses("Долго ждать")
    (told,) = julia.admin_reads()
    assert "Клиент отменил заявку #5" in told
    assert "Причина: Долго ждать" in told
    assert julia.comment() == "Клиент отменил заявку: Долго ждать"
    julia.presses("Слишком дорого")
    assert "Слишком дорого" in julia.admin_reads()[0], "who thinks again is heard"


def test_d4_the_reason_is_written(julia: Julia) -> None:
    julia.cancels()
    assert "Спасибо" in texts(julia.does("text", text="сосед  помог,\nспасибо"))
    (told,) = julia.admin_reads()
    assert "сосед помог, спасибо" in told
    assert julia.comment() == "Клиент отменил заявку: сосед помог, спасибо"
    assert "Спасибо" not in texts(julia.does("text", text="алло")), "one answer is one answer"


@pytest.mark.parametrize("key", ["📋 Мои заявки", "⚡ Услуги электрика", "/start", "Вернуться в меню", "✏️ Адрес"])
def test_d4_a_key_is_no_reason(julia: Julia, key: str) -> None:
    julia.cancels()
    julia.does("text", text=key)
    assert julia.comment() == ""


def test_d4_who_wants_to_be_forgotten_gives_no_reason(julia: Julia) -> None:
    julia.cancels()
    assert "удалить ваши данные" in texts(julia.does("text", text="Удалить мои данные."))
    assert julia.comment() == ""


@pytest.mark.parametrize("more", [{"edited": True}, {"sort": "photo", "file": "f"}], ids=["an edit", "a caption"])
def test_d4_what_is_said_of_something_else_gives_no_reason(julia: Julia, more: dict[str, Any]) -> None:
    julia.cancels()
    assert "Спасибо" not in texts(julia.does("text", text="вот тут искрит", **more))
    assert "отменил заявку" not in julia.comment()
    assert "Спасибо" in texts(julia.does("text", text="долго ждать")), "the question still stands"


@pytest.mark.parametrize("reason", ["Долго ждать", "Пропустить"])
def test_d4_of_an_order_that_was_opened_again_nobody_is_said_to_hear_why(julia: Julia, reason: str) -> None:
    julia.cancels()
    julia.is_opened_again()
    answer = julia.presses(reason)
    assert ("изменилась" in answer, "Спасибо" in answer) == (True, False)
    assert julia.comment() == ""


def test_d4_what_she_writes_then_is_said_of_the_order(julia: Julia) -> None:
    julia.cancels()
    julia.is_opened_again()
    assert "Передал диспетчеру по заявке #5" in texts(julia.does("text", text="дорого вышло бы"))
    assert "«дорого вышло бы»" in julia.admin_reads()[-1]


def test_d4_she_will_not_say(julia: Julia) -> None:
    julia.cancels()
    julia.presses("Пропустить")
    assert "не названа" in julia.admin_reads()[0]
    assert julia.comment() == ""


def test_d4_she_says_nothing_and_thinks_of_it_later(julia: Julia) -> None:
    with freeze_time(NOON) as clock:
        julia.cancels()
        julia.office.queue("admin", "alarm", key="urgent", text="Google отвечает 403")
        assert "403" in julia.admin_reads()[0], "nothing waits behind a question"
        clock.tick(21)
        assert "не названа" in julia.admin_reads()[0]
        julia.presses("Больше не нужно")
        (later,) = julia.admin_reads()
        assert "Почему клиент отменил заявку #5: Больше не нужно" in later
        assert julia.comment().endswith("Больше не нужно")


def test_d4_what_is_written_long_after_is_no_reason(julia: Julia) -> None:
    with freeze_time(NOON) as clock:
        julia.cancels()
        clock.tick(3600)
        julia.does("text", text="когда вы приедете по другой заявке?")
    assert julia.comment() == ""


@pytest.mark.parametrize(("reason", "said"), [("дорого", "Причина: дорого"), ("", "не названа")])
def test_d4_on_the_tracking_page_the_admin_hears_at_once(julia: Julia, reason: str, said: str) -> None:
    assert not julia.office.actions.cancel("5", Actor.client(), reason=reason).refusal
    (told,) = julia.admin_reads()
    assert said in told


def test_d4_a_master_gives_an_order_back(julia: Julia) -> None:
    julia.office.master()
    assert not julia.office.actions.accept("5", "1").refusal
    julia.office.actions.give_back("5", "1", "Не успеваю")
    julia.office.actions.give_back("5", "1", "Не успеваю")
    (told,) = julia.admin_reads()
    assert "Иван Петров вернул заявку #5. Причина: Не успеваю" in told


def test_d4_who_is_not_its_client_explains_nothing(julia: Julia) -> None:
    julia.cancels()
    assert not julia.office.actions.say_why_cancelled("5", Actor.client(telegram(ADMIN)), "просто так")
    assert julia.comment() == ""
