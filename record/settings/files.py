"""The files that settings are read from, and what is said of one that can't be read."""

import tomllib
from collections import Counter
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from record.errors import SettingsError
from record.settings.toml import explain

SHIPPED = Path(__file__).parents[2] / "config.toml"
DOTENV = Path(".env")
ENCODING = "utf-8-sig"  # Windows' Notepad begins a file with a mark


def read_toml(file: Path) -> dict[str, Any]:
    """Return what a file of settings says.

    Raises:
        SettingsError: it is not there or not readable.
    """
    try:
        written = file.read_text(encoding=ENCODING)
    except FileNotFoundError:
        raise SettingsError(
            f"Нет файла настроек {file}: создайте его, верните config.toml или поправьте путь в NARYAD_CONFIG"
        ) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"Файл настроек {file} не читается: {_unread(error)}"
        ) from None
    try:
        return tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        raise SettingsError(
            f"Файл настроек {file} записан не по правилам TOML: {explain(error, written)}"
        ) from None


def _unread(error: OSError | UnicodeDecodeError) -> str:
    """Return in Russian why a file can't be read."""
    if isinstance(error, UnicodeDecodeError):
        return "он записан не в UTF-8, сохраните его заново в этой кодировке"
    if isinstance(error, IsADirectoryError):
        return "это папка, а нужен файл"
    if isinstance(error, PermissionError):
        return "нет прав, сделайте его владельцем того, кто запускает Наряд, chown и chmod 600"
    return error.strerror or str(error)


def merged(base: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """Return ``base`` with single keys of ``over`` put over it; a list is replaced."""
    both = {**base, **over}
    for name, section in over.items():
        below = base.get(name)
        if isinstance(section, dict) and isinstance(below, dict):
            both[name] = {**below, **section}
    return both


def read_dotenv(file: Path) -> dict[str, str]:
    """Return the names and values of .env; nothing where there is no such file.

    Raises:
        SettingsError: it can't be read, or a line says nothing; the parser alone would pass over that in silence.
    """
    if not file.is_file():
        return {}
    text = _text(file)
    bindings = list(parse_stream(StringIO(text)))
    faults = [_no_setting(one) for one in bindings if _says_nothing(one)]
    faults += _twice(bindings)
    if faults:
        raise SettingsError(f"Файл {file}: {'; '.join(faults)}")
    values = dotenv_values(stream=StringIO(text))
    return {name: value or "" for name, value in values.items()}


def _text(file: Path) -> str:
    try:
        text = file.read_text(encoding=ENCODING)
    except UnicodeDecodeError:
        raise SettingsError(_no_utf8(file)) from None
    except OSError as error:
        why = error.strerror or error
        raise SettingsError(
            f"Файл {file} не читается ({why}): сделайте его владельцем того, кто запускает Наряд, chown и chmod 600"
        ) from None
    # UTF-16 without a mark at its beginning may be valid UTF-8, full of zeros
    if "\0" in text:
        raise SettingsError(_no_utf8(file))
    return text


def _no_utf8(file: Path) -> str:
    return f"Файл {file} записан не в UTF-8: сохраните его заново в этой кодировке"


def _says_nothing(binding: Binding) -> bool:
    """Return whether a line is no NAME=value; comments and empty lines have no name."""
    without_value = bool(binding.key) and binding.value is None
    return binding.error or without_value


def _no_setting(binding: Binding) -> str:
    return f"строка {binding.original.line} не вида ИМЯ=значение, лишнее уберите или начните с #"


def _twice(bindings: list[Binding]) -> list[str]:
    """Return the names that are given two values: which one was meant nobody knows."""
    pairs = {(one.key, one.value) for one in bindings if one.key}
    counts = Counter(name for name, _ in pairs)
    return [
        f"{name} стоит дважды с разными значениями, оставьте одну строку"
        for name, values in counts.items()
        if values > 1
    ]
