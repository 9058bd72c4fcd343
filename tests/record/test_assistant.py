"""The consultant finds what the company has written down, however carelessly it is asked, and makes nothing up."""

import csv
from decimal import Decimal
from functools import cache

import pytest

from bench.chat import shipped
from record.assistant import Knowledge, Matcher, Reply
from record.assistant.speech import said
from record.dispatch.model import Service
from tests.harness.processes import ROOT


@cache
def matcher() -> Matcher:
    """What the shipped worksheets tell."""
    return Matcher(shipped())


def find(question: str) -> Reply:
    """Return what is found for a question."""
    return matcher().find(question)


def test_of_sixty_careless_questions_nine_in_ten_find_the_right_entry() -> None:
    with (ROOT / "tests/data/questions.csv").open(encoding="utf-8") as file:
        held = [(row["Клиент спрашивает"], row["Верно"].split("|")) for row in csv.DictReader(file)]
    first = [(matcher().first(question), right) for question, right in held]
    wrong = [(title, right) for title, right in first if title not in right]
    assert len(held) == 60
    assert len(wrong) <= 6, wrong


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("сколько стоит заменить розетку?", "450\N{NO-BREAK SPACE}₽ за штуку"),
        ("скока будет разетка замена", "450\N{NO-BREAK SPACE}₽ за штуку"),
        ("СОБРАТЬ ЩИТ НА 12 МОДУЛЕЙ ЦЕНА", "6\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}₽ за щит"),
        ("проверить проводку перед покупкой квартиры", "3\N{NO-BREAK SPACE}500\N{NO-BREAK SPACE}₽ за квартиру"),
        ("тёплый пол почём?", "850\N{NO-BREAK SPACE}₽ за м²"),
    ],
)
def test_a_price_is_told_as_it_stands_in_the_list(asked: str, told: str) -> None:
    entry = find(asked).entry
    assert entry is not None
    assert (entry.kind, told in entry.text) == ("price", True), entry


@pytest.mark.parametrize(
    "asked",
    [
        "сколько стоит починить телевизор", "какая завтра погода", "сантехник нужен, кран течет", "ремонт айфона",
        "сколько стоит установить кондиционер", "видеонаблюдение на дачу цена", "ыва фыв олдж", "", "???", "🙂", "a",
    ],
)  # fmt: skip
def test_what_nobody_wrote_down_is_not_answered(asked: str) -> None:
    assert find(asked) == Reply(None)


def test_an_unsure_find_is_offered_and_not_told() -> None:
    reply = find("розетка")
    assert (reply.entry, len(reply.near) > 1) == (None, True)
    assert all("розетк" in title.casefold() for title in reply.near)


def test_a_service_without_a_price_gets_none() -> None:
    service = Service("Прочее", "Ремонт гирлянды", "", "штука", None, shown=True)
    entry = Matcher(Knowledge.of([service], [])).find("ремонт гирлянды").entry
    assert entry is not None
    assert entry.text == "Ремонт гирлянды — цену назовёт мастер, до начала работ."


def test_hidden_services_and_half_empty_questions_are_not_told() -> None:
    hidden = Service("Прочее", "Ремонт гирлянды", "", "штука", Decimal(100), shown=False)
    assert Knowledge.of([hidden], [("Вопрос без ответа?", "")]).entries == ()


def test_an_empty_company_knows_nothing_and_does_not_fail() -> None:
    assert Matcher(Knowledge(())).find("сколько стоит розетка") == Reply(None)


def test_forms_slang_and_letters_with_dots_mean_the_same() -> None:
    assert said("Счётчики поменяете?").concepts == said("замена счетчика").concepts[::-1]
    assert said("почём").price
    assert not said("когда приедете").price
