"""Staff who enter the panel under their own names, and their entries to be confirmed.

Passwords, codes and what browsers are known by are kept as hashes only.
"""

import hashlib
import secrets
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, RowMapping, delete, select, update

from record.store.entry import KEPT_S, hashed
from record.store.schema import staff, staff_entries
from record.store.statements import upsert
from record.values import Address
from record.values.codes import code_of
from record.values.comparing import normal

# how long a person has to say that it is he
ENTRY_S = 300.0
CODE_S = 3600.0
MOST_TRIES = 5


@dataclass(frozen=True)
class StaffMember:
    """Somebody who enters the panel; ``password`` is its hash.

    ``chat`` is None until he has shown which one is his.
    """

    key: str
    name: str
    password: str
    chat: Address | None
    made_at: float
    entered_at: float | None

    @property
    def bound(self) -> str:
        """What his sessions are bound to: it changes with the password."""
        return hashlib.sha256(self.password.encode()).hexdigest()[:32]


@dataclass(frozen=True)
class StaffEntry:
    """A right password that waits for the person's word; ``state`` as in the schema."""

    id: int
    key: str
    bound: str
    place: str
    browser: str
    state: str
    made_at: float

    def is_open(self, now: float) -> bool:
        """Return whether the person can still say that it is he."""
        return self.state == "waiting" and abs(now - self.made_at) <= ENTRY_S


def staff_key(name: str) -> str:
    """Return by what a person is found, however he types his name."""
    return normal(name)


class Staff:
    """Who may enter the panel under his name, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[StaffMember]:
        """Return everybody, by name."""
        rows = self._connection.execute(select(staff).order_by(staff.c.key)).mappings()
        return [_member(row) for row in rows]

    def any(self) -> bool:
        """Return whether anybody is named: then nobody enters without a name."""
        return (
            self._connection.execute(select(staff.c.key).limit(1)).first() is not None
        )

    def get(self, key: str) -> StaffMember | None:
        """Return the person with this key, or None."""
        query = select(staff).where(staff.c.key == key)
        row = self._connection.execute(query).mappings().first()
        return _member(row) if row else None

    def of_chat(self, chat: Address) -> list[StaffMember]:
        """Return whose chat this is."""
        query = select(staff).where(staff.c.chat == chat).order_by(staff.c.key)
        return [_member(row) for row in self._connection.execute(query).mappings()]

    def put(self, name: str, password: str, now: float) -> None:
        """Add a person or change his password; what chat is his stays."""
        known = self.get(staff_key(name))
        values = {
            "key": staff_key(name),
            "name": name,
            "password": password,
            "chat": known.chat if known else None,
            "code": "",
            "code_until": 0.0,
            "made_at": known.made_at if known else now,
            "entered_at": known.entered_at if known else None,
        }
        upsert(self._connection, staff, values)

    def remove(self, key: str) -> bool:
        """Take a person out; his sessions and entries are void with that."""
        gone = self._connection.execute(delete(staff).where(staff.c.key == key))
        return bool(gone.rowcount)

    def give_code(self, key: str, now: float) -> str:
        """Return a new one-time code of a person; the one before is good no more."""
        code = code_of(secrets.token_urlsafe(24))
        values = {"code": hashed(code), "code_until": now + CODE_S}
        self._connection.execute(update(staff).where(staff.c.key == key).values(values))
        return code

    def take_code(self, code: str, now: float) -> StaffMember | None:
        """Use a person's one-time code up; return whose it was, None where it is none."""
        mine = (staff.c.code == hashed(code)) & (staff.c.code_until >= now)
        used = update(staff).where(mine).values(code_until=0.0)
        key = self._connection.execute(used.returning(staff.c.key)).scalar()
        return self.get(key) if key else None

    def tied_by(self, code: str, chat: Address) -> StaffMember | None:
        """Return whose chat this is, if it has used this code of his up, or None."""
        his = (staff.c.code == hashed(code)) & (staff.c.chat == chat)
        row = self._connection.execute(select(staff).where(his)).mappings().first()
        return _member(row) if row else None

    def tie(self, key: str, chat: Address) -> None:
        """Let a chat be the one in which a person confirms."""
        self._connection.execute(
            update(staff).where(staff.c.key == key).values(chat=chat)
        )

    def entered(self, key: str, now: float) -> None:
        """Note that a person has entered just now."""
        self._connection.execute(
            update(staff).where(staff.c.key == key).values(entered_at=now)
        )


class StaffEntries:
    """Entries that wait for a person's word, within one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def begin(
        self, member: StaffMember, place: str, browser: str, now: float
    ) -> tuple[StaffEntry, str]:
        """Let an entry wait; return it, and the secret that its browser keeps.

        Of one person's entries only the last can be confirmed.
        """
        old = staff_entries.c.made_at < now - KEPT_S
        self._connection.execute(delete(staff_entries).where(old))
        before = (staff_entries.c.key == member.key) & staff_entries.c.state.in_(
            ("waiting", "approved")
        )
        over = update(staff_entries).where(before).values(state="over")
        self._connection.execute(over)
        secret = secrets.token_urlsafe(32)
        values = {
            "token": hashed(secret),
            "key": member.key,
            "bound": member.bound,
            "code": hashed(code_of(secret)),
            "place": place,
            "browser": browser,
            "state": "waiting",
            "tries": 0,
            "made_at": now,
        }
        made = staff_entries.insert().values(values).returning(staff_entries)
        row = self._connection.execute(made).mappings().one()
        return _entry(row), secret

    def find(self, secret: str) -> StaffEntry | None:
        """Return the entry that this browser waits for, or None."""
        return self._one(staff_entries.c.token == hashed(secret))

    def get(self, number: int) -> StaffEntry | None:
        """Return the entry with this number, or None."""
        return self._one(staff_entries.c.id == number)

    def by_code(self, code: str) -> StaffEntry | None:
        """Return the entry whose page shows this code, or None."""
        return self._one(staff_entries.c.code == hashed(code))

    def _one(self, test: ColumnElement[bool]) -> StaffEntry | None:
        query = select(staff_entries).where(test)
        row = self._connection.execute(query).mappings().first()
        return _entry(row) if row else None

    def decide(self, number: int, state: str) -> bool:
        """Take a person's word about an entry, once; return whether it was in time."""
        waiting = (staff_entries.c.id == number) & (staff_entries.c.state == "waiting")
        decided = update(staff_entries).where(waiting).values(state=state)
        return bool(self._connection.execute(decided).rowcount)

    def use(self, secret: str) -> StaffEntry | None:
        """Use an approved entry up; return it, or None where there is none.

        One statement looks and uses up: of two requests at once one enters.
        """
        mine = staff_entries.c.token == hashed(secret)
        approved = update(staff_entries).where(
            mine, staff_entries.c.state == "approved"
        )
        used = approved.values(state="used").returning(staff_entries)
        row = self._connection.execute(used).mappings().first()
        return _entry(row) if row else None

    def missed(self, number: int) -> bool:
        """Count a wrong code; return whether the entry stays open for another one."""
        mine = staff_entries.c.id == number
        more = staff_entries.c.tries + 1
        counted = update(staff_entries).where(mine).values(tries=more)
        tries = self._connection.execute(
            counted.returning(staff_entries.c.tries)
        ).scalar_one()
        if tries < MOST_TRIES:
            return True
        self.decide(number, "over")
        return False

    def refused_since(self, key: str, since: float) -> bool:
        """Return whether a person has said of late that it was not he."""
        mine = (staff_entries.c.key == key) & (staff_entries.c.state == "refused")
        query = select(staff_entries.c.id).where(mine, staff_entries.c.made_at >= since)
        return self._connection.execute(query.limit(1)).first() is not None


def _member(row: RowMapping) -> StaffMember:
    return StaffMember(
        row["key"],
        row["name"],
        row["password"],
        row["chat"],
        row["made_at"],
        row["entered_at"],
    )


def _entry(row: RowMapping) -> StaffEntry:
    return StaffEntry(
        row["id"],
        row["key"],
        row["bound"],
        row["place"],
        row["browser"],
        row["state"],
        row["made_at"],
    )
