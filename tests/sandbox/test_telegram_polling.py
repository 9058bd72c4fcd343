"""getUpdates: confirmation, long polls, conflicts, retention, allowed updates."""

import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from sandbox.documents import Documents
from sandbox.telegram.model import Bot
from sandbox.telegram.params import Params
from sandbox.telegram.state import State
from sandbox.telegram.updates import Updates
from tests.harness.system import HANG_S
from tests.sandbox.conftest import Sandbox
from tests.sandbox.telegram_talk import ACCEPT, BOT, YULIA, Json, Refused, Talk


@pytest.fixture
def talk(sandbox: Sandbox) -> Talk:
    """A bot and Юля, who has started it."""
    return Talk(sandbox).started()


def texts(updates: list[Json]) -> list[str]:
    """What the messages among the updates say."""
    return [update["message"]["text"] for update in updates if "message" in update]


def polling(talk: Talk, pool: ThreadPoolExecutor, **params: object) -> "Future[list[Json]]":
    """A long poll that has certainly reached the sandbox: its confirmation is visible."""
    talk.say("marker")
    last = talk.updates()[-1]["update_id"]
    future = pool.submit(Talk(talk.sandbox, talk.token).updates, offset=last + 1, timeout=20, **params)
    while talk.bot("getWebhookInfo")["pending_update_count"]:
        pass
    return future


def test_updates_come_again_until_confirmed_by_offset(talk: Talk) -> None:
    for text in ("раз", "два", "три"):
        talk.say(text)
    first = talk.updates()
    assert texts(first) == ["раз", "два", "три"]
    assert talk.updates() == first
    assert texts(talk.updates(offset=first[1]["update_id"])) == ["два", "три"]
    assert texts(talk.updates()) == ["два", "три"]
    assert talk.updates(offset=first[2]["update_id"] + 1) == []


def test_negative_offset_forgets_older_updates(talk: Talk) -> None:
    for text in ("раз", "два", "три"):
        talk.say(text)
    assert texts(talk.updates(offset=-2)) == ["два", "три"]
    assert texts(talk.updates()) == ["два", "три"]


def test_limit_is_clamped_to_1_and_100(talk: Talk) -> None:
    for number in range(3):
        talk.say(str(number))
    assert texts(talk.updates(limit=2)) == ["0", "1"]
    assert texts(talk.updates(limit=0)) == ["0"]
    assert texts(talk.updates(limit=500)) == ["0", "1", "2"]


def test_update_ids_rise_by_one(talk: Talk) -> None:
    talk.say("раз")
    talk.say("два")
    first, second = (update["update_id"] for update in talk.updates())
    assert second == first + 1


def test_long_poll_is_answered_by_the_next_message(talk: Talk) -> None:
    with ThreadPoolExecutor() as pool:
        future = polling(talk, pool)
        talk.say("наконец")
        assert texts(future.result(timeout=HANG_S)) == ["наконец"]


def test_long_poll_ends_empty_after_its_timeout(talk: Talk) -> None:
    before = time.monotonic()
    assert talk.updates(timeout=1) == []
    assert 0.9 < time.monotonic() - before < 3


def test_a_waiting_poll_holds_up_nobody(talk: Talk) -> None:
    with ThreadPoolExecutor() as pool:
        future = polling(talk, pool)
        before = time.monotonic()
        talk.send()
        assert time.monotonic() - before < 1
        talk.say("конец")
        future.result(timeout=HANG_S)


def test_the_older_of_two_long_polls_gets_a_conflict(talk: Talk) -> None:
    with ThreadPoolExecutor() as pool:
        older = polling(talk, pool)
        newer = pool.submit(Talk(talk.sandbox).updates, timeout=20)
        with pytest.raises(Refused) as refusal:
            older.result(timeout=HANG_S)
        assert refusal.value.status == 409
        assert refusal.value.description == (
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
        )
        talk.say("кому")
        assert texts(newer.result(timeout=HANG_S)) == ["кому"]


def test_a_short_poll_steals_without_conflict(talk: Talk) -> None:
    with ThreadPoolExecutor() as pool:
        waiting = polling(talk, pool)
        assert talk.updates(timeout=0) == []
        talk.say("всем")
        assert texts(waiting.result(timeout=HANG_S)) == ["всем"]
    assert texts(talk.updates()) == ["всем"]


def test_repeated_conflicts_are_answered_late() -> None:
    state = State(Documents(None))
    updates = Updates(state)
    bot = state.bot(99, BOT)
    waits = [updates._conflict_pause(bot), updates._conflict_pause(bot)]  # noqa: SLF001  seen from outside, it takes seconds
    assert waits == [0.0, 3.0]


def test_reset_ends_waiting_polls(talk: Talk) -> None:
    with ThreadPoolExecutor() as pool:
        future = polling(talk, pool)
        talk.sandbox.control("reset")
        assert future.result(timeout=HANG_S) == []


def test_allowed_updates_persist_when_omitted(talk: Talk) -> None:
    button = talk.send(reply_markup=ACCEPT)
    talk.updates(allowed_updates=["callback_query"])
    talk.say("не слышно")
    talk.press(button)
    assert [update.keys() - {"update_id"} for update in talk.updates()] == [{"callback_query"}]
    assert talk.bot("getWebhookInfo")["allowed_updates"] == ["callback_query"]
    talk.updates(allowed_updates=[])
    talk.say("слышно")
    assert texts(talk.updates()) == ["слышно"]


def test_old_updates_are_forgotten_callbacks_sooner() -> None:
    now = [1_800_000_000.0]
    state = State(Documents(None), lambda: now[0])
    updates = Updates(state)
    bot = state.bot(99, BOT)
    updates.push(bot, "message", {})
    updates.push(bot, "callback_query", {})
    kinds = [update.kind for update in updates.pending(bot)]
    assert kinds == ["message", "callback_query"]
    now[0] += 151
    assert [update.kind for update in updates.pending(bot)] == ["message"]
    now[0] += 24 * 3600
    assert updates.fetch(bot, Params({})) == []


def test_timeout_is_clamped_to_50_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    state = State(Documents(None))
    updates = Updates(state)
    waits: list[float] = []

    def wait(_bot: Bot, timeout: float) -> str:
        waits.append(timeout)
        return ""

    monkeypatch.setattr(updates, "_wait", wait)
    updates.fetch(state.bot(99, BOT), Params({"timeout": "600"}))
    assert waits == [50]


def test_many_bots_poll_side_by_side(sandbox: Sandbox) -> None:
    talks = [Talk(sandbox, f"{number}:T").started(YULIA) for number in (101, 102)]
    with ThreadPoolExecutor() as pool:
        first = polling(talks[0], pool)
        talks[1].say("другому")
        assert threading.active_count() > 1
        assert not first.done()
        talks[0].say("этому")
        assert texts(first.result(timeout=HANG_S)) == ["этому"]
    assert texts(talks[1].updates()) == ["другому"]
