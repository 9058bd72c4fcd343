"""One person as texts name him: found in any spelling of his phone, and taken out. Pure.

His phone is known wherever it stands. His names, addresses and chats are known only in
what is about his own orders, or about no order at all: another client may be called so,
or live there.
"""

import hashlib
import hmac
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Any

import phonenumbers

from record.dispatch.model import PHONE_SAID
from record.values.comparing import normal

ERASED = "удалено по просьбе"
FORMER = "Бывший мастер"
# cells of an order that tell who its client is; «Ключ» opens its page
OF_CLIENT = (
    "Имя", "Телефон", "Адрес", "Проблема", "Комментарий", "Проверка", "Telegram", "Ключ",
)  # fmt: skip
OF_MASTER = ("Имя", "Телефон", "Telegram")
# between two figures: up to three signs, which JSON may write as escapes
APART = r"(?:[^0-9]|\\u[0-9a-f]{4}){0,3}"
# the zeros of other scripts, as ０ and ٠: the figures follow each of them
PLANES = (*range(0x80, 0x10000), *range(0x1D7CE, 0x1D800))
ZEROS = [sign for sign in map(chr, PLANES) if sign.isdecimal() and int(sign) == 0]
# what is no Latin, Cyrillic or common sign, as it stands and as JSON writes it
FOREIGN = (
    "[^\x01-\u065f\u2000-\u2fff\U0001f000-\U0001ffff]",
    r"\\u(?!0[0-5]|2|d83[c-f]|d[c-f])",
)
LEAST_TEXT = 8  # characters of a name or an address that no other text holds by chance
LEAST_CHAT = 7  # figures of a chat's number, likewise


def print_of(phone: str, spreadsheet: str) -> str:
    """Return by what a forgotten phone is known again, and nothing else can be told."""
    key, said = spreadsheet.encode(), phone.encode()
    return hmac.new(key, said, hashlib.sha256).hexdigest()


def is_clients(person: "Person", cells: Mapping[str, Any]) -> bool:
    """Return whether an order in whose row his phone stands is his.

    It is where the phone is the client's, or his name, address or chat stands there too. A mention makes
    another's order not his: «ключ у соседки, +7 …», a contact that a client has sent.
    """
    if person.called(cells.get("Телефон", "")):
        return True
    comment = _plain(cells.get("Комментарий", ""))
    said = [line for line in comment.split("\n") if line.startswith(PHONE_SAID)]
    if any(map(person.called, said)):
        return True
    bare = replace(person, phone="")
    return any(bare.scrubbed(_plain(cell)) != _plain(cell) for cell in cells.values())


@dataclass(frozen=True)
class Person:
    """Whom texts may name; ``phone`` in E.164, ``texts`` his names and addresses."""

    phone: str
    texts: tuple[str, ...] = ()
    chats: tuple[str, ...] = ()
    keys: tuple[str, ...] = ()

    @cached_property
    def by_phone(self) -> "Person":
        """Return him as texts about others may name him: by his phone alone."""
        return replace(self, texts=(), chats=(), keys=())

    def apart_from(self, names: Iterable[str], chats: Iterable[str]) -> "Person":
        """Return him without names and chats that are somebody else's too."""
        called = {normal(name) for name in names}
        texts = tuple(one for one in self.texts if normal(one) not in called)
        others = frozenset(chats)
        his = tuple(one for one in self.chats if one not in others)
        return replace(self, texts=texts, chats=his)

    @cached_property
    def pattern(self) -> str:
        """A regular expression, for Python and PostgreSQL, of all that may name him.

        His phone in figures of other scripts it does not tell: see ``patterns``.
        """
        told = [APART.join(_national(self.phone))] if self.phone else []
        for said in self._certain:
            told.append(re.escape(said))
            escaped = json.dumps(said)[1:-1]
            if escaped != said:
                told.append(re.escape(escaped))
        told += [f"^{re.escape(said)}$" for said in self._short]
        return f"(?i){'|'.join(told)}" if told else "(?!)"

    @property
    def patterns(self) -> list[str]:
        """Regular expressions, one of which finds whatever names him, and more than that.

        A single one with all figures of the world would be ten times slower.
        """
        return [self.pattern, *FOREIGN] if self.phone else [self.pattern]

    @property
    def _certain(self) -> list[str]:
        """What is surely he wherever it stands within a text."""
        texts = [one for one in self.texts if _is_certain(one)]
        chats = [one for one in self.chats if sum(map(str.isdigit, one)) >= LEAST_CHAT]
        # the longest first: an address may begin with another
        return sorted({*texts, *chats, *self.keys}, key=len, reverse=True)

    @property
    def _short(self) -> list[str]:
        """What is he only where nothing else stands."""
        return sorted({*self.texts, *self.chats} - set(self._certain))

    @cached_property
    def _spoken(self) -> re.Pattern[str]:
        code = str(phonenumbers.parse(self.phone).country_code)
        codes = f"{_in_any_script(code)}|{_in_any_script('8')}"
        lead = rf"(?:[+＋]?[ ]?(?:{codes}){APART})?"
        figures = _in_any_script(_national(self.phone))
        return re.compile(rf"(?<!\d){lead}{figures}(?!\d)", re.IGNORECASE)

    @cached_property
    def _named(self) -> re.Pattern[str]:
        told = "|".join(re.escape(said) for said in self._certain) or "(?!)"
        return re.compile(told, re.IGNORECASE)

    def called(self, text: object) -> bool:
        """Return whether his phone stands there, in any spelling."""
        return bool(self.phone) and self._spoken.search(_plain(text)) is not None

    def scrubbed(self, value: Any, by: str = "") -> Any:
        """Return a text, a number or JSON without him; ``by`` stands in his place."""
        match value:
            case str():
                return self._without(value, by)
            case bool():
                return value
            case int() | float():
                return by if self.called(value) else value
            case Mapping():
                return {
                    self.scrubbed(key, by): self.scrubbed(one, by)
                    for key, one in value.items()
                }
            case list() | tuple():
                return [self.scrubbed(one, by) for one in value]
        return value

    def _without(self, text: str, by: str) -> str:
        if text.casefold() in {one.casefold() for one in self._short}:
            return by
        if self.phone:
            text = self._spoken.sub(by, text)
        return self._named.sub(by, text)


def known_phones(texts: Iterable[object], region: str) -> set[str]:
    """Return all phones that stand in these texts, in E.164."""
    found = set()
    for text in texts:
        for match in phonenumbers.PhoneNumberMatcher(_plain(text), region):
            e164 = phonenumbers.PhoneNumberFormat.E164
            found.add(phonenumbers.format_number(match.number, e164))
    return found


def _national(phone: str) -> str:
    return phonenumbers.national_significant_number(phonenumbers.parse(phone))


def _in_any_script(figures: str) -> str:
    """Return a regular expression of these figures, whatever stands between them."""
    return APART.join(f"[{figure}{_alike(int(figure))}]" for figure in figures)


@cache
def _alike(figure: int) -> str:
    return "".join(chr(ord(zero) + figure) for zero in ZEROS)


def _plain(value: object) -> str:
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _is_certain(text: str) -> bool:
    """Return whether a name or an address is so long that no other text holds it."""
    several = len(text.split()) > 1
    return several and len(text) >= LEAST_TEXT
