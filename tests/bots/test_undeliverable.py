"""What no channel can bring to anybody: it fails alone, and staff learn of it."""

import pytest

from bots.delivery.scene import Scene
from bots.delivery.texts import TEXTS
from bots.messages import Message
from record.dispatch.reach import Unreachable
from record.values import Address
from tests.harness.bot_office import BotOffice


def test_a_master_in_a_messenger_that_we_are_not_in_counts_as_not_reached(room: BotOffice) -> None:
    room.master(telegram="vk://501")
    room.order()
    key = room.queue("master", "order_new", "5")
    room.delivers(lambda: room.outbox("5")[key] == "failed")
    with room.store.reading() as tx:
        assert tx.masters.reach().masters == {Address("vk", 501): Unreachable.OTHER}


def test_a_text_with_a_mark_that_no_channel_knows_fails_alone(
    room: BotOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(scene: Scene) -> Message:
        return Message(f"<blink>{scene.notice.kind}</blink>")

    monkeypatch.setitem(TEXTS["client"], "searching", broken)
    room.order()
    failing = room.queue("client", "searching", "5")
    behind = room.queue("client", "cancelled", "5", key="behind")
    room.delivers(lambda: room.outbox("5")[behind] != "waiting")
    assert room.outbox("5")[failing] == "failed"
