"""What is said of a file that breaks the rules of TOML: the line, as it stands there,
and what is wrong. Pure.
"""

import re
import tomllib

PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
# of a proxy, of a bot, of a key
SECRET = re.compile(r"(?<=://)[^/\s@]*@|\b\d{3,}:[\w-]{20,}|-----BEGIN.*")
SECRETIVE = re.compile(r"secret|token|password|hash|api_key", re.IGNORECASE)
LONGEST = 80

QUOTES = 'текст пишут в прямых кавычках "…", число — цифрами с точкой, да и нет — true и false'
TABLE = "название раздела пишут в скобках, например [sheets]"
WRONG = (  # https://github.com/python/cpython/blob/3.11/Lib/tomllib/_parser.py
    (
        "Expected '=' after a key",
        'после имени нужен знак =, например name = "Балт-Сеть"',
    ),
    (
        "Cannot overwrite a value",
        "это имя уже стоит выше в том же разделе, оставьте одну строку",
    ),
    ("Duplicate inline table key", "это имя стоит в скобках { } дважды, оставьте одно"),
    (
        "Cannot declare",
        "раздел с таким названием уже есть выше, сложите их строки в один",
    ),
    (
        "Cannot redefine namespace",
        "раздел с таким названием уже есть выше, сложите их строки в один",
    ),
    ("Cannot mutate immutable namespace", "это имя уже занято выше, оставьте одно"),
    ("Expected ']' at the end of a table", f"не закрыта скобка: {TABLE}"),
    (
        "Expected ']]' at the end of an array",
        "не закрыты скобки: повторяемый раздел пишут как [[reviews]]",
    ),
    ("Expected newline or end of document", f"после значения стоит лишнее: {QUOTES}"),
    ("Invalid value", f"непонятно, что стоит после знака =: {QUOTES}"),
    (
        "Invalid date or datetime",
        "такой даты или такого времени не бывает; время пишут в кавычках",
    ),
    (
        "Unclosed array",
        "список не закрыт: между значениями нужна запятая, в конце скобка ]",
    ),
    ("Unclosed inline table", "не закрыта скобка }"),
    (
        "Invalid initial character for a key part",
        f"имена пишут латинскими буквами, {TABLE}",
    ),
    (
        "Invalid statement",
        f"имена пишут латинскими буквами, пояснение начинают с #, {TABLE}",
    ),
    ("Unterminated string", "текст в кавычках не закончен, закройте кавычки"),
    ("Expected \"'", "текст в кавычках не закончен, закройте кавычки"),
    (
        "Illegal character '\\n'",
        "текст в кавычках не закончен, закройте кавычки на этой же строке",
    ),
    ("Illegal character", "есть недопустимый невидимый знак, наберите строку заново"),
    (
        "Found invalid character",
        "есть недопустимый невидимый знак, наберите строку заново",
    ),
    (
        "Unescaped '\\'",
        "обратную черту пишут дважды (\\\\) или берут текст в одинарные кавычки '…'",
    ),
    (
        "Invalid hex value",
        "обратную черту пишут дважды (\\\\) или берут текст в одинарные кавычки '…'",
    ),
    (
        "Escaped character is not",
        "обратную черту пишут дважды (\\\\) или берут текст в одинарные кавычки '…'",
    ),
)
UNKNOWN = "запись не по правилам TOML, сравните с config.toml"


def explain(error: tomllib.TOMLDecodeError, written: str) -> str:
    """Return, in one line of Russian, which line can't be read, how it stands there,
    and what is wrong with it.
    """
    said = str(error)
    place = PLACE.search(said)
    lines = written.split("\n")
    number = int(place[1]) if place and place[1] else _last(lines)
    line = lines[number - 1] if number <= len(lines) else ""
    why = next((words for mark, words in WRONG if said.startswith(mark)), UNKNOWN)
    return f"строка {number}, «{_shown(line)}» — {why}"


def _last(lines: list[str]) -> int:
    """Return the number of the last line in which something stands."""
    filled = [number for number, line in enumerate(lines, start=1) if line.strip()]
    return filled[-1] if filled else 1


def _printable(sign: str) -> str:
    return sign if sign.isprintable() else "�"


def _shown(line: str) -> str:
    """Return a line for people to find it again by, without what nobody else should
    read.
    """
    name, sign, value = line.strip().partition("=")
    hidden = (
        f"{name}{sign} …" if sign and SECRETIVE.search(name) else f"{name}{sign}{value}"
    )
    open_only = SECRET.sub("…", hidden)
    visible = "".join(map(_printable, open_only))
    return visible if len(visible) <= LONGEST else f"{visible[:LONGEST]}…"
