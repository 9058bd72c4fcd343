"""Tells a person how things stand: last polls, backlog, problems."""

import time
from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from record.settings import Settings
from record.store import Run, Store

LATE_INTERVALS = 3


def status(store: Store, settings: Settings, console: Console) -> bool:
    """Print how things stand; return whether all is well."""
    with store.reading() as tx:
        polls, good = tx.runs.last("poll"), tx.runs.last("poll", 1, ok=True)
        journal, outbox = tx.journal.depth(), tx.outbox.depth()
        problems: list[str] = list(tx.facts.get("sheet_problems", []))
        parked, resting = tx.journal.parked(), tx.resting.count()
        counts, masters = tx.orders.count_by_status(), tx.masters.roster()
    late = max(LATE_INTERVALS * settings.polling.interval_s, 15)
    age = time.time() - good[0].at if good else None
    if age is None:
        problems.insert(0, "Таблица ещё ни разу не прочитана: запущен ли python -m worker run?")
    elif age > late:
        problems.insert(0, f"Последний удачный опрос был {_ago(age)}: запущен ли python -m worker run?")
    known = ", ".join(f"{name or 'непонятно'} {count}" for name, count in sorted(counts.items())) or "нет"
    facts = {
        "Последний опрос": _ago(age) if age is not None else "не было",
        "Ждут записи в таблицу": _depth(journal),
        "Ждут отправки в Telegram": _depth(outbox),
        "Отлёживаются строки": str(resting),
        "Заявки": known,
        "Активных мастеров": str(len(masters.active())),
    }
    console.print(_facts(facts))
    if polls:
        console.print(_runs(polls))
    for write, error in parked:
        problems.append(f"Не записано в «{write.title}», ID {write.subject}: {error}")
    for problem in problems:
        console.print(Text(f"✗ {problem}", style="bold red"))
    if not problems:
        console.print(Text("✓ Всё в порядке", style="bold green"))
    return not problems


def _facts(facts: dict[str, str]) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, said in facts.items():
        table.add_row(name, said)
    return table


def _runs(runs: Iterable[Run]) -> Table:
    table = Table(title="Последние опросы", title_justify="left")
    for heading in ("когда", "секунд", "строк", "изменений", "запросов", "итог"):
        table.add_column(heading)
    for run in runs:
        facts: dict[str, Any] = run.facts
        shown = (str(facts.get(name, "")) for name in ("rows", "changes", "calls"))
        end = Text("ок", style="green") if run.ok else Text(str(facts.get("error", "ошибка")), style="red")
        table.add_row(time.strftime("%d.%m %H:%M:%S", time.localtime(run.at)), f"{run.seconds:.3f}", *shown, end)
    return table


def _depth(depth: tuple[int, float]) -> str:
    count, age = depth
    return f"{count}, самая старая {_ago(age)}" if count else "нет"


def _ago(seconds: float) -> str:
    if seconds < 90:
        return f"{seconds:.0f} с назад"
    return f"{seconds / 60:.0f} мин назад" if seconds < 5400 else f"{seconds / 3600:.0f} ч назад"
