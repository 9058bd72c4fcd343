"""Troubles that a person hears of once when they begin and once when they are over,
whatever process sees them.

    seen ─▶ stands already? ─▶ its words of now are kept
                   └▶ new ──▶ one alarm to the admin's chat
    gone ─▶ stood? ─▶ one line that it is over, which names the alarms it ends: neither is told where those were not
                      told yet (Outbox.untold)

What stands is a fact of the store, ``alerts.<kind>``, so that a restart tells no
trouble again and does not forget that it is over. The keys of its notices are never
used again: what comes back is told anew. What the release before this one had told is
taken over, see record/watch/alerts_before.py.
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
from record.watch.alerts_before import told_before

OVER = "✅ Снова в порядке. Было: {what}"
UNTOLD = "untold"  # in place of a notice's key: there was no chat to tell it in


@dataclass(frozen=True)
class Alert:
    """A trouble that stands: in Russian what is wrong now, and the key of the notice
    that told it.

    The key is empty where nobody knows it any more, and :data:`UNTOLD` where there was
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

    def told(self, key: str) -> bool:
        """Say whether a trouble stands and needs no telling: it was told, or there
        still is no chat to tell it in.
        """
        known = self._standing.get(key)
        return known is not None and (known.notice != UNTOLD or not self._heard())

    def open(
        self, key: str, text: str, *, sign: str = "", notice: Notice | None = None
    ) -> bool:
        """Note that a trouble stands, and tell it if it is new; say whether it is.

        One that began while the admin had no chat is told at the first opening after he
        has got one. It is told as ``text`` behind a ``sign``, or as a ``notice`` of its
        own, which may tell several at once.
        """
        known = self._standing.get(key)
        if known is not None and self.told(key):
            self._keep({**self._standing, key: Alert(text, known.notice)})
            return False
        alarm = notice or admin_chat.alarm(self._new_key(), f"{sign}{text}")
        admin_chat.tell(self._tx, self._settings, alarm)
        self._keep(
            {**self._standing, key: Alert(text, alarm.key if self._heard() else UNTOLD)}
        )
        return known is None

    def close(self, keys: Iterable[str], text: str = "") -> bool:
        """Tell in one line that troubles are over, those of them that stand; say
        whether there were any.
        """
        ended = self._taken(keys)
        if told := [alert for alert in ended if alert.notice != UNTOLD]:
            said = text or OVER.format(what=_listed([alert.text for alert in told]))
            over = admin_chat.alarm(
                self._new_key(), said, "alarm_over", **self._ends(told)
            )
            admin_chat.tell(self._tx, self._settings, over)
        return bool(ended)

    def forget(self, keys: Iterable[str]) -> None:
        """Let troubles be over without a word: what they were about is gone."""
        self._taken(keys)

    def _heard(self) -> bool:
        return bool(admin_chat.chat_of(self._tx, self._settings))

    def _taken(self, keys: Iterable[str]) -> list[Alert]:
        """Return those of the troubles that stood; they do no more."""
        gone = [key for key in dict.fromkeys(keys) if key in self._standing]
        ended = [self._standing[key] for key in gone]
        self._keep(
            {key: alert for key, alert in self._standing.items() if key not in gone}
        )
        return ended

    def _ends(self, ended: list[Alert]) -> dict[str, list[str]]:
        """Return which alarms an end is ``of``, and which of them it ``ends``: not one
        that others stand under yet.

        Where one is not known, nobody can say that none of them was told.
        """
        told = {alert.notice for alert in ended}
        standing = {alert.notice for alert in self._standing.values()}
        return (
            {"of": sorted(told), "ends": sorted(told - standing)} if all(told) else {}
        )

    def _keep(self, standing: Standing) -> None:
        if standing != self._standing:
            self._standing = dict(standing)
            self._tx.facts.put(_fact(self._kind), standing)

    def _new_key(self) -> str:
        return f"{self._kind}:{uuid4().hex}"


def standing_texts(tx: Tx, kind: str) -> list[str]:
    """Return what is wrong now, of one kind, for whoever only looks."""
    return [alert.text for alert in _standing(tx, kind).values()]


def _standing(tx: Tx, kind: str) -> dict[str, Alert]:
    kept = tx.facts.get(_fact(kind))
    if kept is None:
        return {key: Alert(*told) for key, told in told_before(tx, kind).items()}
    return dict(kept)


def _fact(kind: str) -> Fact[Standing]:
    return Fact(f"alerts.{kind}", _read_standing, _as_kept)


def _read_standing(kept: Mapping[str, Any]) -> Standing:
    return {key: Alert(**one) for key, one in kept.items()}


def _as_kept(standing: Standing) -> dict[str, Any]:
    return {key: asdict(alert) for key, alert in standing.items()}


def _listed(said: list[str]) -> str:
    return said[0] if len(said) == 1 else "".join(f"\n• {one}" for one in said)
