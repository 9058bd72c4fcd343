"""What is said of a file that breaks the rules of TOML: the line, and what is wrong. Pure."""

import re
import tomllib

PLACE = re.compile(r"\s*\(at (?:line (\d+), column \d+|end of document)\)$")
# the password of a proxy · the token of a bot · a private key
SECRET = re.compile(r"(?<=://)[^/\s@]*@|\b\d{3,}:[\w-]{20,}|-----BEGIN.*")
SECRETIVE = re.compile(r"secret|token|password|hash|api_key", re.IGNORECASE)
LONGEST = 80

QUOTES = 'текст пишут в прямых кавычках "…", число — цифрами с точкой, да и нет — true и false'
TABLE = "название раздела пишут в скобках, например [sheets]"
TWICE = "раздел с таким названием уже есть выше, сложите их строки в один"
UNCLOSED = "текст в кавычках не закончен, закройте кавычки"
UNSEEN = "есть недопустимый невидимый знак, наберите строку заново"
BACKSLASH = "обратную черту пишут дважды (\\\\) или берут текст в одинарные кавычки '…'"
# How a message of tomllib begins, and what it means; of two that fit the first counts.
# https://github.com/python/cpython/blob/3.11/Lib/tomllib/_parser.py
WRONG = (
    ("Expected '=' after a key", 'после имени нужен знак =, например name = "Балт-Сеть"'),
    ("Cannot overwrite a value", "это имя уже стоит выше в том же разделе, оставьте одну строку"),
    ("Duplicate inline table key", "это имя стоит в скобках { } дважды, оставьте одно"),
    ("Cannot declare", TWICE),
    ("Cannot redefine namespace", TWICE),
    ("Cannot mutate immutable namespace", "это имя уже занято выше, оставьте одно"),
    ("Expected ']' at the end of a table", f"не закрыта скобка: {TABLE}"),
    ("Expected ']]' at the end of an array", "не закрыты скобки: повторяемый раздел пишут как [[reviews]]"),
    ("Expected newline or end of document", f"после значения стоит лишнее: {QUOTES}"),
    ("Invalid value", f"непонятно, что стоит после знака =: {QUOTES}"),
    ("Invalid date or datetime", "такой даты или такого времени не бывает; время пишут в кавычках"),
    ("Unclosed array", "список не закрыт: между значениями нужна запятая, в конце скобка ]"),
    ("Unclosed inline table", "не закрыта скобка }"),
    ("Invalid initial character for a key part", f"имена пишут латинскими буквами, {TABLE}"),
    ("Invalid statement", f"имена пишут латинскими буквами, пояснение начинают с #, {TABLE}"),
    ("Unterminated string", UNCLOSED),
    ("Expected \"'", UNCLOSED),
    ("Illegal character '\\n'", f"{UNCLOSED} на этой же строке"),
    ("Illegal character", UNSEEN),
    ("Found invalid character", UNSEEN),
    ("Unescaped '\\'", BACKSLASH),
    ("Invalid hex value", BACKSLASH),
    ("Escaped character is not", BACKSLASH),
)  # fmt: skip
UNKNOWN = "запись не по правилам TOML, сравните с config.toml"


def explain(error: tomllib.TOMLDecodeError, written: str) -> str:
    """Return in one line of Russian which line can't be read, and what is wrong with it."""
    message = str(error)
    lines = written.split("\n")
    number = _line_number(message, lines)
    line = ""
    if number <= len(lines):
        line = lines[number - 1]
    return f"строка {number}, «{_shown(line)}» — {_what_is_wrong(message)}"


def _line_number(message: str, lines: list[str]) -> int:
    place = PLACE.search(message)
    if place and place[1]:
        return int(place[1])
    return _last_filled(lines)


def _last_filled(lines: list[str]) -> int:
    """Return the number of the last line in which something stands."""
    for number in range(len(lines), 1, -1):
        if lines[number - 1].strip():
            return number
    return 1


def _what_is_wrong(message: str) -> str:
    for beginning, words in WRONG:
        if message.startswith(beginning):
            return words
    return UNKNOWN


def _shown(line: str) -> str:
    """Return a line for people to find it by, without what nobody else should read."""
    name, sign, value = line.strip().partition("=")
    if sign and SECRETIVE.search(name):
        value = " …"
    without_secrets = SECRET.sub("…", name + sign + value)
    visible = "".join(map(_printable, without_secrets))
    if len(visible) <= LONGEST:
        return visible
    return f"{visible[:LONGEST]}…"


def _printable(sign: str) -> str:
    if sign.isprintable():
        return sign
    return "\N{REPLACEMENT CHARACTER}"
