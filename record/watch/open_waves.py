"""The waves that wait for a decision; the next polls carry out what was decided."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from record.dispatch.waves import Answer, State, Wave
from record.settings import Settings
from record.store import Tx
from record.store.facts import Fact
from record.watch import admin_chat

LONG_S = 3600.0  # for somebody to decide, before /healthz says it


def _read_waves(kept: dict[str, Any]) -> list[Wave]:
    return [Wave(**one) for one in kept.values()]


def _as_kept(waves: list[Wave]) -> dict[str, Any]:
    return {str(wave.number): asdict(wave) for wave in waves}


WAVES = Fact("waves", _read_waves, _as_kept)


def waves_of(tx: Tx) -> dict[int, Wave]:
    """Return the waves that are not over, by number, oldest first."""
    found = tx.facts.get(WAVES) or []
    by_number = sorted(found, key=lambda wave: wave.number)
    return {wave.number: wave for wave in by_number}


def keep(tx: Tx, waves: Iterable[Wave]) -> None:
    """Remember exactly these waves."""
    tx.facts.put(WAVES, list(waves))


def decide(
    tx: Tx, number: int, state: State, opened: int | None = None
) -> tuple[Answer, Wave | None]:
    """Take the admin's decision about a wave, once; return what came of it.

    ``opened``: in which second the wave was opened that the admin was asked about, None
    where that is not known.
    """
    waves = waves_of(tx)
    wave = waves.get(number)
    if wave is None:
        return "gone", None
    # numbers start again with a new store, and the question may be from the old one
    if opened is not None and opened != wave.second:
        return "gone", None
    if wave.state != "open":
        return "decided", wave
    after = replace(wave, state=state)
    waves[number] = after
    keep(tx, waves.values())
    # the decision is carried out by a poll, and people wait for it
    tx.wake("poll")
    if state == "send":
        return "sent", after
    return "left", after


def ask_again(tx: Tx) -> None:
    """Let the admin be asked anew, in another chat: by the next poll that finds a change."""
    waves = waves_of(tx).values()
    if any(wave.told for wave in waves):
        keep(tx, [replace(wave, told=0) for wave in waves])
        tx.wake("poll")


def decided(tx: Tx) -> bool:
    """Return whether a decision is still to be carried out."""
    return any(wave.state != "open" for wave in waves_of(tx).values())


def waiting(tx: Tx) -> list[Wave]:
    """Return the waves that nobody has decided about."""
    return [wave for wave in waves_of(tx).values() if wave.state == "open"]


def overdue(
    tx: Tx, settings: Settings, now: float, *, lost: bool = False
) -> list[Wave]:
    """Return the waves that wait too long for a decision.

    That is at once where no admin can be asked: there is no chat, or it is ``lost``.
    """
    waves = waiting(tx)
    if lost or not admin_chat.named(settings):
        return waves
    opened_before = now - LONG_S
    return [wave for wave in waves if wave.opened_at < opened_before]
