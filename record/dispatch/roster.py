"""The masters, and which of them a person means. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from record import values
from record.grid.worksheets import MASTERS
from record.values import Address, UnclearCell
from record.values.comparing import normal
from record.values.names import LONGEST_NAME, Words, meant, words_of

FILLERS = {"мастер", "мастеру", "мастера", "у", "к"}
CHOOSE = "выберите имя из списка или сотрите"
TWO = re.compile(r"[,/+&;]|\b(?:и|или|либо)\b")
MOST_NAMED = 4
TITLE = re.compile(
    r"[0-9]+|[^\W\d_]|[а-я]+(?:вич|ьич|мич|вна|чна)|электрик|сантехник|бригадир|старший|младший|новый"
)


@dataclass(frozen=True, slots=True)
class Master:
    """A technician. ``percent`` overrides the company's commission."""

    id: str
    name: str = ""
    phone: str = ""
    chat: Address | None = None
    speciality: str = ""
    active: bool = False
    percent: Decimal | None = None
    registered: datetime | None = None
    troubles: tuple[UnclearCell, ...] = ()


@dataclass(frozen=True, slots=True)
class Roster:
    """The masters, to be found by the names that people type.

    What was found once is remembered: 50,000 orders name the same few masters.
    """

    masters: tuple[Master, ...] = ()
    _by_name: dict[str, list[Master]] = field(
        default_factory=dict, compare=False, repr=False
    )
    _by_id: dict[str, Master] = field(default_factory=dict, compare=False, repr=False)
    _words: dict[str, Words] = field(default_factory=dict, compare=False, repr=False)
    _found: dict[str, Master] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, masters: Iterable[Master]) -> "Roster":
        """Return a roster of these masters."""
        roster = cls(tuple(masters))
        for master in roster.masters:
            if key := _name_key(master.name):
                roster._by_name.setdefault(key, []).append(master)
                roster._words[master.id] = words_of(master.name)
            roster._by_id[master.id] = master
        return roster

    def get(self, master_id: str) -> Master | None:
        """Return the master with this ID, or None."""
        return self._by_id.get(master_id)

    def active(self) -> tuple[Master, ...]:
        """Return the masters who take orders and can be written to."""
        return tuple(master for master in self.masters if master.active and master.chat)

    def label(self, master: Master) -> str:
        """Return what to write into «Мастер»: the name, with the ID where two share it."""
        alike = self._by_name.get(_name_key(master.name), [])
        if len(alike) > 1:
            return f"{master.name} (#{master.id})"
        return master.name

    def find(self, typed: str) -> Master:
        """Return the master whom a person meant by a name.

        In any case, order of words and spacing, or with a slip of the finger.

        Raises:
            values.Unclear: nobody or more than one is called so.
        """
        if typed not in self._found:
            self._found[typed] = self._look(typed)
        return self._found[typed]

    def _look(self, typed: str) -> Master:
        typed = values.opened(typed, "Мастер", "впишите имя")
        name, _, tail = typed.partition("#")
        if tail and (by_id := self._by_id.get(tail.strip(" )"))):
            return by_id
        key = _name_key(name)
        found = self._by_name.get(key, [])
        # «Иван?» is a question, which no guess answers
        if not found and "?" not in name:
            found = self._named(name)
        if len(found) == 1:
            return found[0]
        if found:
            options = ", ".join(f"{master.name} (#{master.id})" for master in found)
            raise values.Unclear(
                f"Мастеров с именем «{values.cut(typed)}» несколько, уточните: {options}"
            )
        self._refuse_several(typed)
        raise values.Unclear(
            f"Мастер «{values.cut(typed)}» не найден на листе «{MASTERS}»: {self._nearest(key)}"
        )

    def _named(self, name: str) -> list[Master]:
        words = words_of(name) if len(name) <= LONGEST_NAME else ()
        said = tuple(word for word in words if word not in FILLERS)
        ids = meant(said, self._words, _is_title)
        return [self._by_id[master_id] for master_id in ids]

    def _refuse_several(self, typed: str) -> None:
        """Raise where a person named two masters or more: an order has one."""
        parts = TWO.split(typed)[: MOST_NAMED + 1]
        if not 1 < len(parts) <= MOST_NAMED:
            return
        masters = []
        for part in parts:
            found = self._named(part)
            if len(found) != 1:
                return
            masters += found
        names = ", ".join(master.name for master in masters)
        raise values.Unclear(
            f"Мастер «{values.cut(typed)}»: у заявки бывает один мастер, оставьте кого-то: {names}"
        )

    def _nearest(self, key: str) -> str:
        near = values.nearest(key, self._by_name, at_least=60)
        if not near:
            return CHOOSE
        master = self._by_name[near[0]][0]
        return f"может быть, «{master.name}»?"


def _is_title(word: str) -> bool:
    """Return whether a word beside a name means nobody else.

    It is a patronymic, an initial, a trade, or a phone.
    """
    return bool(TITLE.fullmatch(word))


def _name_key(name: str) -> str:
    return " ".join(sorted(normal(name).replace("(", " ").split()))
