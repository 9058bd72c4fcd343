"""What people type into cells: a cell in, a value or a friendly explanation out.

Pure. A cell is what the Sheets API gives with UNFORMATTED_VALUE and SERIAL_NUMBER: text, number or boolean.
A reader returns the value, ``None`` for an empty cell, or raises :class:`Unclear` with a Russian sentence.
"""

import re
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import NamedTuple, TypeVar

import phonenumbers
from rapidfuzz import fuzz, process

from record.worksheets import normal

T = TypeVar("T")
Cell = str | int | float | bool
EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001  serials are wall-clock time without a zone
SURE = 86
DATES = ("%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%d-%m-%Y", "%Y-%m-%d", "%Y.%m.%d", "%Y/%m/%d")
TIMES = ("", " %H:%M", " %H:%M:%S")
YES = {"да", "true", "истина", "✓", "✔", "✅", "+", "1", "yes", "y", "д", "активен", "активна", "ок"}
NO = {"нет", "false", "ложь", "-", "0", "no", "n", "н", "неактивен", "✗", "❌", ""}


class Status(StrEnum):
    """Where an order stands; the values are the texts of the column «Статус»."""

    NEW = "Новая"
    WORK = "В работе"
    DONE = "Выполнена"
    CANCELLED = "Отменена"


STATUS_WORDS = {
    Status.NEW: ("новая", "новый", "новое", "нова", "новые", "new"),
    Status.WORK: ("в работе", "работа", "принята", "принят", "взята", "взят в работу", "в процессе"),
    Status.DONE: (
        "выполнена",
        "выполнено",
        "выполнен",
        "готово",
        "готова",
        "сделано",
        "завершена",
        "завершено",
    ),
    Status.CANCELLED: ("отменена", "отменено", "отменен", "отмена", "отказ", "отказался", "снята"),
}
STATUS_OF = {word: status for status, words in STATUS_WORDS.items() for word in words}


class Unclear(ValueError):
    """What a person typed can't be understood; the text says so in one Russian sentence."""


def text(cell: Cell) -> str:
    """Return a cell as a person sees it: whole numbers without a tail, booleans in Russian, no spaces around."""
    if isinstance(cell, bool):
        return "ИСТИНА" if cell else "ЛОЖЬ"
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).replace("\x00", "").strip()


def is_empty(cell: Cell) -> bool:
    """Say whether a cell holds nothing but spaces; 0 and FALSE are something."""
    return isinstance(cell, str) and not cell.strip()


def number(cell: Cell) -> int | None:
    """Return a whole number such as a chat id, or None."""
    shown = text(cell)
    return int(shown) if re.fullmatch(r"-?\d{1,18}", shown) else None


def phone(cell: Cell, region: str = "RU") -> str | None:
    """Return a phone in E.164 form, from any way people write it."""
    shown = re.sub(r"\s+", " ", text(cell))
    if not shown:
        return None
    try:
        parsed = phonenumbers.parse(shown, region)
    except phonenumbers.NumberParseException:
        parsed = None
    if parsed is None or not _callable(parsed, shown):
        raise Unclear(f"Телефон «{cut(shown)}» непонятен: нужны 11 цифр, например +7 900 123-45-67")
    return phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)


def _callable(parsed: phonenumbers.PhoneNumber, shown: str) -> bool:
    """Say whether a number is whole; one typed short is taken only where such numbers are known to be given out."""
    whole = sum(map(str.isdigit, shown)) >= 11
    possible = phonenumbers.is_possible_number_with_reason(parsed) == phonenumbers.ValidationResult.IS_POSSIBLE
    return possible and (whole or phonenumbers.is_valid_number(parsed))


def money(cell: Cell, what: str = "Цена") -> Decimal | None:
    """Return roubles with kopecks, from a number cell or texts such as ``2 000,50 ₽``."""
    if isinstance(cell, bool):
        raise Unclear(f"{what}: здесь флажок, а нужно число, например 2000")
    if isinstance(cell, int | float):
        return _positive(Decimal(str(cell)), what, text(cell))
    shown = cell.strip()
    if not shown:
        return None
    bare = re.sub(r"\s|₽|руб(лей|ля|ль)?\.?|р(?![а-я])\.?|rub\.?", "", shown.casefold())
    bare = re.sub(r"[.,](?=\d{3}(?:\D|$))", "", bare).replace(",", ".").removesuffix(".-").removesuffix(".")
    if not re.fullmatch(r"-?\d{1,9}(\.\d{1,2})?", bare):
        raise Unclear(f"{what} «{cut(shown)}» — не число: напишите, например, 2000")
    return _positive(Decimal(bare), what, shown)


def _positive(value: Decimal, what: str, shown: str) -> Decimal:
    if not value.is_finite() or not 0 <= value <= 100_000_000:
        raise Unclear(f"{what} «{cut(shown)}» не может быть такой: нужно число от 0")
    return value.quantize(Decimal("0.01"))


def percent(cell: Cell) -> Decimal | None:
    """Return a percentage 0–100; a cell formatted as percent holds 0.3 for 30 %."""
    if is_empty(cell):
        return None
    if isinstance(cell, bool):
        raise Unclear("Комиссия, %: здесь флажок, а нужно число от 0 до 100")
    share = isinstance(cell, float) and 0 < cell < 1
    try:
        value = Decimal(re.sub(r"[\s%]", "", text(cell)).replace(",", "."))
    except InvalidOperation:
        raise Unclear(f"Комиссия, % «{cut(text(cell))}» — не число: напишите, например, 30") from None
    value = value * 100 if share else value
    if not value.is_finite() or not 0 <= value <= 100:
        raise Unclear(f"Комиссия, % «{cut(text(cell))}»: нужно число от 0 до 100")
    return value.normalize()


def moment(cell: Cell, what: str = "Дата") -> datetime | None:
    """Return a wall-clock time in the company's zone, from a serial number or a text, day first."""
    if isinstance(cell, bool):
        raise Unclear(f"{what}: здесь флажок, а нужна дата, например 15.12.2026")
    if isinstance(cell, int | float):
        if not 20_000 < cell < 80_000:
            raise Unclear(f"{what} «{cut(text(cell))}» — не дата: напишите, например, 15.12.2026")
        return from_serial(cell)
    shown = re.sub(r"[\s,T]+", " ", cell.strip())
    if not shown:
        return None
    for pattern in (date + time for date in DATES for time in TIMES):
        try:
            found = datetime.strptime(shown, pattern)  # noqa: DTZ007  the company's wall clock
        except ValueError:
            continue
        if found.year > 1999:
            return found
    raise Unclear(f"{what} «{cut(shown)}» непонятна: напишите, например, 15.12.2026 или 15.12.2026 14:30")


def from_serial(serial: float) -> datetime:
    """Return the wall-clock time of a Sheets serial number, to the second."""
    return EPOCH + timedelta(seconds=round(serial * 86400))


def to_serial(when: datetime) -> float:
    """Return the Sheets serial number of a wall-clock time: days since 1899-12-30.

    https://developers.google.com/workspace/sheets/api/guides/formats
    """
    seconds = (when.replace(tzinfo=None, microsecond=0) - EPOCH).total_seconds()
    return round(seconds / 86400, 8)


def flag(cell: Cell, what: str = "Активен") -> bool:
    """Return a checkbox's or a typed yes/no's meaning; an empty cell is no."""
    if isinstance(cell, bool):
        return cell
    word = normal(text(cell))
    if word in YES or text(cell) == "+":
        return True
    if word in NO or text(cell) == "-":
        return False
    raise Unclear(f"{what} «{cut(text(cell))}»: поставьте флажок или напишите «да» либо «нет»")


def status(cell: Cell) -> Status:
    """Return the status a person meant; an empty cell is Новая."""
    word = normal(text(cell))
    if not word:
        return Status.NEW
    if word in STATUS_OF:
        return STATUS_OF[word]
    near = nearest(word, STATUS_OF)
    meant, alike = (STATUS_OF[near[0]], near[1]) if near else (Status.NEW, 0.0)
    if alike >= SURE:
        return meant
    choices = ", ".join(Status)
    raise Unclear(f"Статус «{cut(text(cell))}» непонятен: может быть, «{meant}»? Бывают: {choices}")


def nearest(word: str, choices: Iterable[str], at_least: float = 0) -> tuple[str, float] | None:
    """Return the choice most like the word, and how alike they are, 0–100, or None below ``at_least``."""
    found = process.extractOne(word, list(choices), scorer=fuzz.ratio, score_cutoff=at_least)
    return (found[0], found[1]) if found else None


class Trouble(NamedTuple):
    """What stands in this column can't be understood, said in one Russian sentence."""

    column: str
    sentence: str


def attempt(column: str, read: Callable[[], T | None], troubles: list[Trouble]) -> T | None:
    """Return what ``read`` gives; where the person's text is unclear, note the trouble and return None."""
    try:
        return read()
    except Unclear as unclear:
        troubles.append(Trouble(column, str(unclear)))
        return None


def cut(value: str, limit: int = 40) -> str:
    """Return the text, cut with a sign where it is longer than ``limit``."""
    flat = " ".join(value.split())
    return flat if len(flat) <= limit else flat[: limit - 1] + "…"
