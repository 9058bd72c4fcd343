"""How our texts mark what stands out, for any channel. Pure.

A message's text is plain text in which ``&``, ``<`` and ``>`` are escaped, with three
marks: bold, code (to be copied by a touch) and a link. Texts are put together by the
functions here and in bots/wording.py; a door takes them apart with :func:`pieces` and
writes them as its channel wants them.
"""

import html
from dataclasses import dataclass, replace
from html.parser import HTMLParser


@dataclass(frozen=True)
class Piece:
    """A run of text that looks the same; ``url`` is where a link leads."""

    text: str
    bold: bool = False
    code: bool = False
    url: str = ""


def escaped(text: str) -> str:
    """Return plain text as it stands among marks."""
    return html.escape(text, quote=False)


def bold(text: str) -> str:
    """Return a text, already escaped, in bold."""
    return f"<b>{text}</b>"


def code(text: str) -> str:
    """Return a text, already escaped, that is to be copied."""
    return f"<code>{text}</code>"


def link(text: str, url: str) -> str:
    """Return a text, already escaped, that leads to an address."""
    return f'<a href="{html.escape(url)}">{text}</a>'


def pieces(text: str) -> list[Piece]:
    """Return a message's text in pieces.

    Raises:
        ValueError: there is a mark that we have not; a mistake of ours.
    """
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return list(reader.found)


def plain(text: str) -> str:
    """Return a message's text without its marks, an address behind its link's text."""
    return "".join(_plain(piece) for piece in pieces(text))


def _plain(piece: Piece) -> str:
    return f"{piece.text} ({piece.url})" if piece.url else piece.text


class _Reader(HTMLParser):
    """Our marks happen to be spelled as in HTML, so Python's parser reads them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[Piece] = []
        self._bold = self._code = False
        self._url = ""

    # The parser gives a long text in parts, of which one piece is made again.
    def handle_data(self, data: str) -> None:
        piece = Piece(data, self._bold, self._code, self._url)
        before = self.found[-1] if self.found else Piece("")
        if replace(piece, text="") == replace(before, text=""):
            self.found[-1:] = [replace(piece, text=before.text + data)]
        else:
            self.found.append(piece)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._mark(tag, on=True, url=dict(attrs).get("href") or "")

    def handle_endtag(self, tag: str) -> None:
        self._mark(tag, on=False, url="")

    def _mark(self, tag: str, *, on: bool, url: str) -> None:
        if tag == "b":
            self._bold = on
        elif tag == "code":
            self._code = on
        elif tag == "a":
            self._url = url
        else:
            raise ValueError(f"no mark of ours: {tag!r}")
