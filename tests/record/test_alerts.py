"""A trouble is told once when it begins and once when it is over, whoever sees it, and through an upgrade too."""

import ast
from pathlib import Path
from typing import Any

import pytest

from record.dispatch.notices import Notice
from record.settings import Settings
from record.settings.sections import Sheets, Telegram
from record.store import Store
from record.store.facts import UNOFFERED, Fact
from record.watch.alerts import Alerts, standing_texts
from record.watch.alerts_before import LEADER_LOST, READERS

ROOT = Path(__file__).parents[2]
ADMIN = 900
Told = list[tuple[str, str, list[str]]]


def settings(admin_chat: int = ADMIN) -> Settings:
    """Return settings with an admin."""
    return Settings(sheets=Sheets(spreadsheet_id="x"), telegram=Telegram(admin_chat_id=admin_chat))


class Desk:
    """One store, as processes see it one after another: each act is a transaction of a process just started."""

    def __init__(self, store: Store, admin_chat: int = ADMIN) -> None:
        self._store = store
        self._settings = settings(admin_chat)

    def open(self, key: str, text: str, kind: str = "k", **more: Any) -> bool:
        with self._store.transaction() as tx:
            return Alerts(tx, self._settings, kind).open(key, text, **more)

    def close(self, *keys: str, kind: str = "k", text: str = "") -> bool:
        with self._store.transaction() as tx:
            return Alerts(tx, self._settings, kind).close(keys, text)

    def forget(self, *keys: str) -> None:
        with self._store.transaction() as tx:
            Alerts(tx, self._settings, "k").forget(keys)

    def told(self) -> Told:
        """Return what was queued for the admin: kind, text, and how many alarms it ends."""
        with self._store.reading() as tx:
            found = [one.notice for one in tx.outbox.due(["admin"])]
        return [(one.kind, str(one.facts.get("text", "")), list(one.facts.get("ends", []))) for one in found]

    def keys(self) -> list[str]:
        with self._store.reading() as tx:
            return [one.notice.key for one in tx.outbox.due(["admin"])]


@pytest.fixture
def desk(store: Store) -> Desk:
    return Desk(store)


def test_a_trouble_is_told_once_and_its_end_once(desk: Desk) -> None:
    assert [desk.open("a", "Беда", sign="⚠️ ") for _ in range(3)] == [True, False, False]
    assert [desk.close("a") for _ in range(3)] == [True, False, False]
    alarm, over = desk.told()
    assert alarm == ("alarm", "⚠️ Беда", [])
    assert over == ("alarm_over", "✅ Снова в порядке. Было: Беда", desk.keys()[:1])


def test_what_comes_back_is_told_anew(desk: Desk) -> None:
    for _ in range(3):
        assert desk.open("a", "Беда")
        assert desk.close("a", text="✅ Прошло")
    assert [text for _, text, _ in desk.told()] == ["Беда", "✅ Прошло"] * 3
    assert len(set(desk.keys())) == 6


def test_the_words_of_now_are_kept_though_they_are_not_told(desk: Desk, store: Store) -> None:
    desk.open("a", "Ждёт 1 мин")
    desk.open("a", "Ждёт 5 мин")
    with store.reading() as tx:
        assert standing_texts(tx, "k") == ["Ждёт 5 мин"]
    desk.close("a")
    assert [text for _, text, _ in desk.told()] == ["Ждёт 1 мин", "✅ Снова в порядке. Было: Ждёт 5 мин"]


def test_several_end_in_one_line_and_each_kind_stands_by_itself(desk: Desk) -> None:
    desk.open("a", "Беда a")
    desk.open("b", "Беда b")
    desk.open("a", "Другая", kind="other")
    assert desk.close("b", "a", "never stood")
    assert desk.told()[3:] == [
        ("alarm_over", "✅ Снова в порядке. Было: \n• Беда b\n• Беда a", sorted(desk.keys()[:2]))
    ]
    assert not desk.open("a", "Другая", kind="other")


def test_what_is_forgotten_is_over_without_a_word(desk: Desk) -> None:
    desk.open("a", "Беда")
    desk.forget("a")
    assert not desk.close("a")
    assert len(desk.told()) == 1


def test_one_notice_may_tell_several_troubles(desk: Desk) -> None:
    notice = Notice("together", "admin", "", "alarm", facts={"text": "Обе"})
    assert desk.open("a", "", notice=notice)
    assert desk.open("b", "", notice=notice)
    desk.close("a", "b", text="✅ Обе прошли")
    assert desk.told() == [("alarm", "Обе", []), ("alarm_over", "✅ Обе прошли", ["together"])]


def together(desk: Desk, *keys: str) -> None:
    """Let several troubles begin that one notice tells."""
    notice = Notice("together", "admin", "", "alarm", facts={"text": "Все"})
    for key in keys:
        assert desk.open(key, key, notice=notice)


def told_at_last(store: Store) -> list[str]:
    """Let the bot say what waits for the admin, in its order, and return what it said."""
    said: list[str] = []
    with store.transaction() as tx:
        for waiting in tx.outbox.due(["admin"]):
            untold = tx.outbox.is_over_unsent(waiting)
            tx.outbox.end(waiting.id, "stale" if untold else "sent")
            said += [] if untold else [str(waiting.notice.facts["text"])]
    return said


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ([["a"]], ["Все", "✅ a"]),
        ([["b", "d"]], ["Все", "✅ b d"]),
        ([["a"], ["b"], ["c", "d"]], ["Все", "✅ a", "✅ b", "✅ c d"]),
        ([["a", "b", "c", "d", "e"]], []),
        ([["a"], ["b", "c", "d", "e"]], []),
        ([["a"], ["b"], ["c"], ["d"], ["e"]], []),
    ],
)
def test_an_alarm_about_several_is_told_while_one_of_them_stands(
    desk: Desk, store: Store, ends: list[list[str]], said: list[str]
) -> None:
    together(desk, *"abcde")
    for keys in ends:
        assert desk.close(*keys, text=f"✅ {' '.join(keys)}")
    assert told_at_last(store) == said


def test_the_end_of_the_last_is_told_where_the_alarm_was(desk: Desk, store: Store) -> None:
    together(desk, *"ab")
    assert told_at_last(store) == ["Все"]
    desk.close("a", text="✅ a")
    desk.close("b", text="✅ b")
    assert told_at_last(store) == ["✅ a", "✅ b"]


def test_without_an_admin_a_trouble_stands_all_the_same(store: Store) -> None:
    desk = Desk(store, admin_chat=0)
    assert desk.open("a", "Беда")
    assert not desk.open("a", "Беда")
    assert desk.told() == []


def test_a_trouble_that_began_before_there_was_a_chat_is_told_once_there_is(store: Store) -> None:
    early = Desk(store, admin_chat=0)
    early.open("a", "Беда")
    early.open("b", "Прошла")
    early.close("b")
    desk = Desk(store)
    assert not desk.open("a", "Беда ещё", sign="⚠️ "), "it is no news, but it is told"
    assert not desk.open("a", "Беда ещё")
    desk.close("a", "b")
    assert desk.told() == [
        ("alarm", "⚠️ Беда ещё", []),
        ("alarm_over", "✅ Снова в порядке. Было: Беда ещё", desk.keys()[:1]),
    ]


def test_what_nobody_could_be_told_of_ends_without_a_word(store: Store) -> None:
    Desk(store, admin_chat=0).open("a", "Беда")
    desk = Desk(store)
    desk.open("b", "Другая")
    assert desk.close("a")
    assert desk.close("b")
    assert [text for _, text, _ in desk.told()] == ["Другая", "✅ Снова в порядке. Было: Другая"]


BEFORE: dict[str, tuple[dict[str, Any], str, list[str]]] = {
    "leader": ({"leader_lost": "leader:1.000"}, "leader", ["leader:1.000"]),
    "orders": ({"orders_failed": {"5": "Заявка 5 не обработана"}}, "5", []),
    "parked": ({"parked_told": {"Заявки: нет": ["Запись не принята", "parked:1"]}}, "Заявки: нет", ["parked:1"]),
    "jobs": ({"alarms": {"poll": {"c": "Нет листа"}}, "alarm_keys": {"c": "alarm:poll:1"}}, "c", ["alarm:poll:1"]),
    "unoffered": (
        {"unoffered": {"5": {"round": 1, "giver": "", "times": 1, "key": "no_masters:5:1:0"}}},
        "5",
        ["no_masters:5:1:0"],
    ),
    "ears.client": ({"ears.client": {"told": {"rival": "deaf:1"}, "why": {"rival": "Глух"}}}, "rival", ["deaf:1"]),
    "ears.master": ({"ears.master": {"told": {"silent": "deaf:2"}, "why": {}}}, "silent", ["deaf:2"]),
}


def test_each_kind_of_the_release_before_is_taken_over() -> None:
    assert BEFORE.keys() == READERS.keys()


@pytest.mark.parametrize("kind", BEFORE)
def test_an_upgrade_tells_nothing_twice_and_hears_the_end(desk: Desk, store: Store, kind: str) -> None:
    facts, key, ends = BEFORE[kind]
    with store.transaction() as tx:
        for name, value in facts.items():
            tx.facts.put(Fact(name), value)
    assert not desk.open(key, "Беда", kind=kind)
    assert desk.close(key, kind=kind)
    assert not desk.close(key, kind=kind)
    assert desk.told() == [("alarm_over", "✅ Снова в порядке. Было: Беда", ends)]
    assert desk.open(key, "Беда", kind=kind), "what comes back is told anew"


def test_what_was_over_before_the_upgrade_is_news_again(desk: Desk, store: Store) -> None:
    with store.transaction() as tx:
        tx.facts.put(UNOFFERED, {"5": {"round": 1, "giver": "", "times": 1, "key": "k", "over": True}})
        tx.facts.put(LEADER_LOST, "")
    assert desk.open("5", "Беда", kind="unoffered")
    assert desk.open("leader", "Беда", kind="leader")


# One door each


def sources() -> list[tuple[str, ast.AST]]:
    """Return every node of the program with the file it stands in."""
    return [
        (str(path.relative_to(ROOT)), node)
        for folder in ("record", "worker", "bots", "web")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
    ]


def test_one_module_reads_which_chat_the_settings_name() -> None:
    asked = {name for name, node in sources() if isinstance(node, ast.Attribute) and node.attr == "admin_chat_id"}
    assert asked == {"record/watch/admin_chat.py"}


def test_the_end_of_a_trouble_is_told_by_one_machine() -> None:
    """A wave is no trouble but a question: that nothing of it is left to decide is told where it was asked."""
    known = {"record/watch/alerts.py", "worker/poll/waves.py"}
    readers = {"record/store/outbox.py", "bots/delivery/relevance.py", "bots/delivery/admin_texts.py"}
    said = {name for name, node in sources() if isinstance(node, ast.Constant) and node.value == "alarm_over"}
    assert said - readers == known
