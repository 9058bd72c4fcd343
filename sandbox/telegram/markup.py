"""HTML parse mode: tags to text and entities.

https://core.telegram.org/bots/api#html-style
"""

import re
from dataclasses import dataclass, field

from .errors import bad_request
from .model import Json

_KINDS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
}
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]*)|#([0-9]*)|([a-zA-Z]*));?")
_SPACE = " \t\r\n\0\v"
_BARE_VALUE = re.compile(r"[A-Za-z0-9.-]*")
_USER_LINK = re.compile(r"tg://user\?id=(\d+)$")
_HAS_SCHEME = re.compile(r"^[a-z][a-z0-9+.-]*:", re.IGNORECASE)


def utf16_length(text: str) -> int:
    """The length as Telegram counts offsets.

    https://core.telegram.org/bots/api#messageentity
    """
    return len(text) + sum(char > "\uffff" for char in text)


@dataclass
class _Open:
    """A tag waiting for its end."""

    tag: str
    offset: int
    start: int
    attributes: dict[str, str]


@dataclass
class _Parser:
    source: str
    pos: int = 0
    offset: int = 0
    pieces: list[str] = field(default_factory=list)
    open_tags: list[_Open] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def run(self) -> tuple[str, list[Json]]:
        while self.pos < len(self.source):
            char = self.source[self.pos]
            if char == "<":
                self._tag()
            elif char == "&":
                self._emit(self._reference())
            else:
                self.pos += 1
                self._emit(char)
        if self.open_tags:
            raise _unparsable(
                f'Can\'t find end tag corresponding to start tag "{self.open_tags[-1].tag}"'
            )
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities

    def _emit(self, text: str) -> None:
        self.pieces.append(text)
        self.offset += utf16_length(text)

    def _reference(self) -> str:
        """A character reference, or the bare ampersand where it names nothing known."""
        found = _REFERENCE.match(self.source, self.pos)
        decoded = _decoded(found) if found else ""
        if found is None or not decoded:
            self.pos += 1
            return "&"
        self.pos = found.end()
        return decoded

    def _here(self) -> str:
        return self.source[self.pos] if self.pos < len(self.source) else ""

    def _skip_space(self) -> None:
        while self._here() and self._here() in _SPACE:
            self.pos += 1

    def _word(self, stops: str) -> str:
        start = self.pos
        while self._here() and self._here() not in stops:
            self.pos += 1
        return self.source[start : self.pos]

    def _tag(self) -> None:
        at = len(self.source[: self.pos].encode())
        self.pos += 1
        if self._here() == "/":
            self._end_tag(at)
        else:
            self._start_tag(at)

    def _start_tag(self, at: int) -> None:
        tag = self._word(_SPACE + ">").lower()
        if not self._here():
            raise _unparsable(f"Unclosed start tag at byte offset {at}")
        if tag not in _KINDS:
            raise _unparsable(f'Unsupported start tag "{tag}" at byte offset {at}')
        attributes: dict[str, str] = {}
        while self._here() != ">":
            self._skip_space()
            if self._here() == ">":
                break
            name = self._attribute_name(tag, at)
            attributes[name] = self._attribute_value(at)
        self.pos += 1
        if tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _unparsable(
                f'Tag "span" must have class "tg-spoiler" at byte offset {at}'
            )
        self.open_tags.append(_Open(tag, self.offset, len(self.pieces), attributes))

    def _attribute_name(self, tag: str, at: int) -> str:
        name = (
            self._word(_SPACE + "=>")
            if tag == "blockquote"
            else self._word(_SPACE + "=")
        )
        if tag == "blockquote" and name == "expandable":
            return name
        if not name:
            raise _unparsable(
                f'Empty attribute name in the tag "{tag}" at byte offset {at}'
            )
        self._skip_space()
        if self._here() != "=":
            raise _unparsable(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}" at byte offset {at}'
            )
        self.pos += 1
        self._skip_space()
        if not self._here():
            raise _unparsable(f'Unclosed start tag "{tag}" at byte offset {at}')
        return name

    def _attribute_value(self, at: int) -> str:
        if self.source[self.pos - 1 : self.pos] not in {"=", *_SPACE}:
            return ""
        quote = self._here()
        if quote not in {"'", '"'}:
            return self._bare_value()
        self.pos += 1
        value: list[str] = []
        while self._here() and self._here() != quote:
            if self._here() == "&":
                value.append(self._reference())
            else:
                value.append(self._here())
                self.pos += 1
        self.pos += 1
        if not self._here():
            raise _unparsable(f"Unclosed start tag at byte offset {at}")
        return "".join(value)

    def _bare_value(self) -> str:
        start = self.pos
        found = _BARE_VALUE.match(self.source, self.pos)
        self.pos = found.end() if found else start
        if not self._here() or self._here() not in _SPACE + ">":
            at = len(self.source[:start].encode())
            raise _unparsable(f"Unexpected end of name token at byte offset {at}")
        return self.source[start : self.pos].lower()

    def _end_tag(self, at: int) -> None:
        if not self.open_tags:
            raise _unparsable(f"Unexpected end tag at byte offset {at}")
        self.pos += 1
        name = self._word(_SPACE + ">").lower()
        self._skip_space()
        if self._here() != ">":
            raise _unparsable(f"Unclosed end tag at byte offset {at}")
        self.pos += 1
        opened = self.open_tags[-1]
        if name and name != opened.tag:
            expected = f'expected "</{opened.tag}>", found "</{name}>"'
            raise _unparsable(f"Unmatched end tag at byte offset {at}, {expected}")
        self.open_tags.pop()
        if self.offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        entity: Json = {
            "offset": opened.offset,
            "length": self.offset - opened.offset,
            "type": _KINDS[opened.tag],
        }
        if opened.tag == "a":
            target = opened.attributes.get("href") or "".join(
                self.pieces[opened.start :]
            )
            if not _link(entity, target):
                return
        elif opened.tag == "code":
            language = opened.attributes.get("class", "")
            if language.startswith("language-"):
                entity["language"] = language.removeprefix("language-")
        elif opened.tag == "pre":
            self._adopt_code(entity)
        elif opened.tag == "blockquote" and "expandable" in opened.attributes:
            entity["type"] = "expandable_blockquote"
        elif opened.tag == "tg-emoji":
            entity["custom_emoji_id"] = opened.attributes.get("emoji-id", "")
        self.entities.append(entity)

    def _adopt_code(self, entity: Json) -> None:
        """`<pre><code class="language-x">` is one entity with a language."""
        inner = self.entities[-1] if self.entities else {}
        same = all(inner.get(key) == entity[key] for key in ("offset", "length"))
        if same and inner.get("type") == "code" and inner.get("language"):
            self.entities.pop()
            entity["language"] = inner["language"]


def parse_html(source: str) -> tuple[str, list[Json]]:
    """Text and entities of an HTML message; for bad markup the real server's 400."""
    text, entities = _Parser(source).run()
    for entity in entities:
        if entity["type"] == "code":
            entity.pop("language", None)
    return text, entities


def _decoded(found: re.Match[str]) -> str:
    hexadecimal, decimal, name = found.groups()
    if name is not None:
        return _NAMED.get(name, "")
    digits = hexadecimal if hexadecimal is not None else decimal
    code = int(digits or "0", 16 if hexadecimal is not None else 10)
    # halves of a surrogate pair are no characters
    plain = 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF
    return chr(code) if plain and len(found[0].rstrip(";")) < 10 else ""


def mention_of(target: str) -> Json:
    """What makes an entity a mention where the link is one to a user, else nothing."""
    user = _USER_LINK.match(target)
    return {"type": "text_mention", "user_id": int(user[1])} if user else {}


def _link(entity: Json, target: str) -> bool:
    """Make the entity a link or a mention; a target that is no link leaves plain text."""
    mention = mention_of(target)
    if mention:
        entity.update(mention)
        return True
    url = checked_url(target)
    entity["url"] = url
    return bool(url)


def checked_url(target: str) -> str:
    """The URL as Telegram keeps it, empty where it takes none.

    A host needs a dot, a scheme is added.
    """
    target = target.strip()
    if re.match(r"^(tg|ton|tonsite):", target, re.IGNORECASE):
        return target
    if not re.match(r"^https?://", target, re.IGNORECASE):
        if "://" in target or (
            _HAS_SCHEME.match(target) and not re.match(r"^[^/]+:\d", target)
        ):
            return ""
        target = "http://" + target
    host = re.split(r"[/?#]", target.split("://", 1)[1], maxsplit=1)[0]
    if "." not in host.strip(".") or any(char.isspace() for char in target):
        return ""
    return (
        target
        if "/" in target.split("://", 1)[1] or "?" in target or "#" in target
        else target + "/"
    )


def _unparsable(why: str) -> Exception:
    return bad_request(f"can't parse entities: {why}")
