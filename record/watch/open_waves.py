"""The waves that wait for a decision, in the store; what is decided about one is
carried out by the next polls.
"""

from collections.abc import Iterable
from dataclasses import replace

from record.dispatch.waves import Answer, State, Wave
from record.settings import Settings
from record.store import Tx
from record.watch import admin_chat

FACT = "waves"
LONG_S = 3600.0


def waves_of(tx: Tx) -> dict[int, Wave]:
    """Return the waves that are not over, by number, oldest first."""
    kept = tx.facts.get(FACT) or {}
    found = (Wave(**one) for one in kept.values())
    return {wave.number: wave for wave in sorted(found, key=lambda wave: wave.number)}


def keep(tx: Tx, waves: Iterable[Wave]) -> None:
    """Remember exactly these waves."""
    tx.facts.put(FACT, {str(wave.number): wave.as_fact() for wave in waves})


def decide(
    tx: Tx, number: int, state: State, opened: int | None = None
) -> tuple[Answer, Wave | None]:
    """Take the admin's decision about a wave, once; return what came of it.

    ``opened`` is the second in which the wave was opened that he was asked about, where
    it is known: a question from before the store was deleted is about another wave than
    the one that has its number now.
    """
    waves = waves_of(tx)
    wave = waves.get(number)
    if wave is None or opened not in (None, wave.second):
        return "gone", None
    if wave.state != "open":
        return "decided", wave
    waves[number] = decided = replace(wave, state=state)
    keep(tx, waves.values())
    tx.ring("poll")
    return ("sent" if state == "send" else "left"), decided


def decided(tx: Tx) -> bool:
    """Say whether something that was decided about is still to be carried out."""
    return any(one["state"] != "open" for one in (tx.facts.get(FACT) or {}).values())


def waiting(tx: Tx) -> list[Wave]:
    """Return the waves that nobody has decided about."""
    return [wave for wave in waves_of(tx).values() if wave.state == "open"]


def overdue(
    tx: Tx, settings: Settings, now: float, *, lost: bool = False
) -> list[Wave]:
    """Return the waves that wait for a person too long, or of which no admin can be
    told (``lost``).
    """
    unasked = lost or not admin_chat.named(settings)
    return [wave for wave in waiting(tx) if unasked or now - wave.opened_at > LONG_S]
