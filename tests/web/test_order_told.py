"""Who was told what of an order: what somebody was told again and again is said once."""

from zoneinfo import ZoneInfo

from record.dispatch.notices import Notice
from record.store import Told
from tests.record.notation import ROSTER
from web.present.order_history import ToldLine, told_lines


def lines(*told: tuple[str, str, str, str, float]) -> list[ToldLine]:
    """Return what staff read of these: to whom, who, what, what became of it, when."""
    kept = [
        Told(Notice(str(number), to, who, kind, "17"), state, "заблокировал бота", at)
        for number, (to, who, kind, state, at) in enumerate(told)
    ]
    return told_lines(kept, ROSTER, ZoneInfo("UTC"))


def shown(line: ToldLine) -> list[tuple[str, int, str, str]]:
    """Return what a line says: what, how often, the state, why it failed."""
    return [(one.text, one.times, one.state, one.why) for one in line.said]


def test_a_card_that_is_kept_up_to_date_is_said_once_and_last() -> None:
    (line,) = lines(
        ("master", "1", "order_new", "sent", 10), ("master", "1", "card", "sent", 20),
        ("master", "1", "assigned", "sent", 30), ("master", "1", "card", "sent", 40),
    )  # fmt: skip
    assert shown(line) == [
        ("Новая заявка", 1, "", ""), ("Заявка передана ему", 1, "", ""), ("Карточка обновлена", 2, "", ""),
    ]  # fmt: skip
    assert line.said[-1].when.timestamp() % 60 == 40


def test_what_did_not_arrive_is_not_hidden_behind_what_did() -> None:
    (line,) = lines(
        ("client", "501", "accepted", "sent", 10), ("client", "501", "accepted", "failed", 20),
        ("client", "501", "accepted", "failed", 30),
    )  # fmt: skip
    assert shown(line) == [
        ("Мастер найден", 1, "", ""), ("Мастер найден", 2, "не доставлено", "заблокировал бота"),
    ]  # fmt: skip


def test_each_person_has_a_line_and_who_heard_last_comes_first() -> None:
    found = lines(
        ("master", "1", "order_new", "sent", 10), ("master", "2", "order_new", "sent", 11),
        ("master", "99", "order_new", "sent", 12), ("admin", "900", "paid", "sent", 13),
        ("master", "1", "card", "sent", 14),
    )  # fmt: skip
    assert [line.who for line in found] == ["Иван Петров", "Администратор", "мастер 99", ROSTER.masters[1].name]
