"""How a member of staff proves in his own chat that it is he who enters the panel.

    right password ─▶ an entry waits ─▶ «Это я» in his chat ─▶ his browser is let in

An entry belongs to the browser that typed the password, is good for five minutes and
for once. All of it stands in the store, so a process may die at any step. Where no chat
is known yet, the code that the page shows ties the chat that sends it; where Telegram
is away, a code that the server's command line gives is typed into the page.
"""

import time
from dataclasses import dataclass
from datetime import datetime
from enum import Enum, auto
from typing import Any

from record.dispatch.notices import Notice
from record.logs import get_logger, mask_chat
from record.settings import Settings
from record.store import Store, Tx
from record.store.staff import StaffEntry, StaffMember
from record.values import Address
from record.watch import admin_chat

log = get_logger(__name__)
REFUSED_S = 900.0  # after «Это не я» nobody is asked again for so long
NOTICED_S = 900.0  # so long after the password a browser has to be let in by an entry


class Word(Enum):
    """What came of a person's word about an entry."""

    LET_IN = auto()
    REFUSED = auto()
    LATE = auto()  # too late, or it was decided before
    NOT_HIS = auto()


@dataclass(frozen=True)
class Tied:
    """Whose a code was; ``entry`` tells that he enters by it at the same time."""

    member: StaffMember
    entry: bool = False


class SecondFactor:
    """All acts, on one store."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def begin(self, member: StaffMember, place: str, browser: str) -> str:
        """Let an entry wait, and ask the person; return the secret for his browser."""
        now = time.time()
        with self._store.transaction() as tx:
            entry, secret = tx.entries.begin(member, place, browser, now)
            if member.chat:
                moment = datetime.fromtimestamp(now, self._settings.zone)
                tx.outbox.add(_question(member, entry, f"{moment:%d.%m в %H:%M}"))
        log.info("staff_entry_asked", by=place, has_chat=member.chat is not None)
        return secret

    def was_refused(self, key: str) -> bool:
        """Return whether the person has said of late that somebody else tries."""
        with self._store.reading() as tx:
            return tx.entries.refused_since(key, time.time() - REFUSED_S)

    def decide(self, chat: Address, number: int, made: int, *, mine: bool) -> Word:
        """Take the word of a chat about an entry; only its owner's counts, and once.

        Asked twice about the same press, it answers the same.
        """
        with self._store.transaction() as tx:
            entry = tx.entries.get(number)
            # numbers begin again with a new store, and the button may be of the old one
            if entry is None or int(entry.made_at) != made:
                return Word.LATE
            member = tx.staff.get(entry.key)
            if member is None or member.chat != chat:
                return Word.NOT_HIS
            if entry.state != "waiting":
                return _said_before(entry, mine=mine)
            state = "approved" if mine else "refused"
            in_time = entry.is_open(time.time()) and entry.bound == member.bound
            if not in_time or not tx.entries.decide(number, state):
                return Word.LATE
            if not mine:
                self._warn(tx, member, entry)
                log.warning("staff_entry_refused", by=entry.place)
        return Word.LET_IN if mine else Word.REFUSED

    def _warn(self, tx: Tx, member: StaffMember, entry: StaffEntry) -> None:
        text = (
            f"🚨 {member.name}: в панель входил кто-то другой, с верным паролем. Его не впустили.\n"
            f"Откуда: адрес {entry.place}, {entry.browser}.\n"
            f"Смените пароль на сервере: python -m web set-password «{member.name}»"
        )
        key = f"stranger:{entry.id}:{int(entry.made_at)}"
        admin_chat.tell(tx, self._settings, admin_chat.alarm(key, text))

    def tie(self, chat: Address, code: str, known_as: str) -> Tied | None:
        """Let a code make this chat its owner's; None where the code is none any more.

        Asked twice about the same message, it answers the same.
        """
        now = time.time()
        with self._store.transaction() as tx:
            tied = _of_entry(tx, code, chat, now)
            if tied is None:
                member = tx.staff.take_code(code, now) or tx.staff.tied_by(code, chat)
                tied = Tied(member) if member else None
            if tied is None:
                return None
            tx.staff.tie(tied.member.key, chat)
            self._tell_of_the_chat(tx, tied.member, chat, known_as, now)
        log.info("staff_chat_tied", chat=mask_chat(chat.id))
        return tied

    def _tell_of_the_chat(
        self, tx: Tx, member: StaffMember, chat: Address, known_as: str, now: float
    ) -> None:
        if member.chat == chat:
            return
        who = f" ({known_as})" if known_as else ""
        text = f"ℹ️ {member.name} подтверждает вход в панель из нового чата{who}."
        alarm = admin_chat.alarm(f"staff_chat:{member.key}:{now}", text)
        admin_chat.tell(tx, self._settings, alarm)

    def enter(self, secret: str) -> StaffMember | None:
        """Use an approved entry up; return who enters, None where nobody does."""
        now = time.time()
        with self._store.transaction() as tx:
            entry = tx.entries.use(secret)
            if entry is None or abs(now - entry.made_at) > NOTICED_S:
                return None
            return _enters(tx, entry, now)

    def enter_by_code(self, secret: str, code: str) -> tuple[StaffMember | None, bool]:
        """Let a person in by a code of the command line.

        Return him, or None and whether he may try another code.
        """
        now = time.time()
        with self._store.transaction() as tx:
            entry = tx.entries.find(secret)
            if entry is None or not entry.is_open(now):
                return None, False
            owner = tx.staff.take_code(code, now)
            if owner is None or owner.key != entry.key:
                return None, tx.entries.missed(entry.id)
            tx.entries.decide(entry.id, "used")
            return _enters(tx, entry, now), False


def _said_before(entry: StaffEntry, *, mine: bool) -> Word:
    """Return what to answer to a press about an entry that is decided."""
    if mine and entry.state in {"approved", "used"}:
        return Word.LET_IN
    if not mine and entry.state == "refused":
        return Word.REFUSED
    return Word.LATE


def _of_entry(tx: Tx, code: str, chat: Address, now: float) -> Tied | None:
    """Return whose entry shows this code on its page, and let it be confirmed by it.

    Only where he has no chat yet: else whoever knows the password could bring a chat of
    his own.
    """
    entry = tx.entries.by_code(code)
    member = tx.staff.get(entry.key) if entry else None
    if entry is None or member is None or member.bound != entry.bound:
        return None
    if member.chat == chat and entry.state in {"approved", "used"}:
        return Tied(member, entry=True)
    if member.chat or not entry.is_open(now):
        return None
    tx.entries.decide(entry.id, "approved")
    return Tied(member, entry=True)


def _enters(tx: Tx, entry: StaffEntry, now: float) -> StaffMember | None:
    member = tx.staff.get(entry.key)
    # the password may have been changed, or the person taken out, meanwhile
    if member is None or member.bound != entry.bound:
        return None
    tx.staff.entered(member.key, now)
    return member


def _question(member: StaffMember, entry: StaffEntry, when: str) -> Notice:
    made = int(entry.made_at)
    facts: dict[str, Any] = {
        "entry": entry.id,
        "made": made,
        "name": member.name,
        "place": entry.place,
        "browser": entry.browser,
        "when": when,
    }
    key = f"entry:{entry.id}:{made}"
    return Notice(key, "staff", str(member.chat), "entry", facts=facts)
