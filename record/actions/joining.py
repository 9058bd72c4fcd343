"""How somebody gets onto the list of masters; each act within a transaction of its own."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from record.dispatch.model import Master, Roster
from record.dispatch.notices import Notice
from record.grid.worksheets import MASTERS
from record.grid.writes import Write, as_id
from record.settings import Settings
from record.store import Tx
from record.store.consents import of_master
from record.values import Address, Cell, to_serial
from record.values.actors import BOT
from record.values.names import words_of
from record.values.wording import phone as shown_phone
from record.watch import admin_chat

NOTHING_MORE: Mapping[str, str] = {}


@dataclass(frozen=True)
class Candidate:
    """Who wants to be a master, as he says.

    ``own_phone``: Telegram vouches for the phone. ``telegram`` is his name there,
    ``phone_said`` what he wrote as his phone where it says more, ``consent`` the version
    of the text on personal data that he agreed to.
    """

    name: str
    phone: str
    chat: Address
    speciality: str
    own_phone: bool = False
    telegram: str = ""
    phone_said: str = ""
    consent: str = ""


def join(tx: Tx, candidate: Candidate, settings: Settings, now: datetime) -> Master:
    """Put somebody on the list, inactive until staff tick «Активен».

    Who is there already is returned. A master whom staff typed without Telegram is
    known by his phone: his own row gets the chat. That takes a phone that Telegram
    vouches for, since anybody can type one; of a typed phone the admin hears that
    nobody knows whose it is.
    """
    if known := tx.masters.by_chat(candidate.chat):
        return known
    roster = tx.masters.roster()
    if candidate.own_phone and (expected := _expected(roster, candidate.phone)):
        _agree(tx, expected.id, candidate)
        return _tie(tx, expected, candidate.chat, settings)
    number = tx.masters.new_number()
    alike = namesake(roster, candidate.name)
    name = candidate.name
    if alike is not None:
        # «Мастер» must say which of the two it is; who was here first keeps his name
        name = f"{name} ({candidate.phone[-4:]})"
    _agree(tx, number, candidate)
    master = Master(number, name, candidate.phone, candidate.chat, candidate.speciality)
    cells = _first_cells(master, candidate.phone_said or candidate.phone, now)
    tx.journal.add(Write(MASTERS, "append", number, cells, by=BOT))
    facts = {}
    if not candidate.own_phone:
        facts = {"unconfirmed": "yes", "telegram": candidate.telegram}
    facts["listed"] = _listed(roster, candidate.phone)
    if alike is not None:
        facts["namesake"] = f"{alike.name} (№ {alike.id})"
    _tell_of_new(tx, master, settings, facts)
    return master


def _agree(tx: Tx, master_id: str, candidate: Candidate) -> None:
    """Keep what he agreed to by sending his answers."""
    if candidate.consent:
        channel = candidate.chat.channel
        tx.consents.put(of_master(master_id), candidate.consent, channel)


def namesake(roster: Roster, name: str) -> Master | None:
    """Return a master at work here whom the sheet would take for one of this name."""
    wanted = sorted(words_of(name))
    for master in roster.masters:
        if master.active and sorted(words_of(master.name)) == wanted:
            return master
    return None


def _tie(tx: Tx, master: Master, chat: Address, settings: Settings) -> Master:
    """Write the chat into the master's own row, and let the admin know whose it is."""
    tx.journal.add(
        Write(
            MASTERS,
            "set",
            master.id,
            {"Telegram": str(chat)},
            {"Telegram": ""},
            by=BOT,
        )
    )
    tied = replace(master, chat=chat)
    if not tied.active:
        _tell_of_new(tx, tied, settings)
    else:
        known_by = (
            f"{master.name} подключился к боту с номера {shown_phone(master.phone)}"
        )
        said = f"👷 {known_by}, заявки теперь приходят и ему"
        admin_chat.tell(
            tx, settings, admin_chat.alarm(f"tied:{master.id}:{chat}", said)
        )
    return tied


def _first_cells(master: Master, phone: str, now: datetime) -> dict[str, Cell]:
    return {
        "ID": as_id(master.id),
        "Имя": master.name,
        "Телефон": phone,
        "Telegram": str(master.chat),
        "Специализация": master.speciality,
        "Активен": False,
        "Дата регистрации": to_serial(now),
    }


def _tell_of_new(
    tx: Tx, master: Master, settings: Settings, more: Mapping[str, str] = NOTHING_MORE
) -> None:
    facts = {
        "name": master.name,
        "phone": master.phone,
        "speciality": master.speciality,
        **more,
    }
    key = f"registered:{master.id}:{master.chat}"
    admin_chat.tell(
        tx, settings, Notice(key, "admin", "", "master_registered", facts=facts)
    )


def _expected(roster: Roster, phone: str) -> Master | None:
    """Return the one master whom staff typed with this phone and without Telegram."""
    waiting = [
        master for master in roster.masters if master.phone == phone and not master.chat
    ]
    return waiting[0] if phone and len(waiting) == 1 else None


def _listed(roster: Roster, phone: str) -> str:
    """Return who is on the list with this phone already, in words."""
    same = [
        f"{master.name} (№ {master.id})"
        for master in roster.masters
        if phone and master.phone == phone
    ]
    return ", ".join(same)
