"""A bot reaches Telegram through the proxy of its settings, where there is one."""

from collections.abc import Callable

from tests.house import CLIENT_BOT, House
from tests.worker.relay import relay

JULIA = 501


def test_a_bot_talks_through_its_proxy(open_house: Callable[..., House]) -> None:
    house = open_house()
    with relay(house.url) as proxy:
        house.settings["NARYAD_TELEGRAM__PROXY_URL"] = proxy.url
        house.start("client")
        house.person(JULIA, "Юля")
        house.say(CLIENT_BOT, JULIA, "/start")
        house.hears(CLIENT_BOT, JULIA, "Здравствуйте")
        seen = {path.rpartition("/")[2] for path in proxy.asked}
        house.end("client")
    assert {"getMe", "sendMessage"} <= seen
    assert all(path.startswith(house.url) for path in proxy.asked), "asked as a proxy is: with the whole address"
