"""System health in the panel: last polls, what waits, Google's quota, who cannot be
reached, what needs a person.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import make_response, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from record.logs import masked
from record.settings import Settings
from record.store import Run, Tx
from record.store.facts import ProcessName, alive
from record.store.upkeep import at_once
from record.watch.health import ALIVE_S, Health, examine, span
from web.present.charts import Share
from web.present.formats import figure
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
    """One of the company's processes: when it last showed a sign of life, in seconds,
    None where it never did.
    """

    name: str
    age: float | None

    @property
    def alive(self) -> bool:
        """Say whether it runs."""
        return self.age is not None and self.age < ALIVE_S


@blueprint.get("/admin/health")
def health() -> AnyResponse:
    """Show how things stand; a page left open asks again for the part that changes."""
    shown = _look()
    if request.headers.get("HX-Request"):
        return make_response(render_template("admin/health-live.html", **shown))
    return page("health.html", **shown)


def _look() -> dict[str, Any]:
    settings, now = site().settings, time.time()
    with site().store.reading() as tx:
        state = examine(tx, settings, now, now - site().started)
        return {
            "state": state,
            "lines": _lines(tx, settings, state),
            "quota": _quota(tx, settings),
            "processes": [
                Process(name, _age(tx, fact, now)) for fact, name in PROCESSES.items()
            ],
            "polls": [_poll(run) for run in tx.runs.last("poll", POLLS)],
            "parked": parked(tx),
            "span": span,
        }


def _lines(tx: Tx, settings: Settings, state: Health) -> list[tuple[str, str, bool]]:
    """Return what is told of in one line each: name, how it stands, whether that is a
    reason to look closer.
    """
    unreachable = sum(tx.metrics.unreachable().values())
    waiting = f", самое старое {span(state.outbox_age)}" if state.outbox_age else ""
    writes = f", самая старая {span(state.journal_age)}" if state.journal else ""
    return [
        (
            "Таблицу читали",
            "ещё ни разу"
            if state.poll_age is None
            else f"{span(state.poll_age)} назад",
            False,
        ),
        ("Читаем каждые", span(settings.polling.interval_s), False),
        (
            "Ждут записи в таблицу",
            f"{state.journal}{writes}",
            state.journal_age > ALIVE_S,
        ),
        (
            "Ждут отправки в Telegram",
            f"{state.outbox}{waiting}",
            state.outbox_age > ALIVE_S,
        ),
        ("Строки, которые ещё дописывают", str(tx.resting.count()), False),
        ("Не достучаться в Telegram", f"{unreachable} чел.", unreachable > 0),
        ("Заявок в таблице", figure(tx.orders.count()), False),
        ("Активных мастеров", str(len(tx.masters.roster().active())), False),
    ]


def _quota(tx: Tx, settings: Settings) -> list[Share]:
    """Return what may be asked of Google right now, of what may be asked at once."""
    sheets = settings.sheets
    kinds = (
        ("Чтение", "read", sheets.reads_per_minute),
        ("Запись", "write", sheets.writes_per_minute),
    )
    found = []
    for name, kind, per_minute in kinds:
        left, most = tx.quota.left(kind, per_minute), at_once(kind, per_minute)
        said = f"из {most:.0f}, в минуту до {per_minute}"
        found.append(Share(name, f"{left:.0f}", round(100 * left / most, 1), said))
    return found


def _age(tx: Tx, process: ProcessName, now: float) -> float | None:
    beat = tx.facts.get(alive(process))
    if beat is None:
        return None
    return max(0.0, now - beat["at"])


@dataclass(frozen=True)
class Poll:
    """One poll as the page tells of it."""

    when: datetime
    seconds: float
    rows: str
    changes: str
    ok: bool
    error: str


def _poll(run: Run) -> Poll:
    facts = run.facts
    return Poll(
        datetime.fromtimestamp(run.at, site().settings.zone).replace(tzinfo=None),
        run.seconds,
        str(facts.get("rows", "")),
        str(facts.get("changes", "")),
        run.ok,
        masked(str(facts.get("error", ""))),
    )
