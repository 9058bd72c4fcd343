"""Whether the whole system works: one rule for /healthz, `worker status` and metrics."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from record.dispatch.offers import Crew, reason
from record.logs import masked
from record.settings import Settings
from record.store import Tx
from record.store.facts import SHEET_PROBLEMS, ProcessName, alive
from record.watch import admin_chat, open_waves
from record.watch.alerts import standing_texts

LATE_INTERVALS = 3
LATE_READS = 5
# with a very short interval one slow answer of Google is not yet a reason to wake
# somebody
LEAST_LATE_S = 5.0
WAITING_S = 60.0
GRACE_S = 20.0
NAMED = 5
ALIVE_S = 60.0
BOTS: dict[str, ProcessName] = {"client": "bot.client", "master": "bot.master"}
NAMES = {"client": "Бот клиентов", "master": "Бот мастеров"}
UNITS = (("с", 1, 90), ("мин", 60, 5400), ("ч", 3600, 172800))
HOW = "мастерам о ней не сообщено: кнопки в чате администратора, или сотрите её «Проверку» в листе «Заявки»"
ASK = "запущен ли python -m worker run?"


class Kind(StrEnum):
    """Of what kind a trouble is: all that /healthz tells strangers."""

    SHEET = "таблица"
    QUEUE = "очередь"
    STORE = "база"
    OTHER = "сбой"


@dataclass(frozen=True)
class Reason:
    """A reason to worry: of what kind it is, and in Russian what is wrong."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class Health:
    """How things stand; ages in seconds, None where there was no poll yet."""

    troubles: tuple[Reason, ...]
    starting: bool
    poll_age: float | None
    outbox: int
    outbox_age: float
    journal: int
    journal_age: float

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons to worry, in Russian."""
        return tuple(trouble.text for trouble in self.troubles)


def examine(
    tx: Tx, settings: Settings, now: float, up_s: float = float("inf")
) -> Health:
    """Return how things stand; who asks has been up for ``up_s`` seconds.

    A fresh start is given some grace. A reason to worry is: the last good poll is older
    than three intervals, a message that could be sent or a write has waited for a
    minute, Google refuses a write, the admin's chat can't be written to, a problem of
    the whole sheet stands, nobody is offered an order, a wave waits for somebody's
    decision for long or nobody could be asked.
    """
    polls = tx.runs.last("poll", 1, ok=True)
    poll_age = max(0.0, now - polls[0].at) if polls else None
    limit = _late_after_s(tx, settings)
    late = poll_age is None or poll_age > limit
    up_s = max(0.0, up_s)
    starting = late and up_s <= max(GRACE_S, limit)

    lost = admin_chat.trouble(tx, settings)
    writes, oldest_write = tx.journal.depth()
    # who can't be written to is a trouble of its own, not one of the queue
    oldest_notice = tx.metrics.overdue(now, but="admin" if lost else "")

    troubles: list[Reason] = []
    if late and not starting:
        troubles.append(Reason(Kind.SHEET, _not_read(tx, poll_age, now)))
    if oldest_notice > WAITING_S:
        said = f"Сообщение ждёт отправки {span(oldest_notice)}"
        troubles.append(Reason(Kind.QUEUE, said))
    if oldest_write > WAITING_S:
        troubles.append(Reason(Kind.SHEET, writes_wait(writes, oldest_write)))
    troubles += _parked(tx)
    if lost:
        troubles.append(Reason(Kind.OTHER, lost))
    troubles += _of_jobs(tx)
    troubles += _unoffered(tx)
    troubles += _deaf(tx, settings, now, grace=up_s <= GRACE_S)
    troubles += _undecided(tx, settings, now, lost=bool(lost))
    return Health(
        tuple(troubles),
        starting,
        poll_age,
        tx.outbox.depth()[0],
        oldest_notice,
        writes,
        oldest_write,
    )


def _late_after_s(tx: Tx, settings: Settings) -> float:
    """Return how old the last good poll may be."""
    intervals = LATE_INTERVALS * settings.polling.interval_s
    # Google's quota may allow fewer polls than the interval asks for, the fewer while
    # writes wait
    reads = tx.quota.seconds("read", settings.sheets.reads_per_minute, LATE_READS)
    return max(intervals, LEAST_LATE_S, reads)


def ears_of(role: str) -> str:
    """Return of what kind the alerts are that say what keeps a bot from hearing people."""
    return f"ears.{role}"


def writes_wait(count: int, age: float) -> str:
    """Return in Russian that writes have waited for too long."""
    return f"Записи ждут таблицу дольше минуты: {count}, самая старая {span(age)}"


def _parked(tx: Tx) -> Iterator[Reason]:
    """Yield what Google refuses for good, each write with its reason."""
    parked = tx.journal.parked()
    for write, error in parked[:NAMED]:
        said = f"Не записано в «{write.title}», ID {write.subject}: {error}"
        yield Reason(Kind.SHEET, masked(said))
    unnamed = len(parked) - NAMED
    if unnamed > 0:
        yield Reason(Kind.SHEET, f"Не записано ещё {unnamed}")


def _of_jobs(tx: Tx) -> Iterator[Reason]:
    """Yield what is wrong with the worker's jobs."""
    for problem in tx.facts.get(SHEET_PROBLEMS) or ():
        # the release before kept bare words, and only of the sheet
        if isinstance(problem, str):
            yield Reason(Kind.SHEET, masked(problem))
        else:
            yield Reason(Kind(problem["kind"]), masked(problem["text"]))


def crew_of(tx: Tx) -> Crew:
    """Return the masters as they stand."""
    return Crew(tx.masters.roster(), tx.masters.quiet(), tx.masters.reach())


def _unoffered(tx: Tx) -> Iterator[Reason]:
    crew = crew_of(tx)
    said = reason(tx.offers.lacking(crew), crew)
    if said:
        yield Reason(Kind.OTHER, said)


def _deaf(tx: Tx, settings: Settings, now: float, *, grace: bool) -> Iterator[Reason]:
    """Yield what keeps a bot from hearing people.

    A bot that never ran on this store, or has no token, is not missed.
    """
    for role, process in BOTS.items():
        beat = tx.facts.get(alive(process))
        if beat is None or not settings.bot_token(role):
            continue
        # whichever way a clock was set
        silent_s = abs(now - beat["at"])
        if silent_s <= ALIVE_S:
            for said in standing_texts(tx, ears_of(role)):
                yield Reason(Kind.OTHER, said)
        elif not grace:
            said = f"{NAMES[role]} не работает {span(silent_s)}: запущен ли python -m bots {role}?"
            yield Reason(Kind.OTHER, said)


def _undecided(
    tx: Tx, settings: Settings, now: float, *, lost: bool
) -> Iterator[Reason]:
    for wave in open_waves.overdue(tx, settings, now, lost=lost):
        waits = span(now - wave.opened_at)
        said = f"Пачка {wave.number} ждёт решения {waits}, {HOW}"
        yield Reason(Kind.OTHER, said)


def _not_read(tx: Tx, poll_age: float | None, now: float) -> str:
    said = "Таблицу ещё ни разу не прочитали"
    if poll_age is not None:
        said = f"Таблицу не читали {span(poll_age)}"
    beat = tx.facts.get(alive("worker"))
    worker_lives = beat is not None and abs(now - beat["at"]) < ALIVE_S
    # a worker that lives says by itself what keeps it from reading
    if worker_lives:
        return said
    return f"{said}: {ASK}"


def span(seconds: float) -> str:
    """Return a time span as people say it, in its greatest unit."""
    for unit, length, below in UNITS:
        if seconds < below:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / 86400:.0f} дн"
