"""T8: an update never overtakes the one before it on its way to a webhook, however often that has to be repeated."""

from tests.sandbox.conftest import Sandbox, sandbox, sandbox_process
from tests.sandbox.telegram_talk import Talk, listener

__all__ = ["sandbox", "sandbox_process"]


def test_t8_updates_arrive_in_order_through_refusals(sandbox: Sandbox) -> None:
    talk = Talk(sandbox).started()
    with listener(500, 200, 404, 200) as (url, arrived):
        talk.bot("setWebhook", url=url)
        for number in range(4):
            talk.say(f"сообщение {number}")
        texts = [arrived.get(timeout=30)[0]["message"]["text"][-1] for _ in range(6)]
        assert texts == ["0", "0", "1", "1", "2", "3"]
        talk.bot("deleteWebhook")
