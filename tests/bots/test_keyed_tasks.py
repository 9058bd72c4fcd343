"""One thing at a time for a key, and nothing done twice because a look at the store had grown old."""

import asyncio
from collections.abc import Hashable

from bots.keyed_tasks import KeyedTasks, Work


def test_what_ended_during_a_look_is_not_begun_again() -> None:
    """The look finds A's notice waiting, A's task sends it before the look is over: it must not be sent again."""
    done: list[str] = []

    async def play() -> None:
        ended, go = asyncio.Event(), asyncio.Event()
        tasks = KeyedTasks(4, ended.set)

        async def send_a() -> None:
            await go.wait()
            done.append("a")

        async def send_b() -> None:
            done.append("b")

        async def look() -> list[tuple[Hashable, Work]]:
            return [("A", send_a)]

        async def look_while_a_ends() -> list[tuple[Hashable, Work]]:
            found: list[tuple[Hashable, Work]] = [("A", send_a), ("B", send_b)]
            go.set()
            await ended.wait()
            return found

        await tasks.fill(look)
        await tasks.fill(look_while_a_ends)
        await tasks.finish()

    asyncio.run(play())
    assert done == ["a", "b"]


def test_never_more_at_once_than_there_is_room_for() -> None:
    most = now = 0

    async def play() -> None:
        tasks = KeyedTasks(2, lambda: None)

        async def work() -> None:
            nonlocal most, now
            now += 1
            most = max(most, now)
            await asyncio.sleep(0)
            now -= 1

        async def look() -> list[tuple[Hashable, Work]]:
            return [(key, work) for key in range(6)]

        await tasks.fill(look)
        await tasks.finish()

    asyncio.run(play())
    assert most == 2
