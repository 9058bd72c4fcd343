"""System health in the panel: last polls, what waits, the quota, what needs a person."""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Response, make_response, render_template

from record.logs import masked
from record.settings import Settings
from record.store import Run, Tx
from record.store.facts import ProcessName, alive
from record.store.staff import StaffMember
from record.store.upkeep import at_once
from record.values.wording import figure
from record.watch.health import ALIVE_S, Health, examine, span
from web.present.charts import Share
from web.present.formats import wall_clock
from web.site import site
from web.views.admin.frame import blueprint, page
from web.views.admin.overview import parked

POLLS = 12
PROCESSES: dict[ProcessName, str] = {
    "worker": "Планировщик",
    "bot.client": "Бот клиентов",
    "bot.master": "Бот мастеров",
}


@dataclass(frozen=True)
class Process:
    """A process of the company; ``age`` of its last sign of life in seconds, or None."""

    name: str
    age: float | None

    @property
    def alive(self) -> bool:
        """Whether it runs."""
        return self.age is not None and self.age < ALIVE_S


@dataclass(frozen=True)
class PollLine:
    """One poll as the page shows it."""

    when: datetime
    seconds: float
    rows: str
    changes: str
    ok: bool
    error: str


@blueprint.get("/admin/health")
def health() -> Response:
    """Show how things stand."""
    return page("health.html", **_health_now())


# An address of its own: by it the guard tells what a page left open asks by itself.
@blueprint.get("/admin/health/live")
def health_live() -> Response:
    """Return the part of the page that changes."""
    return make_response(render_template("admin/health-live.html", **_health_now()))


def _health_now() -> dict[str, Any]:
    """Return what the page shows, all of one moment."""
    settings = site().settings
    now = time.time()
    with site().store.reading() as tx:
        state = examine(tx, settings, now, now - site().started)
        return {
            "state": state,
            "lines": _lines(tx, settings, state),
            "quota": _quota(tx, settings),
            "processes": [
                Process(name, _age(tx, process, now))
                for process, name in PROCESSES.items()
            ],
            "polls": [_poll_line(run) for run in tx.runs.last("poll", POLLS)],
            "parked": parked(tx),
            "staff": _staff(tx),
            "span": span,
        }


def _lines(tx: Tx, settings: Settings, state: Health) -> list[tuple[str, str, bool]]:
    """Return lines of a name, how it stands, and whether that needs a closer look."""
    unreachable = sum(tx.metrics.unreachable().values())
    read = "ещё ни разу"
    if state.poll_age is not None:
        read = f"{span(state.poll_age)} назад"
    writes = f"{state.journal}"
    if state.journal:
        writes += f", самая старая {span(state.journal_age)}"
    notices = f"{state.outbox}"
    if state.outbox_age:
        notices += f", самое старое {span(state.outbox_age)}"
    return [
        ("Таблицу читали", read, False),
        ("Читаем каждые", span(settings.polling.interval_s), False),
        ("Ждут записи в таблицу", writes, state.journal_age > ALIVE_S),
        ("Ждут отправки в Telegram", notices, state.outbox_age > ALIVE_S),
        ("Строки, которые ещё дописывают", str(tx.resting.count()), False),
        ("Не достучаться в Telegram", f"{unreachable} чел.", unreachable > 0),
        ("Заявок в таблице", figure(tx.orders.count()), False),
        ("Активных мастеров", str(len(tx.masters.roster().active())), False),
    ]


def _staff(tx: Tx) -> list[tuple[StaffMember, datetime | None]]:
    """Return who enters the panel under a name, and when each last did."""
    found = []
    for member in tx.staff.all():
        when = None
        if member.entered_at:
            when = wall_clock(member.entered_at, site().settings.zone)
        found.append((member, when))
    return found


def _quota(tx: Tx, settings: Settings) -> list[Share]:
    """Return what may be asked of Google right now, of what may be asked at once."""
    sheets = settings.sheets
    kinds = (
        ("Чтение", "read", sheets.reads_per_minute),
        ("Запись", "write", sheets.writes_per_minute),
    )
    shares = []
    for name, kind, per_minute in kinds:
        left = tx.quota.left(kind, per_minute)
        most = at_once(kind, per_minute)
        note = f"из {most:.0f}, в минуту до {per_minute}"
        shares.append(Share(name, f"{left:.0f}", round(100 * left / most, 1), note))
    return shares


def _age(tx: Tx, process: ProcessName, now: float) -> float | None:
    beat = tx.facts.get(alive(process))
    if beat is None:
        return None
    return max(0.0, now - beat["at"])


def _poll_line(run: Run) -> PollLine:
    facts = run.facts
    return PollLine(
        when=wall_clock(run.at, site().settings.zone),
        seconds=run.seconds,
        rows=str(facts.get("rows", "")),
        changes=str(facts.get("changes", "")),
        ok=run.ok,
        error=masked(str(facts.get("error", ""))),
    )
