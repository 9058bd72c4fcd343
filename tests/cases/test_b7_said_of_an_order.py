"""B7: what a client says of his order reaches his master, or staff, whatever it is; he is told who hears it."""

import re
from collections.abc import Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from bots.client.bot import ClientBot
from bots.client.passing import MOST_PENDING
from bots.incoming import Incoming
from bots.messages import Reply
from record.actions.base import FULLEST, NO_ROOM
from record.actions.limits import HOURLY
from record.values import telegram
from tests.harness.bot_office import CLIENT, MASTER, BotOffice

CHAT = telegram(CLIENT)
UPDATES = count(1)
POINT = "https://yandex.ru/maps/?pt=20.500000,54.700000&z=17&l=map"
AT = 1_790_000_000


@pytest.fixture
def office(tmp_path: Path) -> Iterator[BotOffice]:
    """A store with a master in it, and bots in this process."""
    made = BotOffice(tmp_path)
    made.master()
    yield made
    made.store.close()


def sends(office: BotOffice, text: str = "", **more: Any) -> list[Reply]:
    """Let the client send something; return what he is answered."""
    kind = "text" if text else "other"
    said = Incoming(CHAT, **{"kind": kind, "text": text, "full_name": "Юля К", "at": AT, "message_id": "3", **more})
    return list(ClientBot(office.store, office.settings, office.actions).answer(next(UPDATES), said))


def told(replies: list[Reply]) -> str:
    """Return the words of the answers."""
    return " ".join(reply.message.text for reply in replies if reply.message)


def heard(office: BotOffice, chat: int, words: str) -> None:
    """Deliver what waits, and see that somebody reads these words."""
    office.delivers(lambda: any(words in text for text in office.wire.said(chat)))


def comment(office: BotOffice, order: str = "5") -> str:
    """Return what stands in «Комментарий»."""
    with office.store.reading() as tx:
        found = tx.orders.get(order)
    assert found
    return found.comment


def in_work(office: BotOffice, **more: Any) -> None:
    """Let order 5 be in Ivan's work."""
    office.order(Статус="В работе", Мастер="Иван Петров", Имя="Юля", **more)


def test_b7_words_reach_the_master(office: BotOffice) -> None:
    in_work(office)
    answer = told(sends(office, "Приезжайте после 18"))
    assert "Передал мастеру по заявке #5: Иван Петров" in answer
    assert "+7 911 000-00-01" in answer
    heard(office, MASTER, "Клиент по заказу #5, Юля, Искрит:\n«Приезжайте после 18»\n📞 +7 900 123-45-67")
    assert comment(office).endswith(": Приезжайте после 18")


@pytest.mark.parametrize(("status", "reader"), [("В работе", MASTER), ("Новая", 900)])
def test_b7_however_long_they_are(office: BotOffice, status: str, reader: int) -> None:
    office.order(Статус=status, Мастер="Иван Петров" if reader == MASTER else "")
    said = " ".join(f"слово{number}" for number in range(400))
    assert 3000 < len(said) <= 4096
    sends(office, said, sort="photo", file="f1")
    office.delivers(lambda: set(office.outbox("5").values()) == {"sent"})
    first, second = office.wire.said(reader)
    assert "(продолжение)" in second
    assert "прислал" not in second
    assert re.findall(r"слово\d+", first + second) == said.split()


def test_b7_words_reach_staff_while_nobody_has_it(office: BotOffice) -> None:
    office.order(Имя="Юля")
    assert "Передал диспетчеру по заявке #5" in told(sends(office, "где мастер?"))
    heard(office, 900, "Клиент пишет по заявке #5, Юля, Искрит:\n«где мастер?»\n📞 +7 900 123-45-67")


def test_b7_and_after_the_work(office: BotOffice) -> None:
    office.order(Статус="Выполнена", Мастер="Иван Петров", **{"Дата выполнения": "27.11.2026", "Дата": "27.11.2026"})
    assert "по выполненной заявке #5" in told(sends(office, "снова искрит"))
    heard(office, 900, "«снова искрит»")


@pytest.mark.parametrize(
    ("sort", "detail", "words", "note"),
    [
        ("voice", "", "прислал голосовое сообщение", "прислал голосовое сообщение"),
        ("photo", "", "прислал фото", "прислал фото"),
        ("video_note", "", "прислал видеосообщение", "прислал видеосообщение"),
        ("document", "план.pdf", "прислал файл: план.pdf", "прислал файл: план.pdf"),
        ("location", POINT, f"прислал точку на карте: {POINT.replace('&', '&amp;')}", POINT),
        ("poll", "Когда?: утром, вечером", "прислал опрос: Когда?: утром, вечером", "Когда?"),
        ("contact", "Сосед +79991112233", "прислал контакт: Сосед +79991112233", "+79991112233"),
        ("sticker", "👍", "прислал стикер: 👍", ""),
        ("unknown", "", "прислал сообщение", "прислал сообщение"),
    ],
)
def test_b7_so_does_anything_else(office: BotOffice, sort: str, detail: str, words: str, note: str) -> None:
    in_work(office)
    kind = "contact" if sort == "contact" else "other"
    answer = told(sends(office, sort=sort, detail=detail, kind=kind))
    assert "Передал мастеру" in answer
    heard(office, MASTER, words)
    assert note in comment(office) if note else not comment(office)


def test_b7_the_file_itself_is_kept_for_whoever_takes_the_order(office: BotOffice) -> None:
    office.order()
    sends(office, sort="photo", file="f1")
    office.actions.accept("5", "1")
    assert office.outbox("5")["file:1:1"] == "waiting"
    heard(office, MASTER, "Клиент прислал к заказу #5: фото")


def test_b7_of_several_orders_he_is_asked_which(office: BotOffice) -> None:
    in_work(office)
    office.order(ID=6, Проблема="Нет света")
    asked = sends(office, "Приезжайте после 18")[0].message
    assert asked
    assert {button.order for row in asked.buttons for button in row} == {"5", "6"}
    chosen = sends(office, kind="press", data="about", order="5", query="q")
    assert "Передал мастеру по заявке #5" in told(chosen)
    heard(office, MASTER, "«Приезжайте после 18»")
    assert "по заявке #5" in told(sends(office, "и возьмите лестницу", at=AT + 60)), "the same one for some minutes"
    assert "К какой заявке" in told(sends(office, "алло, когда вы?", at=AT + 6000))


def test_b7_who_wants_a_person_amid_an_order_is_heard_though_he_has_several(office: BotOffice) -> None:
    in_work(office)
    office.order(ID=6, Проблема="Нет света")
    sends(office, "⚡ Услуги электрика")
    answer = sends(office, "оператор")
    assert "Что случилось" in told(answer), "the question stands"
    assert [notice for order in "56" for notice in office.outbox(order)]


def test_b7_however_much_he_says_before_he_chooses_nothing_of_it_is_lost(office: BotOffice) -> None:
    in_work(office)
    office.order(ID=6, Проблема="Нет света")
    for number in range(MOST_PENDING + 1):
        sends(office, f"слово {number}", at=0)
    sends(office, kind="press", data="about", order="5", query="q")
    assert len([*office.outbox("5"), *office.outbox("6")]) == MOST_PENDING + 1


def test_b7_an_album_is_answered_once(office: BotOffice) -> None:
    in_work(office)
    answers = [told(sends(office, sort="photo", file=f"f{number}", album="a")) for number in (1, 2, 3)]
    assert [bool(answer) for answer in answers] == [True, False, False]
    assert [key.partition(":")[0] for key in office.outbox("5")] == ["file"] * 3


@pytest.mark.parametrize("said", ["Здравствуйте", "спасибо", "ок", "+", "🎉", "помощь"])
def test_b7_what_says_nothing_disturbs_nobody(office: BotOffice, said: str) -> None:
    in_work(office)
    assert told(sends(office, said))
    assert office.outbox("5") == {}


def test_b7_a_flood_reaches_nobody(office: BotOffice) -> None:
    in_work(office)
    answers = [told(sends(office, f"сообщение {number}")) for number in range(HOURLY + 3)]
    assert "Сообщений уже много" in answers[-1]
    assert len(office.outbox("5")) == HOURLY


def test_b7_who_has_no_order_gets_a_person_too(office: BotOffice) -> None:
    assert "Передал диспетчеру" in told(sends(office, "позовите человека"))
    heard(office, 900, "просят человека: Юля К")


def test_b7_what_he_says_without_an_order_is_offered_as_the_answer(office: BotOffice) -> None:
    assert "Чтобы вызвать мастера" in told(sends(office, "искрит розетка"))
    assert "приложу" in told(sends(office, sort="photo", file="f1"))
    asked = sends(office, "⚡ Услуги электрика")[0].message
    assert asked
    assert asked.keyboard[0][0].text == "искрит розетка"


def test_b7_a_change_of_what_was_said_is_passed_on(office: BotOffice) -> None:
    in_work(office)
    sends(office, "после 19", edited=True)
    heard(office, MASTER, "(исправил сообщение)\n«после 19»")


def test_wrong_keys_of_orders_are_tried_ten_times_at_most(office: BotOffice) -> None:
    office.order(Telegram="")
    answers = [told(sends(office, f"/start track_5_x{number}")) for number in range(11)]
    assert ("не подошла" in answers[9], "Слишком много" in answers[10]) == (True, True)
    assert "Слишком много" in told(sends(office, "/start track_5_k")), "the right one neither, for an hour"


def test_b7_a_full_cell_is_not_written_on_and_the_master_still_hears(office: BotOffice) -> None:
    full = f"{'я' * (FULLEST - 100)}"
    in_work(office, Комментарий=full)
    sends(office, "ю" * 300)
    with office.store.reading() as tx:
        (write,) = tx.journal.pending("Заявки", "5")
    assert write.cells["Комментарий"] == f"{full}\n{NO_ROOM}"
    in_work(office, Комментарий=f"{full}\n{NO_ROOM}")
    sends(office, "э" * 300)
    with office.store.reading() as tx:
        assert len(tx.journal.pending("Заявки", "5")) == 1
    heard(office, MASTER, "э" * 300)
