"""Troubles, of which the admin hears once when they begin and once when they are over.

    seen ─▶ stands already? ─▶ its present words are kept
                   └▶ new ──▶ one alarm to the admin's chat
    gone ─▶ stood? ─▶ one line that it is over, which names the alarms it ends: neither
                      is sent where those were not sent yet (Outbox.is_over_unsent)

What stands is a fact of the store, ``alerts.<kind>``, so that a restart tells no
trouble again and does not forget that it is over. The keys of its notices are never
used again: what comes back is reported again. What the release before this one had
reported is taken over, see record/watch/alerts_before.py.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import uuid4

from record.dispatch.notices import Notice
from record.settings import Settings
from record.store import Tx
from record.store.facts import Fact
from record.watch import admin_chat
from record.watch.alerts_before import reported_before

OVER = "✅ Снова в порядке. Было: {what}"
# in place of a notice's key: there was no chat to report it in. Stores keep this word
UNREPORTED = "untold"


@dataclass(frozen=True)
class Alert:
    """A trouble that stands: what is wrong now, and the key of the notice that reported it.

    The key is "" where it is not known any more, and :data:`UNREPORTED` where there was
    nobody to tell.
    """

    text: str
    notice: str


Standing = Mapping[str, Alert]


class Alerts:
    """The troubles of one kind, within one transaction."""

    def __init__(self, tx: Tx, settings: Settings, kind: str) -> None:
        self._tx = tx
        self._settings = settings
        self._kind = kind
        self._standing = _standing(tx, kind)

    @property
    def standing(self) -> Standing:
        """What stands, by key."""
        return dict(self._standing)

    def is_reported(self, key: str) -> bool:
        """Return whether a trouble stands and there is nothing to report of it."""
        known = self._standing.get(key)
        if known is None:
            return False
        # one that began while the admin had no chat is reported once there is one
        waits_for_a_chat = known.notice == UNREPORTED and self._has_chat()
        return not waits_for_a_chat

    def open(
        self, key: str, text: str, *, sign: str = "", notice: Notice | None = None
    ) -> bool:
        """Note that a trouble stands, report it if it is new, and return whether it is.

        It is reported as ``text`` behind a ``sign``, or as a ``notice`` of its own, which
        may report several at once.
        """
        known = self._standing.get(key)
        if known is not None and self.is_reported(key):
            self._keep({**self._standing, key: Alert(text, known.notice)})
            return False
        alarm = notice or admin_chat.alarm(self._new_key(), f"{sign}{text}")
        admin_chat.tell(self._tx, self._settings, alarm)
        reported_by = alarm.key if self._has_chat() else UNREPORTED
        self._keep({**self._standing, key: Alert(text, reported_by)})
        return known is None

    def close(self, keys: Iterable[str], text: str = "") -> bool:
        """Report in one line that troubles are over; return whether any of them stood."""
        ended = self._take_down(keys)
        reported = [alert for alert in ended if alert.notice != UNREPORTED]
        if reported:
            self._report_end(reported, text)
        return bool(ended)

    def forget(self, keys: Iterable[str]) -> None:
        """Let troubles be over without a word: what they were about is gone."""
        self._take_down(keys)

    def _has_chat(self) -> bool:
        return bool(admin_chat.chat_of(self._tx, self._settings))

    def _take_down(self, keys: Iterable[str]) -> list[Alert]:
        """Let these troubles stand no more; return those that did."""
        left, ended = dict(self._standing), []
        for key in keys:
            alert = left.pop(key, None)
            if alert is not None:
                ended.append(alert)
        self._keep(left)
        return ended

    def _report_end(self, ended: list[Alert], text: str) -> None:
        if not text:
            text = OVER.format(what=_listed([alert.text for alert in ended]))
        alarms = self._alarms_of(ended)
        over = admin_chat.alarm(self._new_key(), text, "alarm_over", **alarms)
        admin_chat.tell(self._tx, self._settings, over)

    def _alarms_of(self, ended: list[Alert]) -> dict[str, list[str]]:
        """Return which alarms an end is ``of``, and which of them it ``ends``.

        One notice may have reported several troubles: it ends with the last of them.
        """
        reported = {alert.notice for alert in ended}
        # of an alarm that is not known nobody can say that it was not sent
        if "" in reported:
            return {}
        standing = {alert.notice for alert in self._standing.values()}
        return {"of": sorted(reported), "ends": sorted(reported - standing)}

    def _keep(self, standing: Standing) -> None:
        if standing == self._standing:
            return
        self._standing = dict(standing)
        self._tx.facts.put(_fact(self._kind), standing)

    def _new_key(self) -> str:
        return f"{self._kind}:{uuid4().hex}"


def standing_texts(tx: Tx, kind: str) -> list[str]:
    """Return what is wrong now, of one kind, for whoever only looks."""
    return [alert.text for alert in _standing(tx, kind).values()]


def _standing(tx: Tx, kind: str) -> dict[str, Alert]:
    kept = tx.facts.get(_fact(kind))
    if kept is not None:
        return dict(kept)
    before = reported_before(tx, kind)
    return {key: Alert(text, notice) for key, (text, notice) in before.items()}


def _fact(kind: str) -> Fact[Standing]:
    return Fact(f"alerts.{kind}", _read_standing, _as_kept)


def _read_standing(kept: Mapping[str, Any]) -> Standing:
    return {key: Alert(**one) for key, one in kept.items()}


def _as_kept(standing: Standing) -> dict[str, Any]:
    return {key: asdict(alert) for key, alert in standing.items()}


def _listed(said: list[str]) -> str:
    if len(said) == 1:
        return said[0]
    return "\n• " + "\n• ".join(said)
