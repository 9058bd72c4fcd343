"""Tells a person how things stand: the same as /healthz and /metrics, in words, with
the last runs.
"""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from record.dispatch.waves import Wave, counted
from record.settings import Settings
from record.store import Run, Store, Tx
from record.store.facts import BACKUP, RESTARTED, CopyMade, ProcessName, Restart, alive
from record.watch import open_waves
from record.watch.health import Health, examine, span
from worker import restart_notice

WIDE = 72  # columns that the whole table of runs needs
PROCESSES: dict[ProcessName, str] = {
    "worker": "worker",
    "bot.client": "бот клиентов",
    "bot.master": "бот мастеров",
}
JOBS = {
    "flush": "запись в таблицу",
    "statistics": "статистика",
    "marks": "отметки о связи",
    "offers": "заказы без мастера",
    "rows": "место в таблице",
    "backup": "копия таблицы",
    "prune": "чистка базы",
}
RUNS = 10


@dataclass(frozen=True)
class State:
    """Everything that is shown, read in one view of the store."""

    facts: dict[str, str]
    polls: list[Run]
    jobs: list[Run]
    problems: list[str]
    begun: Restart | None


def status(store: Store, settings: Settings, console: Console) -> bool:
    """Print how things stand; return whether all is well."""
    with store.reading() as tx:
        state = _look(tx, settings, time.time())
    console.print(_pairs(state.facts))
    if state.begun:
        console.print(
            Text(restart_notice.said(state.begun), style="yellow"), soft_wrap=True
        )
    if state.polls:
        console.print(_polls(state.polls, settings, wide=console.width >= WIDE))
    if state.jobs:
        console.print(_jobs(state.jobs, settings))
    for problem in state.problems:
        console.print(Text(f"✗ {problem}", style="bold red"), soft_wrap=True)
    if not state.problems:
        console.print(Text("✓ Всё в порядке", style="bold green"))
    return not state.problems


def _look(tx: Tx, settings: Settings, now: float) -> State:
    health, begun = examine(tx, settings, now), tx.facts.get(RESTARTED)
    facts = dict(_facts(tx, settings, health, now))
    if begun:
        facts["Локальная база начата заново"] = restart_notice.when(begun, settings)
    jobs = [run for job in JOBS for run in tx.runs.last(job, 1)]
    return State(facts, tx.runs.last("poll", RUNS), jobs, [*health.reasons], begun)


def _facts(
    tx: Tx, settings: Settings, health: Health, now: float
) -> Iterator[tuple[str, str]]:
    yield (
        "Последний опрос",
        "не было" if health.poll_age is None else f"{span(health.poll_age)} назад",
    )
    yield "Ждут записи в таблицу", _depth(*tx.journal.depth())
    yield "Ждут отправки в Telegram", _depth(*tx.outbox.depth())
    if waiting := sum(tx.figures.updates_waiting().values()):
        yield "Ждут ответа ботов", str(waiting)
    yield "Строки, которые ещё дописывают", str(tx.resting.count())
    if held := open_waves.waiting(tx):
        yield "Ждут решения", "; ".join(_held(wave, now) for wave in held)
    yield "Заявки", _counted(tx.orders.count_by_status())
    yield "Активных мастеров", str(len(tx.masters.roster().active()))
    if lost := _unreachable(tx):
        yield "Telegram не доставляет", lost
    sheets = settings.sheets
    reads = tx.quota.left("read", sheets.reads_per_minute)
    writes = tx.quota.left("write", sheets.writes_per_minute)
    yield "Квота Google сейчас", f"чтений {reads:.0f}, записей {writes:.0f}"
    yield "Копия таблицы", _copied(tx.facts.get(BACKUP) or CopyMade(), settings, now)
    yield "На связи", _alive(tx, now)


def _depth(count: int, age: float) -> str:
    return f"{count}, самая старая {span(age)} назад" if count else "нет"


def _held(wave: Wave, now: float) -> str:
    return f"пачка {wave.number}, пришло {counted(wave)}, {span(max(0.0, now - wave.opened_at))} назад"


def _counted(counts: Mapping[str, int]) -> str:
    return (
        ", ".join(
            f"{name or 'непонятно'} {count}" for name, count in sorted(counts.items())
        )
        or "нет"
    )


def _unreachable(tx: Tx) -> str:
    """Return who Telegram can't reach: masters by name, since staff may want to call
    them; clients by number.
    """
    lost = tx.masters.unreachable("master")
    names = [
        master.name for master in tx.masters.roster().masters if master.chat in lost
    ]
    clients = len(tx.masters.unreachable("client"))
    said = [f"мастерам: {', '.join(names)}"] if names else []
    return "; ".join([*said, f"клиентов: {clients}"] if clients else said)


def _copied(known: CopyMade, settings: Settings, now: float) -> str:
    if "at" in known:
        return f"{span(max(0.0, now - known['at']))} назад, {known['file']}"
    due = settings.backup.time
    return f"ещё не было, будет в {due}" if due else "не делается (backup.time)"


def _alive(tx: Tx, now: float) -> str:
    beats = {said: tx.facts.get(alive(process)) for process, said in PROCESSES.items()}
    heard = [
        f"{said} {span(max(0.0, now - beat['at']))} назад"
        for said, beat in beats.items()
        if beat
    ]
    return ", ".join(heard) or "никого"


def _pairs(facts: Mapping[str, str]) -> Table:
    table = Table(show_header=False, box=None, pad_edge=False)
    table.add_column(style="dim")
    table.add_column(overflow="fold")
    for name, said in facts.items():
        table.add_row(name, said)
    return table


def _polls(runs: Iterable[Run], settings: Settings, *, wide: bool) -> Table:
    table = Table(title="Последние опросы", title_justify="left")
    figures = ("rows", "changes", "notices", "calls") if wide else ()
    for heading in (
        "когда",
        "секунд",
        *("строк", "изменений", "сообщений", "запросов")[: len(figures)],
        "итог",
    ):
        table.add_column(
            heading,
            justify="left" if heading in ("когда", "итог") else "right",
            overflow="fold",
        )
    for run in runs:
        shown = (str(run.facts.get(name, "")) for name in figures)
        table.add_row(
            _when(run, settings, wide=wide), f"{run.seconds:.2f}", *shown, _end(run)
        )
    return table


def _jobs(runs: Iterable[Run], settings: Settings) -> Table:
    table = Table(title="Другие задачи, последний раз", title_justify="left")
    for heading in ("задача", "когда", "итог"):
        table.add_column(heading, overflow="fold")
    for run in runs:
        table.add_row(JOBS[run.job], _when(run, settings, wide=True), _end(run))
    return table


def _end(run: Run) -> Text:
    return (
        Text("ок", style="green")
        if run.ok
        else Text(str(run.facts.get("error", "ошибка")), style="red")
    )


def _when(run: Run, settings: Settings, *, wide: bool) -> str:
    """Return when a run ended, by the company's clock."""
    return f"{datetime.fromtimestamp(run.at, settings.zone):{'%d.%m %H:%M:%S' if wide else '%H:%M:%S'}}"
