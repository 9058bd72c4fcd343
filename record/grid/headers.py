"""Which header is which of our columns, and what to tell where that is not certain. Pure.

Certain is what people can't see the difference of: case, ё, spaces, line breaks,
punctuation, and a Latin letter that looks like a Russian one. Anything else is only
named as the likely one: a column taken for another would be written into.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence

from record.grid.worksheets import WORKSHEETS
from record.values import is_empty, nearest
from record.values.comparing import bare, normal

Places = dict[str, list[int]]
# so many rows are looked through for headers that slid down
DEEP = 20
LIKELY = 60
# what people call a column instead; № is "no" to `normal`
ALSO_CALLED: Mapping[str, frozenset[str]] = {
    "ID": frozenset({"no", "n", "номер", "номер заявки", "no заявки", "no п/п", "код"}),
    "Дата": frozenset({"дата заявки", "дата обращения", "дата создания", "создана", "принята"}),
    "Источник": frozenset({"откуда", "канал"}),
    "Имя": frozenset({"фио", "клиент", "заказчик", "имя клиента", "кто"}),
    "Телефон": frozenset({"тел", "номер телефона", "контакт", "контакты", "сотовый", "мобильный"}),
    "Категория": frozenset({"вид работ", "раздел", "услуга"}),
    "Проблема": frozenset({"описание", "что случилось", "заявка", "задача", "суть"}),
    "Адрес": frozenset({"куда", "место", "куда ехать"}),
    "Статус": frozenset({"состояние", "стадия", "этап"}),
    "Мастер": frozenset({"исполнитель", "кто едет", "специалист", "электрик"}),
    "Цена": frozenset({"сумма", "стоимость", "оплата", "итого"}),
    "Активен": frozenset({"работает", "в работе", "активный"}),
    "Вопрос": frozenset({"вопросы"}),
    "Ответ": frozenset({"ответы"}),
}  # fmt: skip


def places_of(title: str, headers: Sequence[object]) -> dict[str, list[int]]:
    """Return the 0-based places where each of our columns stands; none, one or more.

    A header that is right to the letter goes before one that only looks so.
    """
    exact, alike = _by(normal, headers), _by(bare, headers)
    found = {}
    for column in WORKSHEETS[title].columns:
        found[column] = exact.get(normal(column)) or alike.get(bare(column), [])
    return found


def _by(reading: Callable[[object], str], headers: Sequence[object]) -> Places:
    found: Places = {}
    for place, header in enumerate(headers):
        found.setdefault(reading(header), []).append(place)
    return found


def lies_deeper(title: str, below: Iterable[Sequence[object]]) -> int | None:
    """Return the 1-based row in which our headers stand, of the rows below the first."""
    for number, row in enumerate(below, start=2):
        if number > DEEP:
            return None
        if are_headers(title, row):
            return number
    return None


def are_headers(title: str, row: Sequence[object]) -> bool:
    """Return whether most of the headers that a worksheet needs stand in a row."""
    places, required = places_of(title, row), WORKSHEETS[title].required
    there = sum(bool(places[column]) for column in required)
    # a row of orders may hold one such word, not half of them
    return there >= 2 and there * 2 >= len(required)


def likely(column: str, headers: Iterable[str]) -> str:
    """Return the header that a person may have meant as one of ours, "" for none."""
    spare = [header for header in headers if not is_empty(header)]
    for header in spare:
        if normal(header) in ALSO_CALLED.get(column, ()):
            return header
    whole = normal(column)
    for header in spare:
        if normal(header).startswith(f"{whole} "):
            return header
    near = nearest(column, spare, at_least=LIKELY)
    if near is None:
        return ""
    return near[0]


def deeper(title: str, number: int) -> str:
    """Return what to tell where the headers stand in another row than the first."""
    above = "строку 1" if number == 2 else f"строки 1–{number - 1}"
    return (
        f"Лист «{title}»: заголовки в строке {number}, а нужны в первой: удалите {above} выше них (свои записи можно "
        "держать на другом листе). До этого Наряд ничего не меняет"
    )


def explained(
    title: str, missing: list[str], doubled: list[str], headers: list[str]
) -> str:
    """Return what to tell of headers that are missing or stand twice."""
    own = unknown(title, headers)
    said = []
    for column in missing:
        near = likely(column, own)
        alike = f" (есть похожий «{_on_one_line(near)}»)" if near else ""
        said.append(f"нет столбца «{column}»{alike}")
    said += [f"столбец «{column}» встречается дважды" for column in doubled]
    return f"Лист «{title}»: {', '.join(said)}. Исправьте первую строку — до этого Наряд ничего не меняет"


def unknown(title: str, headers: Sequence[str]) -> list[str]:
    """Return the headers that are none of ours."""
    ours = set[int]().union(*places_of(title, headers).values())
    return [header for place, header in enumerate(headers) if place not in ours]


def _on_one_line(header: str) -> str:
    return " ".join(header.split())
