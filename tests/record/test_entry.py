"""Links, sessions and attempts in the store, on both databases."""

from concurrent.futures import ThreadPoolExecutor

from record.store import Store
from record.store.entry import LINK_S
from record.values import telegram

NOW = 1_790_000_000.0


def test_of_many_who_use_a_link_at_once_one_gets_in(store: Store) -> None:
    with store.transaction() as tx:
        token = tx.links.make("3", telegram(603), NOW)

    def take(_: int) -> bool:
        with store.transaction() as tx:
            return tx.links.take(token, NOW + 1) is not None

    with ThreadPoolExecutor(6) as pool:
        assert sorted(pool.map(take, range(6))) == [False] * 5 + [True]


def test_a_link_ends_by_age_and_by_a_newer_one(store: Store) -> None:
    with store.transaction() as tx:
        older, newer, others = (
            tx.links.make("3", telegram(603), NOW),
            tx.links.make("3", telegram(603), NOW),
            tx.links.make("4", telegram(604), NOW),
        )
        assert tx.links.take(older, NOW) is None
        assert tx.links.take(newer, NOW + LINK_S + 1) is None
        assert tx.links.take(newer, NOW + LINK_S - 1) == ("3", telegram(603))
        assert tx.links.take(others, NOW) == ("4", telegram(604))


def test_a_session_is_found_by_its_own_secret_and_role_only(store: Store) -> None:
    with store.transaction() as tx:
        token = tx.sessions.open("master", "3", "603", NOW)
        found = tx.sessions.find("master", token)
        assert found
        assert (found.subject, found.bound, found.made_at, found.seen_at) == ("3", "603", NOW, NOW)
        assert (tx.sessions.find("admin", token), tx.sessions.find("master", token + "x")) == (None, None)
        tx.sessions.seen(token, NOW + 5)
        tx.sessions.forget("master", made_before=NOW - 1, seen_before=NOW + 4)
        assert tx.sessions.find("master", token) is not None
        tx.sessions.forget("master", made_before=NOW + 1, seen_before=NOW)
        assert tx.sessions.find("master", token) is None


def test_attempts_are_counted_by_address_and_together_for_a_day(store: Store) -> None:
    with store.transaction() as tx:
        for address, at in (("a", NOW), ("a", NOW + 10), ("b", NOW + 10)):
            tx.attempts.begin("admin", address, at)
        assert [tx.attempts.count("admin", NOW, one) for one in ("a", "b", None)] == [2, 1, 3]
        assert tx.attempts.count("admin", NOW + 5, "a") == 1
        assert tx.attempts.count("other", NOW) == 0
        tx.attempts.forgive("admin", "a")
        assert tx.attempts.count("admin", NOW) == 1
        tx.attempts.begin("admin", "c", NOW + 90_000)
        assert tx.attempts.count("admin", NOW) == 1
