"""Who refuses Telegram at our webhook is told truly: a stranger with another address or secret, or our own proxy."""

import asyncio
import time
from collections.abc import Callable, Iterator

import pytest
import requests

import bots.telegram.webhook
from bots.intake import Intake
from bots.telegram.door import make_bot
from bots.telegram.update_alarms import UpdateAlarms
from bots.telegram.webhook import Webhook
from record.settings import Settings, load_settings
from record.store import Store
from record.watch.alerts import Alerts
from tests.bots.balancer import Balancer
from tests.harness.system import ADMIN, CLIENT_BOT, System, wait_for

JULIA = 501
STRANGER = "кто-то"
PROXY = "отвечает не Наряд"


class Listening:
    """The client bot's webhook in this process, behind a balancer of ours, with the sandbox for Telegram."""

    def __init__(self, system: System, balancer: Balancer) -> None:
        self.system = system
        self.balancer = balancer
        self.settings = self._settings()
        self.store = Store(system.store_url)

    def _settings(self) -> Settings:
        loaded = load_settings()
        hooked = {"webhook_url": self.balancer.url, "client_webhook_port": self.balancer.ports[0]}
        hooked |= {"api_url": self.system.url, "admin_chat_id": ADMIN}
        return loaded.model_copy(update={"telegram": loaded.telegram.model_copy(update=hooked)})

    def hears(self, *steps: Callable[[], object]) -> None:
        """Listen until each of the steps, one after another, returns something true."""

        async def play() -> None:
            bot = make_bot("client", self.settings)
            await bot.initialize()
            intake = Intake(self.store, "client", asyncio.Event())
            listening = asyncio.create_task(
                Webhook("client", bot, self.settings, intake, UpdateAlarms(self.store, self.settings, "client")).run()
            )
            try:
                for step in steps:
                    await asyncio.to_thread(wait_for, step, "a step")
            finally:
                listening.cancel()
                await asyncio.wait({listening})
                await bot.shutdown()

        asyncio.run(play())

    def hook(self) -> dict[str, object]:
        """Return what Telegram knows of the webhook."""
        return dict(self._call("getWebhookInfo").json()["result"])

    def ours(self) -> bool:
        return self.hook()["url"] == f"{self.balancer.url}/client"

    def strangers(self, url: str, secret: str) -> bool:
        """Let somebody who knows the token set the webhook."""
        return self._call("setWebhook", url=url, secret_token=secret).ok

    def _call(self, method: str, **given: object) -> requests.Response:
        with requests.Session() as session:
            session.trust_env = False
            return session.post(f"{self.system.url}/bot{CLIENT_BOT}/{method}", json=given, timeout=20)

    def says(self) -> bool:
        self.system.say(CLIENT_BOT, JULIA, "Здравствуйте")
        return True

    def arrived(self) -> bool:
        with self.store.reading() as tx:
            return bool(tx.inbox.open("client")) and not self.hook()["pending_update_count"]

    def told(self) -> list[str]:
        """Return what the admin is told."""
        with self.store.reading() as tx:
            return [str(one.notice.facts["text"]) for one in tx.outbox.due(["admin"])]

    def standing(self) -> list[str]:
        with self.store.reading() as tx:
            return list(Alerts(tx, self.settings, "ears.client").standing)


@pytest.fixture
def listening(open_system: Callable[..., System], monkeypatch: pytest.MonkeyPatch) -> Iterator[Listening]:
    """A webhook that is looked after more often than once in 20 s."""
    monkeypatch.setattr(bots.telegram.webhook, "WATCH_S", 0.3)
    system, balancer = open_system(), Balancer()
    system.person(JULIA, "Юля")
    made = Listening(system, balancer)
    yield made
    made.store.close()
    balancer.close()


def test_a_proxy_of_ours_that_refuses_is_no_stranger(listening: Listening) -> None:
    listening.balancer.forbids = True

    def opened() -> bool:
        listening.balancer.forbids = False
        return True

    listening.hears(
        listening.ours,
        listening.says,
        lambda: listening.standing() == ["shut"],
        opened,
        listening.arrived,
        lambda: listening.standing() == [],
    )
    alarm, over = listening.told()
    assert PROXY in alarm
    assert f"{listening.balancer.url}/client" in alarm
    assert over == f"✅ Снова в порядке. Было: {alarm}"
    assert not [one for one in (alarm, over) if STRANGER in one or "/revoke" in one]


def test_a_secret_of_somebody_elses_at_our_address_is_a_strangers(listening: Listening) -> None:
    url = f"{listening.balancer.url}/client"
    listening.hears(
        listening.ours, lambda: listening.strangers(url, "another"), listening.says, listening.arrived, listening.told
    )
    (told,) = listening.told()
    assert "с нашим адресом, но со своим секретом" in told
    assert "/revoke" in told
    assert listening.standing() == []


def test_another_address_is_a_strangers(listening: Listening) -> None:
    listening.hears(
        listening.ours,
        lambda: listening.strangers("https://evil.example:8443/bot", ""),
        listening.told,
        listening.ours,
    )
    (told,) = listening.told()
    assert "он вёл на evil.example" in told


def test_who_guesses_at_the_secret_moves_nothing(listening: Listening) -> None:
    """Telegram was refused nothing then, so there is nobody to blame."""
    seen = time.monotonic()

    def knocks() -> bool:
        with requests.Session() as session:
            session.trust_env = False
            return session.post(f"{listening.balancer.url}/client", json={}, timeout=20).status_code == 403

    listening.hears(listening.ours, knocks, lambda: time.monotonic() - seen > 2)
    assert listening.told() == []
