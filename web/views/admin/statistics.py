"""Statistics in the panel: some days in charts, each with a table that says the same."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from flask import Response, request

from record.reports import periods
from record.reports.periods import Arrived, Done, Funnel, MasterSums, Period
from record.values.wording import money
from web.present.charts import (
    Series,
    Share,
    bar_label,
    columns,
    minutes,
    roubles,
    shares,
)
from web.site import clock, site
from web.views.admin.frame import blueprint, page

SPANS = {7: "Неделя", 30: "30 дней", 90: "3 месяца", 365: "Год"}
USUAL = 30


@blueprint.get("/admin/statistics")
def statistics() -> Response:
    """Show the last days in figures and charts, beside those before them."""
    days = _days_asked_for()
    period = Period.last(days, clock().date())
    before = period.before()
    first_day = datetime.combine(period.since, time.min, tzinfo=site().settings.zone)
    since = first_day.timestamp()
    since_before = since - timedelta(days=period.days).total_seconds()
    with site().store.reading() as tx:
        arrived = tx.search.arrived(before.since, period.until)
        done = tx.search.done(before.since, period.until)
        steps = tx.search.steps(since_before)
        roster = tx.masters.roster()
    taken = periods.waits(step for step in steps if step.at >= since)
    taken_before = periods.waits(step for step in steps if step.at < since)
    masters = periods.by_master(period, done, taken, roster)
    return page(
        "statistics.html",
        spans=SPANS,
        days=days,
        period=period,
        now=periods.total(period, arrived, done),
        before=periods.total(before, arrived, done),
        usual=periods.usual(taken),
        usual_before=periods.usual(taken_before),
        **_charts_by_day(period, arrived, done),
        **_origins_and_fates(period, arrived),
        speeds=_counts(periods.by_wait(taken)),
        taken=len(taken),
        masters=list(zip(masters, _turnovers(masters), strict=True)),
        minutes=minutes,
    )


def _days_asked_for() -> int:
    asked = request.args.get("days", "")
    for days in SPANS:
        if asked == str(days):
            return days
    return USUAL


def _charts_by_day(
    period: Period, arrived: Sequence[Arrived], done: Sequence[Done]
) -> dict[str, Any]:
    bars = periods.by_bar(period, arrived, done)
    labels = [bar_label(start, period.grain) for start in bars]
    came = Series("пришло", "sea", [one.came for one in bars.values()])
    finished = Series("выполнено", "amber", [one.done for one in bars.values()])
    turnover = Series("оборот", "sea", [one.turnover for one in bars.values()])
    commission = Series("комиссия", "amber", [one.commission for one in bars.values()])
    return {
        "flow": columns(labels, [came, finished]),
        "cash": columns(labels, [turnover, commission], roubles),
    }


def _origins_and_fates(period: Period, arrived: Sequence[Arrived]) -> dict[str, Any]:
    """Return where orders came from and what became of them, as parts of all."""
    funnel = periods.funnel(period, arrived)
    fates = (
        ("Пришло", funnel.came),
        ("Взяли мастера", funnel.taken),
        ("Выполнено", funnel.done),
        ("Отменено", funnel.cancelled),
    )
    return {
        "funnel": funnel,
        "sources": _counts(periods.by_source(period, arrived), funnel),
        "fates": _counts(fates, funnel),
    }


def _counts(
    counts: Iterable[tuple[str, int]], funnel: Funnel | None = None
) -> list[Share]:
    """Return counts as bars; with a funnel, also how much of all that is."""
    lines = []
    for name, count in counts:
        note = f"{funnel.share(count)} %" if funnel else ""
        lines.append((name, count, str(count), note))
    return shares(lines)


def _turnovers(masters: Iterable[MasterSums]) -> list[Share]:
    lines = [(one.name, one.turnover, money(one.turnover), "") for one in masters]
    return shares(lines)
