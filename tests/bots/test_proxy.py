"""A bot reaches Telegram through the proxy of its settings, where there is one."""

from collections.abc import Callable

from tests.harness.system import CLIENT_BOT, System
from tests.worker.relay import relay

JULIA = 501


def test_a_bot_talks_through_its_proxy(open_system: Callable[..., System]) -> None:
    system = open_system()
    with relay(system.url) as proxy:
        system.settings["NARYAD_TELEGRAM__PROXY_URL"] = proxy.url
        system.start("client")
        system.person(JULIA, "Юля")
        system.say(CLIENT_BOT, JULIA, "/start")
        system.hears(CLIENT_BOT, JULIA, "Здравствуйте")
        seen = {path.rpartition("/")[2] for path in proxy.asked}
        system.end("client")
    assert {"getMe", "sendMessage"} <= seen
    assert all(path.startswith(system.url) for path in proxy.asked), "asked as a proxy is: with the whole address"
