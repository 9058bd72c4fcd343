"""Tells a person how things stand: /healthz and /metrics in words, with the last runs."""

import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from rich.console import Console
from rich.table import Table
from rich.text import Text

from record.dispatch.waves import Wave, size_in_words
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
    "offers": "заявки без мастера",
    "rows": "место в таблице",
    "backup": "копия таблицы",
    "prune": "чистка базы",
}
RUNS = 10
FIGURES = {
    "rows": "строк",
    "changes": "изменений",
    "notices": "сообщений",
    "calls": "запросов",
}


@dataclass(frozen=True)
class State:
    """Everything that is shown, read in one view of the store."""

    facts: dict[str, str]
    polls: list[Run]
    jobs: list[Run]
    problems: list[str]
    restart: Restart | None


def status(store: Store, settings: Settings, console: Console) -> bool:
    """Print how things stand; return whether all is well."""
    with store.reading() as tx:
        state = _look(tx, settings, time.time())
    console.print(_pairs(state.facts))
    if state.restart:
        said = restart_notice.said(state.restart)
        console.print(Text(said, style="yellow"), soft_wrap=True)
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
    health, restart = examine(tx, settings, now), tx.facts.get(RESTARTED)
    facts = dict(_facts(tx, settings, health, now))
    if restart:
        facts["Локальная база начата заново"] = restart_notice.when(restart, settings)
    jobs: list[Run] = []
    for job in JOBS:
        jobs += tx.runs.last(job, 1)
    return State(facts, tx.runs.last("poll", RUNS), jobs, [*health.reasons], restart)


def _facts(
    tx: Tx, settings: Settings, health: Health, now: float
) -> Iterator[tuple[str, str]]:
    yield "Последний опрос", _last_poll(health)
    yield "Ждут записи в таблицу", _depth(*tx.journal.depth())
    yield "Ждут отправки в Telegram", _depth(*tx.outbox.depth())
    if waiting := sum(tx.metrics.updates_waiting().values()):
        yield "Ждут ответа ботов", str(waiting)
    yield "Строки, которые ещё дописывают", str(tx.resting.count())
    if held := open_waves.waiting(tx):
        yield "Ждут решения", "; ".join(_held(wave, now) for wave in held)
    yield "Заявки", _by_status(tx.orders.count_by_status())
    yield "Активных мастеров", str(len(tx.masters.roster().active()))
    if lost := _unreachable(tx):
        yield "Telegram не доставляет", lost
    sheets = settings.sheets
    reads = tx.quota.left("read", sheets.reads_per_minute)
    writes = tx.quota.left("write", sheets.writes_per_minute)
    yield "Квота Google сейчас", f"чтений {reads:.0f}, записей {writes:.0f}"
    yield "Копия таблицы", _copied(tx.facts.get(BACKUP) or CopyMade(), settings, now)
    yield "На связи", _alive(tx, now)


def _last_poll(health: Health) -> str:
    if health.poll_age is None:
        return "не было"
    return f"{span(health.poll_age)} назад"


def _depth(count: int, age_s: float) -> str:
    if not count:
        return "нет"
    return f"{count}, самая старая {span(age_s)} назад"


def _held(wave: Wave, now: float) -> str:
    return f"пачка {wave.number}, пришло {size_in_words(wave)}, {_ago(wave.opened_at, now)}"


def _ago(at: float, now: float) -> str:
    # a clock that was set back would make it a time to come
    return f"{span(max(0.0, now - at))} назад"


def _by_status(counts: Mapping[str, int]) -> str:
    said = [f"{name or 'непонятно'} {count}" for name, count in sorted(counts.items())]
    return ", ".join(said) or "нет"


def _unreachable(tx: Tx) -> str:
    """Return who Telegram can't reach: masters by name, clients by number.

    Staff may want to call a master.
    """
    lost = tx.masters.unreachable("master")
    names = [
        master.name for master in tx.masters.roster().masters if master.chat in lost
    ]
    clients = len(tx.masters.unreachable("client"))
    said = []
    if names:
        said.append(f"мастерам: {', '.join(names)}")
    if clients:
        said.append(f"клиентов: {clients}")
    return "; ".join(said)


def _copied(known: CopyMade, settings: Settings, now: float) -> str:
    if "at" in known:
        return f"{_ago(known['at'], now)}, {known['file']}"
    due = settings.backup.time
    if not due:
        return "не делается (backup.time)"
    return f"ещё не было, будет в {due}"


def _alive(tx: Tx, now: float) -> str:
    heard = []
    for process, name in PROCESSES.items():
        beat = tx.facts.get(alive(process))
        if beat:
            heard.append(f"{name} {_ago(beat['at'], now)}")
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
    # a narrow terminal has no room for the figures
    figures = FIGURES if wide else {}
    table.add_column("когда", overflow="fold")
    for heading in ("секунд", *figures.values()):
        table.add_column(heading, justify="right", overflow="fold")
    table.add_column("итог", overflow="fold")
    last = ""
    for run in runs:
        shown = [str(run.facts.get(name, "")) for name in figures]
        when = _when(run, settings, wide=wide)
        end = _end(run)
        # a trouble that lasts is told once
        same, last = not run.ok and end.plain == last, end.plain
        if same:
            end = Text("то же", style="red")
        table.add_row(when, f"{run.seconds:.2f}", *shown, end)
    return table


def _jobs(runs: Iterable[Run], settings: Settings) -> Table:
    table = Table(title="Другие задачи, последний раз", title_justify="left")
    for heading in ("задача", "когда", "итог"):
        table.add_column(heading, overflow="fold")
    for run in runs:
        table.add_row(JOBS[run.job], _when(run, settings, wide=True), _end(run))
    return table


def _end(run: Run) -> Text:
    if run.ok:
        return Text("ок", style="green")
    return Text(str(run.facts.get("error", "ошибка")), style="red")


def _when(run: Run, settings: Settings, *, wide: bool) -> str:
    """Return when a run ended, by the company's clock."""
    ended = datetime.fromtimestamp(run.at, settings.zone)
    return f"{ended:%d.%m %H:%M:%S}" if wide else f"{ended:%H:%M:%S}"
