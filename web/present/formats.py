"""How times look on the pages, and the greeting. Pure."""

from datetime import datetime
from zoneinfo import ZoneInfo

from record.values import wording

MONTHS = (
    "января", "февраля", "марта", "апреля", "мая", "июня",
    "июля", "августа", "сентября", "октября", "ноября", "декабря",
)  # fmt: skip

ACCUSATIVE = {"а": "у", "я": "ю"}
# until which hour one greets how
GREETINGS = (
    (5, "Доброй ночи"),
    (11, "Доброе утро"),
    (17, "Добрый день"),
    (23, "Добрый вечер"),
)


def phone(e164: str) -> str:
    """Return a phone as people read it, that no line's end breaks in two."""
    shown = wording.phone(e164)
    # what is no phone stays as it is
    return shown if shown == e164 else shown.replace(" ", wording.SPACE)


def per(unit: str) -> str:
    """Return a unit of «Услуги» as it stands after «за»: за штуку, за час."""
    # of several words («погонный метр») it isn't known which one to change
    ending = ACCUSATIVE.get(unit[-1:])
    if ending is None or " " in unit:
        return unit
    return unit[:-1] + ending


def wall_clock(at: float, zone: ZoneInfo) -> datetime:
    """Return a moment, of epoch seconds, by the company's wall clock."""
    return datetime.fromtimestamp(at, zone).replace(tzinfo=None)


def moment(when: datetime) -> str:
    """Return a day and a time, such as 22 ноября, 15:04."""
    return f"{day(when)}, {when:%H:%M}"


def day(when: datetime) -> str:
    """Return a day of this year, such as 22 ноября."""
    return f"{when.day}{wording.SPACE}{MONTHS[when.month - 1]}"


def ago(when: datetime, now: datetime) -> str:
    """Return how long ago something was, such as 12 мин or 3 ч, in its greatest unit."""
    minutes = max(0, int((now - when).total_seconds() // 60))
    if minutes < 60:
        return f"{minutes}{wording.SPACE}мин"
    if minutes < 48 * 60:
        return f"{minutes // 60}{wording.SPACE}ч"
    return f"{minutes // 1440}{wording.SPACE}дн"


def greeting(now: datetime) -> str:
    """Return how one greets at this hour."""
    for until, words in GREETINGS:
        if now.hour < until:
            return words
    return "Доброй ночи"
