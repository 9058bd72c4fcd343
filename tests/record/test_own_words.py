"""What a person wrote into «Проверка» is told from what the system says there, and goes to «Комментарий»."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.dispatch.bygone import past
from record.dispatch.followups import explanation, missing, waiting
from record.dispatch.model import Master
from record.dispatch.own_words import checked, own_words
from record.dispatch.reach import Reach, Unreachable
from record.dispatch.reading import Clues, read_order
from record.dispatch.waves import LEFT_SAID, Source, Wave, sentence
from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import telegram
from tests.record.notation import ROSTER, named, row

COLUMNS = WORKSHEETS[ORDERS].columns
CELLS = st.one_of(
    st.sampled_from(["", "позже", "не Петров", "Петров, Ким", "выполнена?", "#REF!", "Loading...", True, 0.5, -5]),
    st.sampled_from(["12.13.2026. потом", "см. «ниже». тут", "100%", "2000 500", "32.13", "й" * 120, "Пётр. Ким"]),
    st.text(alphabet="аб. 1:«»\n", max_size=30),
)


@given(st.tuples(*(CELLS for _ in COLUMNS)))
def test_nothing_that_the_system_says_of_a_row_is_taken_for_a_persons_words(cells: tuple[str | float, ...]) -> None:
    order = read_order(cells, ROSTER, "RU", Clues(date(2026, 11, 27)))
    for said in (explanation(order), missing(order), explanation(past(order, cells))):
        quoted = any("«" in str(cell) or "»" in str(cell) for cell in cells)
        assert quoted or not own_words(said), said


@pytest.mark.parametrize("source", ["rows", "orders", "intake", "person", "edits"])
@pytest.mark.parametrize("begun", [False, True])
def test_nor_what_is_said_of_a_wave(source: Source, *, begun: bool) -> None:
    order = read_order(row("Телефон: позже. потом; Статус: дубль"), ROSTER)
    wave = Wave(7, source, 0.0, 0.0, count=5000)
    assert own_words(waiting(order, sentence(wave, begun=begun))) == ""
    assert own_words(LEFT_SAID) == ""


def test_nor_who_is_not_reached() -> None:
    order = read_order(row("Статус: В работе; Мастер: Петров; Telegram: 501"), ROSTER)
    reach = Reach({telegram(501): Unreachable.BLOCKED}, {telegram(601): Unreachable.NEVER_STARTED})
    said = reach.unreached(order, Master("1", "Иван Петров", chat=telegram(601)))
    said += reach.unreached(order, Master("1", "Иван Петров"))
    assert len(said) == 4
    assert own_words(explanation(order, said)) == ""


@pytest.mark.parametrize(
    ("check", "words"),
    [
        ("", ""),
        ("не звонить до 12", "не звонить до 12"),
        ("Звонил. Не берут", "Звонил. Не берут"),
        ("Заявка не заполнена: нет телефона", ""),
        ("Заявка не заполнена: нет телефона. Звонил в дверь", "Звонил в дверь"),
        ("проверил Олег\nТелефон «8900» непонятен: впишите 11 цифр", "проверил Олег"),
        ("Телефон «8900. Или нет» непонятен: впишите 11 цифр. проверил", "проверил"),
        ("Телефон: 8 900 123-45-67, второй", "Телефон: 8 900 123-45-67, второй"),
        ("Мастер приедет завтра", "Мастер приедет завтра"),
        ("Мастер Иванов И. И. не подключён к боту. Позвоните ему", ""),
        ("Мастер И. И. Иванов не подключён к боту. Позвоните ему. Звонил И. П. Орлов", "Звонил И. П. Орлов"),
        (f"{'й' * 600}", "й" * 600),
    ],
)
def test_a_persons_words_are_found(check: str, words: str) -> None:
    assert own_words(check) == words


@pytest.mark.parametrize(
    ("cells", "written"),
    [
        ("Проверка: сам", {"Проверка": "x", "Комментарий": "сам"}),
        ("Проверка: сам; Комментарий: код 12", {"Проверка": "x", "Комментарий": "код 12\nсам"}),
        ("Проверка: сам; Комментарий: сам", {"Проверка": "x"}),
        ("Проверка: сам; Комментарий: #REF!", {"Проверка": "x"}),
        ("Проверка: Заявка не заполнена: нет телефона", {"Проверка": "x"}),
    ],
)
def test_words_go_behind_the_comment_once(cells: str, written: dict[str, str]) -> None:
    full = dict.fromkeys(COLUMNS, "") | named(cells)
    assert checked(full, "x") == written


def test_a_long_text_takes_no_time() -> None:
    assert own_words("а. " * 16_000)
    assert own_words("«а. " * 16_000)


@pytest.mark.parametrize("astray", ["SXvtqSR2I5uK_NiA", "501234567", "46353.9371", "45641"])
def test_what_a_write_of_ours_put_there_by_mistake_is_nobodys_words(astray: str) -> None:
    """Columns that are moved in the midst of a write let it hit «Проверка»; it is mended, and no note."""
    assert own_words(astray) == ""
