"""The waves that wait for a decision, in the store; what is decided about one is
carried out by the next polls.
"""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from record.dispatch.waves import Answer, State, Wave
from record.settings import Settings
from record.store import Tx
from record.store.facts import Fact
from record.watch import admin_chat

LONG_S = 3600.0


def _read_waves(kept: dict[str, Any]) -> list[Wave]:
    return [Wave(**one) for one in kept.values()]


def _as_kept(waves: list[Wave]) -> dict[str, Any]:
    return {str(wave.number): asdict(wave) for wave in waves}


WAVES = Fact("waves", _read_waves, _as_kept)


def waves_of(tx: Tx) -> dict[int, Wave]:
    """Return the waves that are not over, by number, oldest first."""
    found = tx.facts.get(WAVES) or []
    return {wave.number: wave for wave in sorted(found, key=lambda wave: wave.number)}


def keep(tx: Tx, waves: Iterable[Wave]) -> None:
    """Remember exactly these waves."""
    tx.facts.put(WAVES, list(waves))


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
    tx.wake("poll")
    return ("sent" if state == "send" else "left"), decided


def decided(tx: Tx) -> bool:
    """Say whether something that was decided about is still to be carried out."""
    return any(wave.state != "open" for wave in (tx.facts.get(WAVES) or []))


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
