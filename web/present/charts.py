"""Charts as geometry for SVG. Pure.

x is in percent and y in pixels, so that text keeps its size at any width.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from record.reports.periods import Grain
from record.values.wording import SPACE, money
from web.present.formats import MONTHS

HEIGHT = 180
TOP, BOTTOM = 22, 26
LABELS = 4  # below a chart: more do not fit on a phone
SHORT = tuple(month[:3] for month in MONTHS)
NAMES = (  # as they stand alone; MONTHS are as they stand after a day
    "январь", "февраль", "март", "апрель", "май", "июнь",
    "июль", "август", "сентябрь", "октябрь", "ноябрь", "декабрь",
)  # fmt: skip
Number = int | Decimal


@dataclass(frozen=True)
class Series:
    """One kind of bars: its name, its colour's class, a value for each label."""

    name: str
    kind: str
    values: Sequence[Number]


@dataclass(frozen=True)
class Bar:
    """One bar: x and width in percent, y and height in pixels."""

    x: float
    width: float
    y: float
    height: float
    kind: str


@dataclass(frozen=True)
class Slot:
    """Where the bars of one label stand, and what is said of them."""

    x: float
    width: float
    said: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True)
class Columns:
    """A chart of columns with its grid lines, labels, and a table that says the same."""

    slots: tuple[Slot, ...]
    lines: tuple[tuple[float, str], ...]
    labels: tuple[tuple[float, str], ...]
    legend: tuple[tuple[str, str], ...]
    rows: tuple[tuple[str, ...], ...]
    height: int = HEIGHT + TOP + BOTTOM
    floor: int = HEIGHT + TOP

    @property
    def empty(self) -> bool:
        """Whether there is nothing to see."""
        return not any(bar.height for slot in self.slots for bar in slot.bars)


def columns(
    labels: Sequence[str], series: Sequence[Series], show: Callable[[Number], str] = str
) -> Columns:
    """Return a chart with a group of bars for each label."""
    top = nice(_greatest(series))
    step = 100 / max(len(labels), 1)
    slots = []
    rows = []
    for place, label in enumerate(labels):
        words = [show(one.values[place]) for one in series]
        slots.append(
            Slot(
                x=round(place * step, 3),
                width=round(step, 3),
                said=_said(label, series, words),
                bars=tuple(_bars(series, place, step, top)),
            )
        )
        rows.append((label, *words))
    return Columns(
        slots=tuple(slots),
        lines=((TOP, show(top)), (TOP + HEIGHT / 2, "")),
        labels=tuple(_spaced_labels(labels, step)),
        legend=tuple((one.name, one.kind) for one in series),
        rows=tuple(rows),
    )


def _greatest(series: Sequence[Series]) -> Number:
    tops = [max(one.values, default=0) for one in series]
    return max(tops, default=0)


def _said(label: str, series: Sequence[Series], words: Sequence[str]) -> str:
    pairs = zip(series, words, strict=True)
    joined = ", ".join(f"{one.name} {word}" for one, word in pairs)
    return f"{label}: {joined}"


def _spaced_labels(labels: Sequence[str], step: float) -> Iterator[tuple[float, str]]:
    """Yield as many labels as a phone has room for, the last one among them."""
    every = -(-len(labels) // LABELS)
    for place, label in enumerate(labels):
        is_shown = (len(labels) - 1 - place) % every == 0
        if is_shown:
            yield round((place + 0.5) * step, 3), label


def _bars(series: Sequence[Series], place: int, step: float, top: int) -> Iterator[Bar]:
    gap = step * 0.36
    if len(series) > 1:
        gap = step * 0.3
    width = (step - gap) / len(series)
    for number, one in enumerate(series):
        height = _height(one.values[place], top)
        yield Bar(
            x=round(place * step + gap / 2 + number * width, 3),
            width=round(width, 3),
            y=round(TOP + HEIGHT - height, 1),
            height=round(height, 1),
            kind=one.kind,
        )


def _height(value: Number, top: int) -> float:
    if not value:
        return 0.0
    # a little is seen to be more than nothing
    return max(float(value) / top * HEIGHT, 2.0)


def nice(value: Number) -> int:
    """Return a round number that is not less: 2, 4, 6, 10, 20, 40 …"""
    size = 1
    while True:
        for step in (2, 4, 6, 10):
            if value <= step * size:
                return step * size
        size *= 10


@dataclass(frozen=True)
class Share:
    """One line of a bar list: its share of the greatest in percent."""

    name: str
    shown: str
    width: float
    note: str = ""


def shares(lines: Sequence[tuple[str, Number, str, str]]) -> list[Share]:
    """Return lines (name, value, how it is shown, a note) as horizontal bars.

    The greatest is as long as the chart.
    """
    most = max((value for _, value, _, _ in lines), default=0)
    bars = []
    for name, value, shown, note in lines:
        width = 0.0
        if most:
            width = round(100 * float(value) / float(most), 2)
        bars.append(Share(name, shown, width, note))
    return bars


def bar_label(start: date, grain: Grain) -> str:
    """Return what stands under the bar of a day, a week or a month."""
    if grain == "month":
        return f"{NAMES[start.month - 1]}{SPACE}{start.year}"
    return f"{start.day}{SPACE}{SHORT[start.month - 1]}"


def roubles(value: Number) -> str:
    """Return a sum as it stands beside a bar."""
    return money(Decimal(value))


def minutes(value: float | None) -> str:
    """Return a stretch of time as people say it, such as 12 мин or 3 ч 5 мин."""
    if value is None:
        return "—"
    whole = round(value)
    if whole < 1:
        return f"меньше{SPACE}минуты"
    if whole < 60:
        return f"{whole}{SPACE}мин"
    hours, rest = divmod(whole, 60)
    if hours >= 48:
        return f"{hours // 24}{SPACE}дн"
    # beside ten hours nobody counts minutes
    if not rest or hours >= 10:
        return f"{hours}{SPACE}ч"
    return f"{hours}{SPACE}ч {rest}{SPACE}мин"
