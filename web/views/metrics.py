"""Figures for Prometheus, computed from the store: so all processes count in them.

Who may read them: who has METRICS_TOKEN, and, while the site has no public address,
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
from record.store.facts import ALARMS, BACKUP
from record.values import Status
from record.watch.health import examine
from record.whereabouts import is_here
from web.access.security import has_metrics_token, is_from_private_network
from web.site import Site, site

blueprint = Blueprint("metrics", __name__)
Values = Mapping[tuple[str, ...], float]
# help texts, and labels; what they mean is in docs/operation.md
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
    """Answer all figures as they were asked for: as OpenMetrics or Prometheus' text."""
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
    if has_metrics_token(settings):
        return True
    return is_here(settings.web.public_url) and is_from_private_network()


class _StoreCollector(Collector):
    """Reads everything in one view of the store when it is asked for."""

    def __init__(self, asked: Site) -> None:
        self._site = asked

    def collect(self) -> Iterable[Metric]:
        """Return all figures; of a store that can't be read, only that it is so."""
        try:
            with self._site.store.reading() as tx:
                gauges = list(_gauges(tx, self._site, time.time()))
                counters = list(_counters(tx.metrics.tallies()))
        except StoreError:
            return [_gauge("healthy", "1 when /healthz answers 200", {(): 0.0})]
        return [*gauges, *counters]


def _gauges(tx: Tx, asked: Site, now: float) -> Iterator[Metric]:
    health = examine(tx, asked.settings, now, now - asked.started)
    yield _gauge("healthy", "1 when /healthz answers 200", _one(not health.reasons))
    yield _gauge(
        "poll_age_seconds", "Since the last good poll", _known(health.poll_age)
    )
    yield _gauge(
        "quota_left",
        "Requests to Google that may be made now",
        _quota(tx, asked),
        "kind",
    )
    yield _gauge(
        "outbox_waiting",
        "Notices that wait to be sent",
        _by(tx.metrics.outbox_waiting()),
        "to",
    )
    yield _gauge(
        "outbox_oldest_seconds",
        "Age of the oldest notice that could be sent",
        _one(health.outbox_age),
    )
    yield _gauge(
        "journal_waiting",
        "Writes that have not reached the sheet",
        _one(health.journal),
    )
    yield _gauge(
        "journal_oldest_seconds", "Age of the oldest of them", _one(health.journal_age)
    )
    yield _gauge(
        "journal_parked",
        "Writes that Google refuses for good",
        _one(tx.metrics.parked()),
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
        _one(len(alarms)),
    )
    yield _gauge("orders", "Orders in the sheet", _orders(tx), "status")
    yield _gauge(
        "masters_active",
        "Masters who are offered orders",
        _one(len(tx.masters.roster().active())),
    )
    yield _gauge(
        "unreachable",
        "People whom Telegram can't reach",
        _by(tx.metrics.unreachable()),
        "to",
    )
    yield _gauge("backup_age_seconds", "Since the last backup", _backup_age(tx, now))
    yield _gauge(
        "store_rows",
        "Rows of the local store's tables that grow",
        _by(tx.metrics.rows()),
        "table",
    )


def _gauge(name: str, help_text: str, values: Values, *labels: str) -> Metric:
    family = GaugeMetricFamily(f"naryad_{name}", help_text, labels=labels)
    for label_values, value in values.items():
        family.add_metric(label_values, value)
    return family


def _one(value: float) -> Values:
    return {(): float(value)}


def _known(value: float | None) -> Values:
    # no sample says «not known» better than any number would
    if value is None:
        return {}
    return _one(value)


def _by(counts: Mapping[str, int]) -> Values:
    return {(name,): float(count) for name, count in counts.items()}


def _quota(tx: Tx, asked: Site) -> Values:
    sheets = asked.settings.sheets
    return {
        ("read",): tx.quota.left("read", sheets.reads_per_minute),
        ("write",): tx.quota.left("write", sheets.writes_per_minute),
    }


def _orders(tx: Tx) -> Values:
    counts = tx.orders.count_by_status()
    return {(_label(name),): float(count) for name, count in counts.items()}


def _label(name: str) -> str:
    status = Status.named(name)
    if status is None:
        return "unclear"
    return status.facts.label


def _backup_age(tx: Tx, now: float) -> Values:
    backup = tx.facts.get(BACKUP)
    if not backup or "at" not in backup:
        return {}
    return _one(now - backup["at"])


def _counters(tallies: Iterable[Tally]) -> Iterator[Metric]:
    """Yield what was counted; each family is there even while it has nothing to show."""
    # an alert on a family that does not exist yet would never fire
    found: dict[str, list[Tally]] = defaultdict(list)
    for tally in tallies:
        found[tally.name].append(tally)
    for name, (help_text, labels) in COUNTERS.items():
        family = CounterMetricFamily(f"naryad_{name}", help_text, labels=labels)
        for tally in found[name]:
            label_values = [tally.labels.get(label, "") for label in labels]
            family.add_metric(label_values, tally.value)
        yield family
    yield _durations(found["run_seconds_bucket"], found["run_seconds_ms"])


def _durations(buckets: Iterable[Tally], sums: Iterable[Tally]) -> Metric:
    family = HistogramMetricFamily(
        "naryad_run_seconds", "How long the worker's jobs took", labels=["job"]
    )
    runs: dict[str, dict[str, int]] = defaultdict(dict)
    for bucket in buckets:
        runs[bucket.labels["job"]][bucket.labels["le"]] = bucket.value
    edges = [*(f"{edge:g}" for edge in BUCKETS_S), "+Inf"]
    for total in sums:
        job = total.labels["job"]
        samples = []
        # the store counts each bucket by itself, Prometheus all below an edge
        up_to_edge = 0
        for edge in edges:
            up_to_edge += runs[job].get(edge, 0)
            samples.append((edge, float(up_to_edge)))
        family.add_metric([job], samples, total.value / 1000)
    return family
