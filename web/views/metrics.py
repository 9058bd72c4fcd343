"""Figures for Prometheus, computed from the store, so that every process of the company
counts in them.

Who may read them: who knows METRICS_TOKEN, and, while the site has no public address,
whoever asks from this machine or a private network. With one there is a proxy before
the site, and nothing sure tells its visitors from this machine. There is nothing of a
person in them, but how many orders a company has is nobody else's business.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from flask import Blueprint, Flask, Response, request
from flask_limiter import Limiter
from prometheus_client.core import (
    CollectorRegistry,
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from record.errors import StoreError
from record.settings import Settings
from record.store import BUCKETS_S, Tally, Tx
from record.store.facts import ALARMS, BACKUP, CopyMade
from record.values import Status
from record.watch.health import examine
from record.whereabouts import is_here
from web.access.security import has_metrics_token, is_from_private_network
from web.site import Site, site

blueprint = Blueprint("metrics", __name__)
Values = Mapping[tuple[str, ...], float]
COUNTERS = {
    "runs": ("Runs of the worker's jobs that had something to do", ("job", "result")),
    "changes": ("Changes seen in the sheet, by meaning", ("what",)),
    "api_requests": (
        "Requests to Google and Telegram, by HTTP status or why there was none",
        ("api", "kind", "result"),
    ),
    "deliveries": (
        "Attempts to deliver notices: sent, stale, failed, postponed",
        ("to", "kind", "result"),
    ),
    "writes": (
        "Writes to the sheet: written, refused by what a person typed, parked",
        ("result",),
    ),
    "updates": ("Updates of Telegram that have been handled", ("bot",)),
    "pruned": ("Old rows deleted from the local store", ("table",)),
}


def register(app: Flask, limiter: Limiter) -> None:
    """Put this page into the site, with no limit on how often it is asked."""
    app.register_blueprint(blueprint)
    limiter.exempt(blueprint)


@blueprint.get("/metrics")
def metrics() -> Response:
    """Answer all figures in the form that was asked for: OpenMetrics, or Prometheus'
    own text.
    """
    if not _may_read(site().settings):
        return Response(
            "Only for private addresses, or with METRICS_TOKEN.\n",
            403,
            mimetype="text/plain",
        )
    registry = CollectorRegistry()
    registry.register(_StoreCollector(site()))
    encode, content_type = choose_encoder(request.headers.get("Accept", ""))
    return Response(encode(registry), content_type=content_type)


def _may_read(settings: Settings) -> bool:
    return has_metrics_token(settings) or (
        is_here(settings.web.public_url) and is_from_private_network()
    )


class _StoreCollector(Collector):
    """Reads everything in one view of the store when it is asked for."""

    def __init__(self, asked: Site) -> None:
        self._site = asked

    def collect(self) -> Iterable[Metric]:
        """Return all figures; of a store that can't be read, only that it is so."""
        try:
            with self._site.store.reading() as tx:
                return [
                    *_gauges(tx, self._site, time.time()),
                    *_counts(tx.metrics.tallies()),
                ]
        except StoreError:
            return [_gauge("healthy", "1 when /healthz answers 200", {(): 0.0})]


def _gauges(tx: Tx, asked: Site, now: float) -> Iterator[Metric]:
    health = examine(tx, asked.settings, now, now - asked.started)
    sheets = asked.settings.sheets
    copied = tx.facts.get(BACKUP) or CopyMade()
    backup = copied.get("at")
    left: Values = {
        ("read",): tx.quota.left("read", sheets.reads_per_minute),
        ("write",): tx.quota.left("write", sheets.writes_per_minute),
    }
    statuses: Values = {
        (_status(name),): float(count)
        for name, count in tx.orders.count_by_status().items()
    }
    yield _gauge(
        "healthy", "1 when /healthz answers 200", {(): float(not health.reasons)}
    )
    yield _gauge(
        "poll_age_seconds", "Since the last good poll", _known(health.poll_age)
    )
    yield _gauge("quota_left", "Requests to Google that may be made now", left, "kind")
    yield _gauge(
        "outbox_waiting",
        "Notices that wait to be sent",
        _by(tx.metrics.outbox_waiting()),
        "to",
    )
    yield _gauge(
        "outbox_oldest_seconds",
        "Age of the oldest notice that could be sent",
        {(): health.outbox_age},
    )
    yield _gauge(
        "journal_waiting",
        "Writes that have not reached the sheet",
        {(): float(health.journal)},
    )
    yield _gauge(
        "journal_oldest_seconds", "Age of the oldest of them", {(): health.journal_age}
    )
    yield _gauge(
        "journal_parked",
        "Writes that Google refuses for good",
        {(): float(tx.metrics.parked())},
    )
    yield _gauge(
        "updates_waiting",
        "Updates of Telegram to be handled",
        _by(tx.metrics.updates_waiting()),
        "bot",
    )
    alarms = tx.facts.get(ALARMS) or {}
    yield _gauge(
        "problems",
        "Standing problems of the whole sheet",
        {(): float(len(alarms))},
    )
    yield _gauge("orders", "Orders in the sheet", statuses, "status")
    yield _gauge(
        "masters_active",
        "Masters who are offered orders",
        {(): float(len(tx.masters.roster().active()))},
    )
    yield _gauge(
        "unreachable",
        "People whom Telegram can't reach",
        _by(tx.metrics.unreachable()),
        "to",
    )
    yield _gauge(
        "backup_age_seconds",
        "Since the last backup",
        _known(now - backup if backup else None),
    )
    yield _gauge(
        "store_rows",
        "Rows of the local store's tables that grow",
        _by(tx.metrics.rows()),
        "table",
    )


def _gauge(name: str, said: str, values: Values, *labels: str) -> Metric:
    family = GaugeMetricFamily(f"naryad_{name}", said, labels=labels)
    for words, value in values.items():
        family.add_metric(words, value)
    return family


def _by(counts: Mapping[str, int]) -> Values:
    return {(name,): float(count) for name, count in counts.items()}


def _known(value: float | None) -> Values:
    return {} if value is None else {(): value}


def _status(name: str) -> str:
    status = Status.named(name)
    return status.facts.label if status else "unclear"


def _counts(tallies: Iterable[Tally]) -> Iterator[Metric]:
    """Return what was counted; each family is there from the start, even while it has
    nothing to show.
    """
    found: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        found[tally.name].append(tally)
    for name, (said, labels) in COUNTERS.items():
        family = CounterMetricFamily(f"naryad_{name}", said, labels=labels)
        for tally in found[name]:
            family.add_metric(
                [tally.labels.get(label, "") for label in labels], tally.value
            )
        yield family
    yield _durations(found["run_seconds_bucket"], found["run_seconds_ms"])


def _durations(buckets: list[Tally], sums: list[Tally]) -> Metric:
    family = HistogramMetricFamily(
        "naryad_run_seconds", "How long the worker's jobs took", labels=["job"]
    )
    for total in sums:
        job, grown, shown = total.labels["job"], 0, []
        counted = {
            bucket.labels["le"]: bucket.value
            for bucket in buckets
            if bucket.labels["job"] == job
        }
        for top in (*(f"{edge:g}" for edge in BUCKETS_S), "+Inf"):
            grown += counted.get(top, 0)
            shown.append((top, float(grown)))
        family.add_metric([job], shown, total.value / 1000)
    return family
