"""A trouble that is over before the admin could be told is not told of; one that was told gets its end."""

import time

from record.errors import SheetBroken
from tests.harness.bot_office import ADMIN, BotOffice, late
from worker.alarms import Alarm

LOST, GONE = SheetBroken("Таблица удалена"), SheetBroken("Нет столбца «Статус»")


def begins(alarm: Alarm, error: SheetBroken, job: str = "poll") -> None:
    alarm.hear(job, error, time.monotonic())


def ends(alarm: Alarm, job: str = "poll") -> None:
    alarm.hear(job, None, time.monotonic())


def settled(room: BotOffice) -> bool:
    """Say whether nothing waits any more."""
    return "waiting" not in room.outbox().values()


def test_what_began_and_ended_while_telegram_was_away_is_not_told(room: BotOffice) -> None:
    alarm = Alarm(room.store, room.settings)
    begins(alarm, LOST)
    ends(alarm)
    begins(alarm, GONE)
    room.delivers(lambda: settled(room))
    assert room.wire.said(ADMIN) == ["⚠️ Нет столбца «Статус»"]
    assert sorted(room.outbox().values()) == ["sent", "stale", "stale"]
    ends(alarm)
    room.delivers(lambda: settled(room))
    assert room.wire.said(ADMIN)[1:] == ["✅ Снова в порядке. Было: Нет столбца «Статус»"]


def test_what_was_told_gets_its_end_though_another_was_not_told(room: BotOffice) -> None:
    alarm = Alarm(room.store, room.settings)
    begins(alarm, LOST)
    room.delivers(lambda: settled(room))
    begins(alarm, GONE)
    ends(alarm)
    room.delivers(lambda: settled(room))
    assert room.wire.said(ADMIN)[0] == "⚠️ Таблица удалена"
    assert [one.splitlines()[0] for one in room.wire.said(ADMIN)[1:]] == ["✅ Снова в порядке. Было: "]


def test_an_alarm_that_may_have_arrived_gets_its_end(room: BotOffice) -> None:
    alarm = Alarm(room.store, room.settings)
    room.wire.answers = lambda name, _: late() if name == "sendMessage" else None
    begins(alarm, LOST)

    def over() -> bool:
        ends(alarm)
        room.wire.answers = lambda _name, _given: None
        room.hurry()
        return True

    room.delivers(room.postponed, over, lambda: settled(room))
    assert room.wire.said(ADMIN) == ["⚠️ Таблица удалена", "✅ Снова в порядке. Было: Таблица удалена"]


def test_an_end_whose_beginning_is_not_known_any_more_is_told(room: BotOffice) -> None:
    room.queue("admin", "alarm_over", key="over", text="✅ Снова в порядке", ends=["long ago"])
    room.delivers(lambda: settled(room))
    assert room.wire.said(ADMIN) == ["✅ Снова в порядке"]
