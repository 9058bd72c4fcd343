"""A bot never goes faster than Telegram lets it, whoever asks."""

import asyncio
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bots.telegram.rate_limit import BURST, GROUP, GROUP_BURST, Pace, Rate


def let_through(rate: Rate, burst: int, arrivals: Iterable[float]) -> list[float]:
    """Return when things happen that each come after a pause, and wait their turn."""
    now, moments = 0.0, []
    for pause in arrivals:
        now += pause
        now += rate.wait(now, burst)
        rate.take(now)
        moments.append(now)
    return moments


def most(moments: list[float], window: float) -> int:
    """Return how many fall into the busiest window."""
    return max(sum(start <= one < start + window - 1e-6 for one in moments) for start in moments)


@given(st.lists(st.floats(0, 20), min_size=1, max_size=60))
def test_a_group_gets_no_more_than_twenty_a_minute(pauses: list[float]) -> None:
    assert most(let_through(Rate(GROUP), GROUP_BURST, pauses), 60) <= 20


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_a_person_gets_one_a_second_after_the_first_few(pauses: list[float]) -> None:
    moments = let_through(Rate(1.0), BURST, pauses)
    assert most(moments, 10) <= BURST + 10
    assert most(let_through(Rate(1.0), 1, pauses), 1) == 1


@given(st.lists(st.floats(0, 0.2), min_size=1, max_size=100))
def test_all_together_get_no_more_than_they_may(pauses: list[float]) -> None:
    assert most(let_through(Rate(1 / 25), 1, pauses), 1) <= 25


@pytest.mark.parametrize(("chats", "together"), [([7, 7, 7, 7, 7], 0.2), ([1, 2, 3, 4, 5], 0.0)])
def test_chats_do_not_wait_for_each_other(chats: list[int], together: float) -> None:
    """With ten a second to a chat the fourth message to one waits; five messages to five go at once, in order."""
    done: list[int] = []

    async def call(number: int) -> bool:
        done.append(number)
        return True

    async def play() -> float:
        pace, clock = Pace(1000, 10), asyncio.get_running_loop().time
        began = clock()
        calls = [
            pace.process_request(call, [number], {}, "sendMessage", {"chat_id": chat}, None)
            for number, chat in enumerate(chats)
        ]
        await asyncio.gather(*calls)
        return clock() - began

    took = asyncio.run(play())
    assert done == [0, 1, 2, 3, 4]
    assert took >= together
