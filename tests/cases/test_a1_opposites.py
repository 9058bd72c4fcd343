"""A1: no word is guessed into its opposite; «Проверка» asks, and nobody is told anything."""

from tests.harness.office import Office, order

DENIED = ["Невыполнено", "незавершена", "незакрыта", "неотменена", "несделано", "непринята"]
WISHED = ["закрыть", "выполнение", "принять", "отменить?", "Выполнена ❌"]
NOT_ONE = ["не Иван Петров", "Иван Петров или Ким", "Петров/Ким", "Иван Петров отказался"]


def typed(office: Office, column: str, words: list[str]) -> dict[str, str]:
    """Let staff type each word into this column of an order of its own; return what «Проверка» says to each."""
    office.paste(*(order(number) for number, _ in enumerate(words, start=1)))
    office.begin()
    before = {number: office.history(number) for number, _ in enumerate(words, start=1)}
    for number, word in enumerate(words, start=1):
        office.change(number, **{column: word})
    office.settle()
    assert office.told() == []
    assert {number: office.history(number) for number in before} == before
    return {word: office.row(number)["Проверка"] for number, word in enumerate(words, start=1)}


def test_a1_a_denied_or_wished_status_is_asked_about(office: Office) -> None:
    asked = typed(office, "Статус", DENIED + WISHED)
    for word, check in asked.items():
        assert check.startswith(f"Статус «{word}» непонятен: может быть, «")
    for number, _ in enumerate(asked, start=1):
        office.change(number, Статус="Новая")
    office.settle()
    assert office.told() == []
    assert {office.row(number)["Проверка"] for number, _ in enumerate(asked, start=1)} == {""}


def test_a1_a_master_who_is_denied_or_one_of_two_is_not_sent(office: Office) -> None:
    for word, check in typed(office, "Мастер", NOT_ONE).items():
        assert check.startswith(f"Мастер «{word}»")
    assert {office.owner(number) for number, _ in enumerate(NOT_ONE, start=1)} == {None}
