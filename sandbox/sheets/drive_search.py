"""files.list of Drive: the query, the order and the pages.

https://developers.google.com/workspace/drive/api/guides/search-files
"""

import base64
import binascii
import operator
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

Json = dict[str, Any]
Wanted = Callable[[Json], bool]
ROOT = "0AsandboxRootPVA"
DEFAULT_PAGE, LARGEST_PAGE = 100, 1000
_TOKEN = re.compile(
    r"""\s*(?:(?P<mark>[()]|!=|<=|>=|=|<|>)|(?P<word>[A-Za-z]+)|"""
    r"""'(?P<single>(?:[^'\\]|\\.)*)'|"(?P<double>(?:[^"\\]|\\.)*)")"""
)
_COMPARED: Mapping[str, Callable[[str, str], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "contains": lambda held, part: part.casefold() in held.casefold(),
}
_SINGLE = ("name", "mimeType", "modifiedTime", "createdTime")
_FLAGS = ("trashed", "starred")


class BadOption(ValueError):
    """An option that Drive does not understand; its text is the option's name."""


def found(files: Sequence[Json], options: Mapping[str, str]) -> list[Json]:
    """The files that the query means, in the order asked for."""
    query = options.get("q", "")
    wanted = _Query(query).whole() if query.strip() else lambda _: True
    chosen = [file for file in files if wanted(file)]
    order = options.get("orderBy") or "modifiedTime desc"
    # the last key first: sorting keeps the order of what is equal
    for key in reversed(order.split(",")):
        name, _, direction = key.strip().partition(" ")
        if name not in _SINGLE or direction not in ("", "desc"):
            raise BadOption("orderBy")
        chosen.sort(key=lambda file: str(file[name]), reverse=direction == "desc")
    return chosen


def page(files: Sequence[Json], options: Mapping[str, str]) -> tuple[list[Json], str]:
    """One page of the files, and the token of the next or nothing."""
    size = options.get("pageSize", str(DEFAULT_PAGE))
    if not size.isdigit() or not 1 <= int(size) <= LARGEST_PAGE:
        raise BadOption("pageSize")
    start = _place(options.get("pageToken", ""))
    end = start + int(size)
    more = end < len(files)
    return list(files[start:end]), _token(end) if more else ""


def _token(place: int) -> str:
    return "~!!~" + base64.urlsafe_b64encode(str(place).encode()).decode()


def _place(token: str) -> int:
    if not token:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token.removeprefix("~!!~")))
    except (ValueError, binascii.Error):
        raise BadOption("pageToken") from None


class _Query:
    """Reads `name = 'x' and (trashed = false or not 'a' in owners)`."""

    def __init__(self, text: str) -> None:
        self._rest: list[tuple[str, str]] = []
        place = 0
        text = text.rstrip()
        while place < len(text):
            match = _TOKEN.match(text, place)
            if match is None:
                raise BadOption("q")
            kind = str(match.lastgroup)
            self._rest.append((kind, match[kind]))
            place = match.end()

    def whole(self) -> Wanted:
        """What the whole text wants."""
        wanted = self._joined()
        if self._rest:
            raise BadOption("q")
        return wanted

    def _joined(self) -> Wanted:
        wanted = self._term()
        while self._rest and self._rest[0][1] in ("and", "or"):
            both = self._take()[1] == "and"
            wanted = _and(wanted, self._term()) if both else _or(wanted, self._term())
        return wanted

    def _term(self) -> Wanted:
        kind, text = self._take()
        if (kind, text) == ("mark", "("):
            wanted = self._joined()
            if self._take() != ("mark", ")"):
                raise BadOption("q")
            return wanted
        if (kind, text) == ("word", "not"):
            return _not(self._term())
        if kind in ("single", "double"):
            if self._take() != ("word", "in"):
                raise BadOption("q")
            return _holds(self._take()[1], _plain(text))
        return self._comparison(text)

    def _comparison(self, name: str) -> Wanted:
        sign, value = self._take()[1], self._take()[1]
        # gspread asks for `parents in "id"`
        if sign == "in":
            return _holds(name, _plain(value))
        if name in _FLAGS and sign in ("=", "!="):
            return lambda file: (file[name] == (value == "true")) == (sign == "=")
        if name not in _SINGLE or sign not in _COMPARED:
            raise BadOption("q")
        compare = _COMPARED[sign]
        return lambda file: compare(str(file[name]), _plain(value))

    def _take(self) -> tuple[str, str]:
        if not self._rest:
            raise BadOption("q")
        return self._rest.pop(0)


def _plain(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text)


def _holds(name: str, value: str) -> Wanted:
    if name == "parents":
        return lambda file: value in ("root", *file["parents"])
    if name == "owners":
        if value == "me":
            return lambda file: bool(file["ownedByMe"])
        return lambda file: value == file["owners"][0]["emailAddress"]
    raise BadOption("q")


def _and(first: Wanted, second: Wanted) -> Wanted:
    return lambda file: first(file) and second(file)


def _or(first: Wanted, second: Wanted) -> Wanted:
    return lambda file: first(file) or second(file)


def _not(wanted: Wanted) -> Wanted:
    return lambda file: not wanted(file)
