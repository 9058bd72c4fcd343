"""Whether the whole system works: one rule for a monitor (/healthz), for a person
(worker status) and for figures.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from pydantic import SecretStr

from record.dispatch.offers import Crew, reason
from record.dispatch.waves import Wave
from record.logs import masked
from record.settings import Settings
from record.store import Tx
from record.store.facts import SHEET_PROBLEMS, Beat, Fact, alive
from record.watch import admin_chat, open_waves
from record.watch.alerts import standing_texts

LATE_INTERVALS = 3
# Google's quota may allow fewer polls than the interval asks for, the fewer while
# writes wait
LATE_READS = 5
# with a very short interval one slow answer of Google is not yet a reason to wake
# somebody
LEAST_LATE_S = 5.0
WAITING_S = 60.0
GRACE_S = 20.0
NAMED = 5
ALIVE_S = 60.0
BOTS = {"client": "Бот клиентов", "master": "Бот мастеров"}
HOW = "мастерам о ней не сообщено: кнопки в чате администратора, или сотрите её «Проверку» в листе «Заявки»"
ASK = "запущен ли python -m worker run?"


class Kind(StrEnum):
    """Of what kind a trouble is: all that strangers learn of it."""

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
    """How things stand; ages in seconds, None where there is nothing to be old."""

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
    """Return how things stand; who asks has been up for ``up_s`` seconds and gives a
    fresh start some grace.

    A reason is: the last good poll is older than three intervals, a message that could
    be sent or a write has waited for a minute, Google refuses a write, the admin's chat
    can't be written to, a problem of the whole sheet stands, nobody is offered an
    order, a wave waits for somebody's decision for long or nobody could be asked.
    """
    polls = tx.runs.last("poll", 1, ok=True)
    age = max(0.0, now - polls[0].at) if polls else None
    allowed = tx.quota.seconds("read", settings.sheets.reads_per_minute, LATE_READS)
    limit = max(LATE_INTERVALS * settings.polling.interval_s, LEAST_LATE_S, allowed)
    late = age is None or age > limit
    starting = late and max(0.0, up_s) <= max(GRACE_S, limit)
    lost, (writes, oldest_write) = admin_chat.trouble(tx, settings), tx.journal.depth()
    overdue = tx.figures.overdue(now, but="admin" if lost else "")
    grace = max(0.0, up_s) <= GRACE_S
    said = [
        (Kind.SHEET, [_not_read(tx, age, now)] if late and not starting else []),
        (
            Kind.QUEUE,
            [f"Сообщение ждёт отправки {span(overdue)}"] if overdue > WAITING_S else [],
        ),
        (
            Kind.SHEET,
            [writes_wait(writes, oldest_write)] if oldest_write > WAITING_S else [],
        ),
        (Kind.SHEET, _parked(tx)),
        (Kind.OTHER, [lost] if lost else []),
        *((kind, [text]) for kind, text in _of_jobs(tx)),
        (Kind.OTHER, _unoffered(tx)),
        (Kind.OTHER, _deaf(tx, settings, now, grace=grace)),
        (
            Kind.OTHER,
            [
                _undecided(one, now)
                for one in open_waves.overdue(tx, settings, now, lost=bool(lost))
            ],
        ),
    ]
    troubles = tuple(Reason(kind, text) for kind, texts in said for text in texts)
    return Health(
        troubles, starting, age, tx.outbox.depth()[0], overdue, writes, oldest_write
    )


def ears_of(role: str) -> str:
    """Return of what kind the alerts are that say what keeps a bot from hearing people."""
    return f"ears.{role}"


def writes_wait(count: int, age: float) -> str:
    """Return in Russian that writes have waited for too long."""
    return f"Записи ждут таблицу дольше минуты: {count}, самая старая {span(age)}"


def _parked(tx: Tx) -> list[str]:
    """Return what Google refuses for good, each write with its reason."""
    parked = tx.journal.parked()
    said = [
        masked(f"Не записано в «{write.title}», ID {write.subject}: {error}")
        for write, error in parked[:NAMED]
    ]
    return (
        said
        if len(parked) <= NAMED
        else [*said, f"Не записано ещё {len(parked) - NAMED}"]
    )


def _of_jobs(tx: Tx) -> Iterator[tuple[Kind, str]]:
    """Yield what is wrong with the worker's jobs; of the words alone, as a release
    before kept them, the sheet is.
    """
    for kept in tx.facts.get(SHEET_PROBLEMS) or []:
        problem = {"text": kept, "kind": Kind.SHEET} if isinstance(kept, str) else kept
        yield Kind(problem["kind"]), masked(str(problem["text"]))


def _unoffered(tx: Tx) -> list[str]:
    crew = Crew(tx.masters.roster(), tx.masters.quiet(), tx.masters.reach())
    said = reason(tx.offers.lacking(crew), crew)
    return [said] if said else []


def _deaf(tx: Tx, settings: Settings, now: float, *, grace: bool) -> Iterator[str]:
    """Yield what keeps a bot from hearing people; one that never ran on this store or
    has no token is not missed.
    """
    bots: tuple[tuple[str, Fact[Beat], SecretStr], ...] = (
        ("client", alive("bot.client"), settings.client_bot_token),
        ("master", alive("bot.master"), settings.master_bot_token),
    )
    for role, sign_of_life, token in bots:
        beat = tx.facts.get(sign_of_life)
        if not beat or not token.get_secret_value():
            continue
        silent_s = abs(now - beat["at"])
        if silent_s > ALIVE_S and not grace:
            yield f"{BOTS[role]} не работает {span(silent_s)}: запущен ли python -m bots {role}?"
        elif silent_s <= ALIVE_S:
            yield from standing_texts(tx, ears_of(role))


def _undecided(wave: Wave, now: float) -> str:
    return f"Пачка {wave.number} ждёт решения {span(now - wave.opened_at)}, {HOW}"


def _not_read(tx: Tx, age: float | None, now: float) -> str:
    """Return that the sheet is not read; a worker that shows signs of life says by
    itself what keeps it.
    """
    said = (
        "Таблицу ещё ни разу не прочитали"
        if age is None
        else f"Таблицу не читали {span(age)}"
    )
    beat = tx.facts.get(alive("worker"))
    if beat is not None and abs(now - beat["at"]) < ALIVE_S:
        return said
    return f"{said}: {ASK}"


def span(seconds: float) -> str:
    """Return a time span as people say it, in its greatest unit."""
    for unit, length, enough in (("с", 1, 90), ("мин", 60, 5400), ("ч", 3600, 172800)):
        if seconds < enough:
            return f"{seconds / length:.0f} {unit}"
    return f"{seconds / 86400:.0f} дн"
