"""Whether the whole system works: one rule for a monitor (/healthz), for a person (worker status) and for figures."""

from collections.abc import Iterator
from dataclasses import dataclass

from record import admin, wave_desk
from record.logs import masked
from record.offers import Crew, reason
from record.settings import Settings
from record.store import Tx
from record.waves import Wave

LATE_INTERVALS = 3
LATE_READS = 5  # Google's quota may allow fewer polls than the interval asks for, the fewer while writes wait
LEAST_LATE_S = 5.0  # with a very short interval one slow answer of Google is not yet a reason to wake somebody
WAITING_S = 60.0
GRACE_S = 20.0
NAMED = 5
ALIVE_S = 60.0
BOTS = {"client": "Бот клиентов", "master": "Бот мастеров"}
HOW = "мастерам о ней не сообщено: кнопки в чате администратора, или сотрите её «Проверку» в листе «Заявки»"
ASK = "запущен ли python -m worker run?"


@dataclass(frozen=True)
class Health:
    """How things stand: ``reasons`` to worry, in Russian; ages in seconds, None where there is nothing to be old."""

    reasons: tuple[str, ...]
    starting: bool
    poll_age: float | None
    outbox: int
    outbox_age: float
    journal: int
    journal_age: float


def examine(tx: Tx, settings: Settings, now: float, up_s: float = float("inf")) -> Health:
    """Return how things stand; who asks has been up for ``up_s`` seconds and gives a fresh start some grace.

    A reason is: the last good poll is older than three intervals, a message that could be sent or a write has waited
    for a minute, Google refuses a write, the admin's chat can't be written to, a problem of the whole sheet stands,
    nobody is offered an order, a wave waits for somebody's decision for long or nobody could be asked.
    """
    polls = tx.runs.last("poll", 1, ok=True)
    age = max(0.0, now - polls[0].at) if polls else None
    allowed = tx.quota.seconds("read", settings.sheets.reads_per_minute, LATE_READS)
    limit = max(LATE_INTERVALS * settings.polling.interval_s, LEAST_LATE_S, allowed)
    late = age is None or age > limit
    starting = late and max(0.0, up_s) <= max(GRACE_S, limit)
    lost, (writes, oldest_write) = admin.trouble(tx, settings), tx.journal.depth()
    overdue = tx.figures.overdue(now, but="admin" if lost else "")
    reasons = [
        *([_not_read(tx, age, now)] if late and not starting else []),
        *([f"Сообщение ждёт отправки {span(overdue)}"] if overdue > WAITING_S else []),
        *([writes_wait(writes, oldest_write)] if oldest_write > WAITING_S else []),
        *_parked(tx),
        *([lost] if lost else []),
        *(masked(str(problem)) for problem in tx.facts.get("sheet_problems", [])),
        *_unoffered(tx),
        *_deaf(tx, settings, now, grace=max(0.0, up_s) <= GRACE_S),
        *(_undecided(wave, now) for wave in wave_desk.overdue(tx, settings, now, lost=bool(lost))),
    ]
    return Health(tuple(reasons), starting, age, tx.outbox.depth()[0], overdue, writes, oldest_write)


def writes_wait(count: int, age: float) -> str:
    """Return in Russian that writes have waited for too long."""
    return f"Записи ждут таблицу дольше минуты: {count}, самая старая {span(age)}"


def _parked(tx: Tx) -> list[str]:
    """Return what Google refuses for good, each write with its reason."""
    parked = tx.journal.parked()
    said = [masked(f"Не записано в «{write.title}», ID {write.subject}: {error}") for write, error in parked[:NAMED]]
    return said if len(parked) <= NAMED else [*said, f"Не записано ещё {len(parked) - NAMED}"]


def _unoffered(tx: Tx) -> list[str]:
    crew = Crew(tx.masters.roster(), tx.masters.quiet(), tx.masters.reach())
    said = reason(tx.offers.lacking(crew), crew)
    return [said] if said else []


def _deaf(tx: Tx, settings: Settings, now: float, *, grace: bool) -> Iterator[str]:
    """Yield what keeps a bot from hearing people; one that never ran on this store or has no token is not missed."""
    tokens = {"client": settings.client_bot_token, "master": settings.master_bot_token}
    for role, token in tokens.items():
        beat = tx.facts.get(f"alive.bot.{role}")
        if not beat or not token.get_secret_value():
            continue
        silent_s = abs(now - float(beat["at"]))
        if silent_s > ALIVE_S and not grace:
            yield f"{BOTS[role]} не работает {span(silent_s)}: запущен ли python -m bots {role}?"
        elif silent_s <= ALIVE_S:
            yield from tx.facts.get(f"ears.{role}", {}).get("why", {}).values()


def _undecided(wave: Wave, now: float) -> str:
    return f"Пачка {wave.number} ждёт решения {span(now - wave.opened_at)}, {HOW}"


def _not_read(tx: Tx, age: float | None, now: float) -> str:
    """Return that the sheet is not read; a worker that shows signs of life says by itself what keeps it."""
    said = "Таблицу ещё ни разу не прочитали" if age is None else f"Таблицу не читали {span(age)}"
    beat = tx.facts.get("alive.worker") or {}
    return said if abs(now - float(beat.get("at", 0))) < ALIVE_S else f"{said}: {ASK}"


def span(seconds: float) -> str:
    """Return a time span as people say it, in its greatest unit."""
    for unit, length, enough in (("с", 1, 90), ("мин", 60, 5400), ("ч", 3600, 172800)):
        if seconds < enough:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / 86400:.0f} дн"
