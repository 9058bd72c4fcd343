"""The Markdown parse modes: marks to text and entities.

https://core.telegram.org/bots/api#markdownv2-style, and the older one below it there.
"""

import re
from dataclasses import dataclass, field

from .errors import bad_request
from .markup import checked_url, mention_of, utf16_length
from .model import Json

_RESERVED = "_*[]()~`>#+-=|{}.!\n"
_KINDS = {
    "*": "bold",
    "_": "italic",
    "__": "underline",
    "~": "strikethrough",
    "||": "spoiler",
    "`": "code",
    "```": "pre",
    "[": "text_link",
    "![": "custom_emoji",
}
# as the server calls them where one has no end
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_ENDS = {"text_link": "]", "custom_emoji": "]"} | {
    kind: mark for mark, kind in _KINDS.items() if "[" not in mark
}
_ESCAPED = re.compile(r"\\([\x01-\x7e])")
_LANGUAGE = re.compile(r"[^\s`]+(?=\s)")
_NEWLINE = re.compile(r"\r\n|\n\r|\n|\r")
_EMOJI = re.compile(r"tg://emoji\?id=(\d+)$")


@dataclass
class _Open:
    """A mark waiting for its end; `at` is its place in the source."""

    kind: str
    offset: int
    start: int
    at: int
    language: str = ""


@dataclass
class _Text:
    """What is read so far."""

    source: str
    pos: int = 0
    offset: int = 0
    pieces: list[str] = field(default_factory=list)
    entities: list[Json] = field(default_factory=list)

    def emit(self, text: str) -> None:
        self.pieces.append(text)
        self.offset += utf16_length(text)

    def ahead(self, mark: str) -> bool:
        return self.source.startswith(mark, self.pos)

    def byte(self, pos: int) -> int:
        return len(self.source[:pos].encode())

    def url(self) -> str:
        """The address in the parentheses that follow; `pos` goes to the last of them."""
        begin = self.pos + 2
        self.pos = begin
        url = []
        while self.pos < len(self.source) and not self.ahead(")"):
            escaped = _ESCAPED.match(self.source, self.pos)
            url.append(escaped[1] if escaped else self.source[self.pos])
            self.pos += 2 if escaped else 1
        if not self.ahead(")"):
            raise unparsable(
                f"Can't find end of a URL at byte offset {self.byte(begin)}"
            )
        self.pos += 1
        return "".join(url)

    def fence(self) -> str:
        """Skip what stands behind three backticks: a language, one end of line."""
        language = _LANGUAGE.match(self.source, self.pos)
        if language:
            self.pos = language.end()
        newline = _NEWLINE.match(self.source, self.pos)
        if newline:
            self.pos = newline.end()
        return language[0] if language else ""

    def entity(self, opened: _Open, more: Json) -> None:
        if self.offset > opened.offset:
            place = {"offset": opened.offset, "length": self.offset - opened.offset}
            self.entities.append({**place, "type": opened.kind, **more})

    def link(self, opened: _Open, target: str) -> None:
        """A link or a mention; a target that is neither leaves plain text."""
        mentioned = mention_of(target)
        if mentioned:
            self.entity(opened, mentioned)
        elif url := checked_url(target):
            self.entity(opened, {"url": url})

    def result(self) -> tuple[str, list[Json]]:
        self.entities.sort(key=lambda entity: (entity["offset"], -entity["length"]))
        return "".join(self.pieces), self.entities


class _Second:
    """MarkdownV2: marks nest, and whatever could be one has to be escaped."""

    def __init__(self, source: str) -> None:
        self._text = _Text(source)
        self._nested: list[_Open] = []
        self._quote_may_begin = True

    def run(self) -> tuple[str, list[Json]]:
        text = self._text
        while text.pos < len(text.source):
            self._step()
        if self._nested and self._quoted():
            self._end_quote()
        if self._nested:
            raise self._endless()
        return text.result()

    def _step(self) -> None:
        text = self._text
        char = text.source[text.pos]
        escaped = _ESCAPED.match(text.source, text.pos)
        if escaped:
            text.pos += 2
            text.emit(escaped[1])
            self._quote_may_begin = escaped[1] == "\n"
        elif char not in ("`" if self._verbatim() else _RESERVED):
            text.pos += 1
            text.emit(char)
            self._quote_may_begin &= char == "\r"
        elif self._nested and self._ends():
            self._end()
        elif char == "\n":
            self._line_ends()
        else:
            self._begin(char)

    def _verbatim(self) -> bool:
        return bool(self._nested) and self._nested[-1].kind in ("code", "pre")

    def _quoted(self) -> bool:
        return self._nested[0].kind == "blockquote"

    def _ends(self) -> bool:
        kind = self._nested[-1].kind
        if kind == "blockquote" or not self._text.ahead(_ENDS[kind]):
            return False
        # two of them begin or end an underlining
        return kind != "italic" or not self._text.ahead("__")

    def _line_ends(self) -> None:
        text = self._text
        if self._nested and self._quoted() and not text.ahead("\n>"):
            text.pos += 1
            text.emit("\n")
            self._end_quote()
        else:
            text.pos += 1
            text.emit("\n")
        self._quote_may_begin = True

    def _end_quote(self) -> None:
        """The quotation is over; a spoiler that begins at its very end lets it unfold."""
        last = self._nested[-1]
        if last.kind == "spoiler" and last.offset >= self._text.offset - 1:
            self._nested.pop()
            self._nested[-1].kind = "expandable_blockquote"
        if len(self._nested) > 1:
            raise self._endless()
        self._text.entity(self._nested.pop(), {})

    def _begin(self, char: str) -> None:
        text = self._text
        if char == ">" and self._quote_may_begin:
            if not (self._nested and self._quoted()):
                self._nested.append(_Open("blockquote", text.offset, 0, text.pos))
            text.pos += 1
            self._quote_may_begin = False
            return
        marks = ("```", "__", "||", "![", char)
        mark = next(mark for mark in marks if text.ahead(mark))
        if mark not in _KINDS:
            reserved = "is reserved and must be escaped with the preceding '\\'"
            raise unparsable(f"Character '{char}' {reserved}")
        opened = _Open(_KINDS[mark], text.offset, len(text.pieces), text.pos)
        text.pos += len(mark)
        if mark == "```":
            opened.language = text.fence()
        self._nested.append(opened)

    def _end(self) -> None:
        text, opened = self._text, self._nested.pop()
        text.pos += len(_ENDS[opened.kind])
        if opened.kind == "text_link":
            text.link(opened, self._target(opened))
        elif opened.kind == "custom_emoji":
            text.entity(opened, {"custom_emoji_id": self._emoji()})
        else:
            text.entity(
                opened, {"language": opened.language} if opened.language else {}
            )

    def _target(self, opened: _Open) -> str:
        text = self._text
        if not text.ahead("("):
            return "".join(text.pieces[opened.start :])
        text.pos -= 1
        return text.url()

    def _emoji(self) -> str:
        text = self._text
        if not text.ahead("("):
            raise unparsable("The entity must contain a tg://emoji or tg://time URL")
        text.pos -= 1
        found = _EMOJI.match(text.url())
        if found is None:
            raise unparsable("Invalid tg://emoji or tg://time URL specified")
        return found[1]

    def _endless(self) -> Exception:
        opened = self._nested[-1]
        name = "PreCode" if opened.language else _NAMES[opened.kind]
        at = self._text.byte(opened.at)
        return unparsable(f"Can't find end of {name} entity at byte offset {at}")


def parse_markdown_v2(source: str) -> tuple[str, list[Json]]:
    """Text and entities; for bad marks the real server's 400."""
    return _Second(source).run()


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """The same of the older mode: four marks, none within another."""
    text = _Text(source)
    while text.pos < len(source):
        if re.match(r"\\[_*`[]", source[text.pos : text.pos + 2]):
            text.emit(source[text.pos + 1])
            text.pos += 2
        elif source[text.pos] in "_*`[":
            _first_entity(text)
        else:
            text.emit(source[text.pos])
            text.pos += 1
    return text.result()


def _first_entity(text: _Text) -> None:
    mark = "```" if text.ahead("```") else text.source[text.pos]
    opened = _Open(_KINDS[mark], text.offset, len(text.pieces), text.pos)
    text.pos += len(mark)
    if mark == "```":
        opened.language = text.fence()
    end = text.source.find(_ENDS[opened.kind], text.pos)
    if end < 0:
        at = text.byte(opened.at)
        raise unparsable(f"Can't find end of the entity starting at byte offset {at}")
    inner = text.source[text.pos : end]
    text.emit(inner)
    text.pos = end + len(_ENDS[opened.kind])
    if mark != "[":
        text.entity(opened, {"language": opened.language} if opened.language else {})
    elif text.ahead("("):
        text.pos -= 1
        text.link(opened, text.url())
    else:
        text.link(opened, inner)


def unparsable(why: str) -> Exception:
    """The refusal of a text whose marks make no sense."""
    return bad_request(f"can't parse entities: {why}")
