"""Updates that Telegram posts to the bots: stored before they are answered, and handled once, by any of them."""

import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest
import requests
from sqlalchemy import create_engine, text

from bots.telegram.webhook import HEADER, secret_of
from record.values import Status, telegram
from tests.bots.balancer import Balancer
from tests.harness.bot_system import BotSystem, Talker, master_id
from tests.harness.system import CLIENT_BOT, HANG_S, MASTER_BOT, wait_for

ACCEPT = "✅ ПРИНЯТЬ ЗАКАЗ 🚀"
REFUSE = "CREATE TRIGGER disk_full BEFORE INSERT ON updates "
RAISE = "RAISE EXCEPTION 'disk is full'"
SERVER = f"CREATE FUNCTION refuse() RETURNS trigger AS $$ BEGIN {RAISE}; END $$ LANGUAGE plpgsql"
BREAKING = {
    "sqlite": ([REFUSE + "BEGIN SELECT RAISE(ABORT, 'disk is full'); END"], "DROP TRIGGER disk_full"),
    "postgresql": ([SERVER, REFUSE + "FOR EACH ROW EXECUTE FUNCTION refuse()"], "DROP TRIGGER disk_full ON updates"),
}
SET = '"webhook_set"'
PAIR = ("master", "second master")
URL, PORT = "NARYAD_TELEGRAM__WEBHOOK_URL", "NARYAD_TELEGRAM__{}_WEBHOOK_PORT"
FAIL = "NARYAD_FAIL_POINT"


@pytest.fixture(scope="module")
def balancer() -> Iterator[Balancer]:
    """One address for all processes."""
    made = Balancer()
    yield made
    made.close()


@pytest.fixture(scope="module")
def hooked(balancer: Balancer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[BotSystem]:
    """A bot_system whose bots listen behind the balancer: one client bot, two processes of the master bot."""
    with pytest.MonkeyPatch.context() as patch:
        bot_system = BotSystem(tmp_path_factory.mktemp("hooked"), patch)
    bot_system.system.settings[URL] = balancer.url
    yield bot_system
    bot_system.close()


@pytest.fixture
def client_bot(hooked: BotSystem, balancer: Balancer) -> BotSystem:
    """The client bot listens."""
    if not hooked.system.runs("client"):
        hooked.system.settings[PORT.format("CLIENT")] = str(balancer.ports[0])
        listens(hooked, "client")
    return hooked


def listens(bot_system: BotSystem, name: str) -> None:
    """Start a bot, and wait until Telegram knows where it listens."""
    log = bot_system.system.folder / f"{name}.log"
    before = log.read_text(encoding="utf-8").count(SET) if log.exists() else 0
    bot_system.system.start(name)
    wait_for(lambda: bot_system.system.log(name).count(SET) > before, f"{name} to listen")


@contextmanager
def full_disk(bot_system: BotSystem) -> Iterator[None]:
    """Let the store refuse new updates."""
    engine = create_engine(bot_system.settings.store.url)
    made, gone = BREAKING[engine.dialect.name]
    with engine.begin() as connection:
        for statement in made:
            connection.execute(text(statement))
    yield
    with engine.begin() as connection:
        connection.execute(text(gone))
    engine.dispose()


def hook(bot_system: BotSystem, bot: str) -> dict[str, Any]:
    """Return what Telegram knows of a bot's webhook."""
    found: dict[str, Any] = bot_system.system.http.get(f"{bot_system.system.url}/bot{bot}/getWebhookInfo").json()[
        "result"
    ]
    return found


def post(balancer: Balancer, role: str, body: Any, secret: str | None) -> int:
    """Post what Telegram might, or somebody else; return the status of the answer."""
    headers = {} if secret is None else {HEADER: secret}
    with requests.Session() as session:
        session.trust_env = False
        return session.post(f"{balancer.url}/{role}", json=body, headers=headers, timeout=HANG_S).status_code


def said(client: Talker, number: int, words: str) -> dict[str, Any]:
    """Return a message as Telegram posts it."""
    person = {"id": client.chat_id, "is_bot": False, "first_name": "Юля"}
    chat = {"id": client.chat_id, "type": "private", "first_name": "Юля"}
    return {"update_id": number, "message": {"message_id": 1, "date": 1, "chat": chat, "from": person, "text": words}}


def stored(bot_system: BotSystem, bot: str) -> list[Any]:
    with bot_system.store.reading() as tx:
        return tx.inbox.open(bot)


def test_a_conversation_by_webhook(client_bot: BotSystem, balancer: Balancer) -> None:
    info = hook(client_bot, CLIENT_BOT)
    assert info["url"] == f"{balancer.url}/client"
    assert info["allowed_updates"] == ["message", "edited_message", "callback_query", "my_chat_member"]
    client = client_bot.client()
    client.orders("Не работает розетка", "Невского 47", "Юля", "+79001234567")
    client.asks("✅ Подтвердить", "Готово! 🎉")
    (order,) = client_bot.orders_of(client)
    assert order.address == "Невского 47"


@pytest.mark.parametrize("secret", [None, "", "wrong", "секрет", secret_of(MASTER_BOT)])
def test_who_does_not_know_the_secret_is_refused(
    client_bot: BotSystem, balancer: Balancer, secret: str | None
) -> None:
    stranger = client_bot.client()
    given = None if secret is None else secret.encode().decode("latin-1")
    assert post(balancer, "client", said(stranger, 999_001, "/start"), given) == 403
    assert post(balancer, "client", said(stranger, 999_002, "/start"), secret_of(CLIENT_BOT)) == 200
    with client_bot.store.transaction() as tx:
        assert tx.inbox.tried("client", 999_001) is False, "nothing was stored"


@pytest.mark.usefixtures("client_bot")
def test_what_is_no_update_is_refused(balancer: Balancer) -> None:
    bodies: list[Any] = [[], {"update_id": "x"}, "text", {}]
    for body in bodies:
        assert post(balancer, "client", body, secret_of(CLIENT_BOT)) == 400


def test_an_update_that_comes_twice_is_handled_once(client_bot: BotSystem, balancer: Balancer) -> None:
    client = client_bot.client()
    client.asks("/start", "вызов электрика")
    for _ in range(3):
        assert post(balancer, "client", said(client, 999_010, "📋 Мои заявки"), secret_of(CLIENT_BOT)) == 200
    client.hears("Заявок пока нет")
    wait_for(lambda: not stored(client_bot, "client"), "all to be handled")
    assert len(client.heard("Заявок пока нет")) == 1


@pytest.mark.parametrize("point", ["update.stored", "update.decided"])
def test_43_a_bot_killed_over_a_posted_update_handles_it_after_its_restart(hooked: BotSystem, point: str) -> None:
    """It dies when the update is stored and Telegram not answered yet, or when it is decided and the person not."""
    client = hooked.client()
    if hooked.system.runs("client"):
        hooked.system.end("client")
    hooked.system.settings[FAIL] = point
    hooked.system.start("client")
    try:
        client.say("/start")
        assert hooked.system.dies("client") == -signal.SIGKILL
    finally:
        del hooked.system.settings[FAIL]
    assert not client.heard("вызов электрика")
    hooked.system.start("client")
    client.hears("вызов электрика")
    wait_for(lambda: not hook(hooked, CLIENT_BOT)["pending_update_count"], "Telegram to be answered")
    wait_for(lambda: not stored(hooked, "client"), "all to be handled")
    assert len(client.heard("вызов электрика")) == 1


def test_a_store_that_takes_nothing_lets_telegram_come_again(client_bot: BotSystem) -> None:
    client = client_bot.client()
    with full_disk(client_bot):
        client.say("/start")
        wait_for(lambda: "503" in hook(client_bot, CLIENT_BOT).get("last_error_message", ""), "a 503")
        assert hook(client_bot, CLIENT_BOT)["pending_update_count"] == 1
    client.hears("вызов электрика")
    assert client_bot.system.log("client").count("updates_not_stored") == 1


def test_back_to_asking_nothing_that_waits_is_dropped(client_bot: BotSystem) -> None:
    hooked, client = client_bot, client_bot.client()
    hooked.system.end("client")
    assert hook(hooked, CLIENT_BOT)["url"], "Telegram goes on posting to who listens next"
    client.say("/start")
    hooked.system.settings[URL], url = "", hooked.system.settings[URL]
    try:
        hooked.system.start("client")
        client.hears("вызов электрика")
        assert hook(hooked, CLIENT_BOT)["url"] == ""
        hooked.system.end("client")
    finally:
        hooked.system.settings[URL] = url


def test_a_port_that_is_taken_is_said_in_one_line(client_bot: BotSystem) -> None:
    ended = client_bot.system.run("bots", "client")
    (line,) = [line for line in ended.stderr.splitlines() if not line.startswith("{")]
    assert ended.returncode == 1
    assert "порт занят" in line
    assert "telegram.client_webhook_port" in line


@pytest.fixture
def pair(hooked: BotSystem, balancer: Balancer) -> BotSystem:
    """Two processes of the master bot listen."""
    if hooked.system.runs("client"):
        hooked.system.end("client")
    # two bots may not share a port, though only one of them runs
    hooked.system.settings.pop(PORT.format("CLIENT"), None)
    for name, port in zip(PAIR, balancer.ports, strict=True):
        if not hooked.system.runs(name):
            hooked.system.settings[PORT.format("MASTER")] = str(port)
            listens(hooked, name)
    return hooked


def test_two_processes_of_one_bot_share_the_work_and_answer_once(pair: BotSystem, balancer: Balancer) -> None:
    hooked = pair
    masters = [hooked.master(f"Мастер {letter}") for letter in "АБВГДЕ"]
    number = hooked.order()
    for master in masters:
        hooked.notice("master", master, "order_new", number)
    for master in masters:
        master.hears(f"#{number}")
    before = list(balancer.served)
    with ThreadPoolExecutor(len(masters)) as together:
        list(together.map(lambda master: master.press(ACCEPT), masters))
    for master in masters:
        wait_for(lambda: toasts(master, ""), "an answer")
    winners = [master for master in masters if toasts(master, f"Заказ #{number} ваш")]
    assert len(winners) == 1
    with hooked.store.reading() as tx:
        assert tx.claims.owner(number) == master_id(winners[0])
        order = tx.orders.get(number)
        assert order
        assert order.status is Status.WORK
    wait_for(lambda: not stored(hooked, "master"), "all to be handled")
    assert [len(toasts(master, "")) for master in masters] == [1] * len(masters)
    assert [len(master.heard(f"#{number}")) for master in masters] == [1] * len(masters)
    assert all(now > then for now, then in zip(balancer.served, before, strict=True)), "both have worked"


def test_what_one_person_writes_is_handled_in_order_by_two_processes(pair: BotSystem) -> None:
    """Each step goes to the other process; the last ones are written without waiting for an answer."""
    hooked = pair
    newcomer = hooked.stranger("Ким")
    newcomer.asks("/start", "познакомимся")
    newcomer.say("Ким Новый")
    newcomer.say("+79110000099")
    newcomer.say("Электрика")
    newcomer.hears("Ким Новый")
    wait_for(lambda: not stored(hooked, "master"), "all to be handled")
    assert [m.phone for m in hooked.roster().masters if m.chat == telegram(newcomer.chat_id)] == ["+79110000099"]


def test_when_one_process_dies_over_an_update_the_other_answers(pair: BotSystem, balancer: Balancer) -> None:
    hooked, master = pair, pair.master("Мастер Живой")
    hooked.system.end("second master")
    hooked.system.settings |= {FAIL: "update.decided", PORT.format("MASTER"): str(balancer.ports[1])}
    listens(hooked, "second master")
    del hooked.system.settings[FAIL]
    for _ in range(4):
        master.asks("💰 Заработок", "Ваш заработок")
    assert hooked.system.dies("second master") == -signal.SIGKILL
    assert len(master.heard("Ваш заработок")) == 4


def toasts(master: Talker, words: str) -> list[Any]:
    """Return what a master was answered to presses."""
    path = f"{master.system.url}/sandbox/telegram/answers"
    answers = master.system.http.get(path, params={"bot": master.bot, "person": str(master.chat_id)}).json()
    return [answer for answer in answers if answer["answered"] and words in (answer["text"] or "")]
