"""Charts as geometry for SVG: x in percent, y in pixels, so that text keeps its size at
any width. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from record.reports.periods import Grain
from record.wording import SPACE, money
from web.present.formats import MONTHS

HEIGHT = 180
TOP, BOTTOM = 22, 26
LABELS = 4
SHORT = tuple(month[:3] for month in MONTHS)
NAMES = (
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
        """Say whether there is nothing to see."""
        return not any(bar.height for slot in self.slots for bar in slot.bars)


def columns(
    labels: Sequence[str], series: Sequence[Series], show: Callable[[Number], str] = str
) -> Columns:
    """Return a chart with a group of bars for each label."""
    top = nice(max((value for one in series for value in one.values), default=0))
    step = 100 / max(len(labels), 1)
    every = -(-len(labels) // LABELS)
    said = [[show(one.values[place]) for one in series] for place in range(len(labels))]
    return Columns(
        slots=tuple(
            Slot(
                round(place * step, 3),
                round(step, 3),
                f"{label}: "
                + ", ".join(
                    f"{one.name} {word}"
                    for one, word in zip(series, said[place], strict=True)
                ),
                tuple(_bars(series, place, step, top)),
            )
            for place, label in enumerate(labels)
        ),
        lines=((TOP, show(top)), (TOP + HEIGHT / 2, "")),
        labels=tuple(
            (round((place + 0.5) * step, 3), label)
            for place, label in enumerate(labels)
            if (len(labels) - 1 - place) % every == 0
        ),
        legend=tuple((one.name, one.kind) for one in series),
        rows=tuple((label, *words) for label, words in zip(labels, said, strict=True)),
    )


def _bars(series: Sequence[Series], place: int, step: float, top: Number) -> list[Bar]:
    gap = step * (0.3 if len(series) > 1 else 0.36)
    width = (step - gap) / len(series)
    bars = []
    for number, one in enumerate(series):
        height = float(one.values[place]) / float(top) * HEIGHT if top else 0.0
        height = max(height, 2.0) if one.values[place] else 0.0
        x = place * step + gap / 2 + number * width
        bars.append(
            Bar(
                round(x, 3),
                round(width, 3),
                round(TOP + HEIGHT - height, 1),
                round(height, 1),
                one.kind,
            )
        )
    return bars


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
    """Return lines (name, value, how it is shown, a note) as horizontal bars, the
    greatest as long as the chart.
    """
    most = max((value for _, value, _, _ in lines), default=0)
    return [
        Share(
            name,
            shown,
            round(100 * float(value) / float(most), 2) if most else 0.0,
            note,
        )
        for name, value, shown, note in lines
    ]


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
    if hours < 48:
        return f"{hours}{SPACE}ч" + (
            f" {rest}{SPACE}мин" if rest and hours < 10 else ""
        )
    return f"{hours // 24}{SPACE}дн"
