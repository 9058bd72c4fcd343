"""Statistics in the panel: a stretch of days in charts, each with a table that says the
same.
"""

from datetime import datetime, time, timedelta

from flask import Response, request

from record.reports import periods
from record.reports.periods import Period
from record.wording import money
from web.present.charts import Series, bar_label, columns, minutes, roubles, shares
from web.site import clock, site
from web.views.admin.frame import blueprint, page

SPANS = {7: "Неделя", 30: "30 дней", 90: "3 месяца", 365: "Год"}
USUAL = 30


@blueprint.get("/admin/statistics")
def statistics() -> Response:
    """Show the last days in figures and charts, beside those before them."""
    asked = request.args.get("days", "")
    days = int(asked) if asked in {str(one) for one in SPANS} else USUAL
    period = Period.last(days, clock().date())
    before = period.before()
    since = datetime.combine(
        period.since, time.min, tzinfo=site().settings.zone
    ).timestamp()
    earlier = since - timedelta(days=period.days).total_seconds()
    with site().store.reading() as tx:
        arrived, done = (
            tx.search.arrived(before.since, period.until),
            tx.search.done(before.since, period.until),
        )
        steps, roster = tx.search.steps(earlier), tx.masters.roster()
    taken = periods.waits(step for step in steps if step.at >= since)
    bars = periods.by_bar(period, arrived, done)
    labels = [bar_label(start, period.grain) for start in bars]
    sources, funnel = (
        periods.by_source(period, arrived),
        periods.funnel(period, arrived),
    )
    masters = periods.by_master(period, done, taken, roster)
    return page(
        "statistics.html",
        spans=SPANS,
        days=days,
        period=period,
        now=periods.total(period, arrived, done),
        before=periods.total(before, arrived, done),
        usual=periods.usual(taken),
        usual_before=periods.usual(
            periods.waits(step for step in steps if step.at < since)
        ),
        funnel=funnel,
        flow=columns(
            labels,
            [
                Series("пришло", "sea", [one.came for one in bars.values()]),
                Series("выполнено", "amber", [one.done for one in bars.values()]),
            ],
        ),
        cash=columns(
            labels,
            [
                Series("оборот", "sea", [one.turnover for one in bars.values()]),
                Series("комиссия", "amber", [one.commission for one in bars.values()]),
            ],
            roubles,
        ),
        sources=shares(
            [
                (name, count, str(count), f"{funnel.share(count)} %")
                for name, count in sources
            ]
        ),
        fates=shares(
            [
                (name, count, str(count), f"{funnel.share(count)} %")
                for name, count in (
                    ("Пришло", funnel.came),
                    ("Взяли мастера", funnel.taken),
                    ("Выполнено", funnel.done),
                    ("Отменено", funnel.cancelled),
                )
            ]
        ),
        speeds=shares(
            [(name, count, str(count), "") for name, count in periods.by_wait(taken)]
        ),
        taken=len(taken),
        masters=list(
            zip(
                masters,
                shares(
                    [
                        (one.name, one.turnover, money(one.turnover), "")
                        for one in masters
                    ]
                ),
                strict=True,
            )
        ),
        minutes=minutes,
    )
