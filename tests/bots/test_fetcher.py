"""What Telegram gives is stored as Telegram words it, so that nothing new in it can stop a bot."""

import asyncio
import warnings

from bots.intake import Intake
from bots.telegram.incoming import ALLOWED
from bots.telegram.polling import Fetcher
from bots.telegram.update_alarms import UpdateAlarms
from tests.bots.test_flood import update
from tests.harness.bot_office import Answer, BotOffice, Json, refusal
from tests.harness.system import HANG_S


def fetched(room: BotOffice, *answers: Answer) -> list[tuple[int, Json, int]]:
    """Let the fetcher ask until these answers are used up; return what is stored then."""
    left = list(answers)
    silent = asyncio.Event()

    async def play() -> None:
        def answer(name: str, _given: Json) -> Answer:
            assert name == "getUpdates"
            if left:
                return left.pop(0)
            silent.set()
            return None

        room.wire.answers = answer
        intake, ears = (
            Intake(room.store, "client", asyncio.Event()),
            UpdateAlarms(room.store, room.settings, "client"),
        )
        fetching = asyncio.create_task(Fetcher(room.bot, intake, ears).run())
        waiting = asyncio.create_task(silent.wait())
        await asyncio.wait({fetching, waiting}, return_when=asyncio.FIRST_COMPLETED, timeout=HANG_S)
        assert not fetching.done(), fetching.exception()
        fetching.cancel()
        waiting.cancel()

    asyncio.run(play())
    with room.store.reading() as tx:
        return tx.inbox.open("client")


def gives(*updates: Json) -> Answer:
    """Return the answer to getUpdates."""
    return 200, {"ok": True, "result": list(updates)}


def test_an_update_that_the_library_cant_parse_stops_nothing(room: BotOffice) -> None:
    """A poll as it may look once the Bot API has changed it."""
    strange = update(7, 5, "")
    strange["message"]["poll"] = {"id": "1", "question": "Что?", "brand_new": [{}]}
    with warnings.catch_warnings(action="error"):
        stored = fetched(room, gives(strange, update(8, 6, "привет")))
    assert [(number, body["message"]["chat"]["id"]) for number, body, _ in stored] == [(7, 5), (8, 6)]
    assert stored[0][1]["message"]["poll"]["brand_new"] == [{}]
    first, second = (given for _, given in room.wire.asked[:2])
    wanted = '["message", "edited_message", "callback_query", "my_chat_member"]'
    assert first == {"timeout": "25", "allowed_updates": wanted}
    assert second["offset"] == "9"
    assert len(ALLOWED) == 4


def test_what_has_no_number_is_left_out(room: BotOffice) -> None:
    assert [number for number, _, _ in fetched(room, gives({"what": 1}, update(3, 5, "привет")))] == [3]


def test_an_answer_that_is_none_and_a_revoked_token_are_waited_out(room: BotOffice) -> None:
    nonsense: Answer = 200, {"ok": True, "result": True}
    stored = fetched(room, nonsense, refusal(401, "Unauthorized"), gives(update(3, 5, "привет")))
    assert [number for number, _, _ in stored] == [3]
