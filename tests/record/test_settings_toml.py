"""A file that breaks the rules of TOML is told of in Russian: which line, as it stands there, and what to do."""

import re
import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from record.errors import SettingsError
from record.settings.files import read_toml
from record.settings.toml import UNKNOWN, explain


def told(written: str) -> str:
    """Return what is said of a file that breaks the rules."""
    with pytest.raises(tomllib.TOMLDecodeError) as error:
        tomllib.loads(written)
    return explain(error.value, written)


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ('[sheets]\nspreadsheet_id "a"', 'строка 2, «spreadsheet_id "a"» — после имени нужен знак ='),
        ("[sheets", "строка 1, «[sheets» — не закрыта скобка"),
        ("[[reviews]\n", "строка 1, «[[reviews]» — не закрыты скобки"),
        ('[sheets]\nid = "a"\n\nid = "b"\n', 'строка 4, «id = "b"» — это имя уже стоит выше'),
        ("[web]\nport = 1\n[sheets]\n[web]\n", "строка 4, «[web]» — раздел с таким названием уже есть выше"),
        ("[sheets]\nspreadsheet_id = naryad", "строка 2, «spreadsheet_id = naryad» — непонятно, что стоит после"),
        ("name = «Свет»", "прямых кавычках"),
        ("port =\n", "строка 1, «port =» — непонятно, что стоит после знака ="),
        ("[polling]\ninterval_s = 0,5", "строка 2, «interval_s = 0,5» — после значения стоит лишнее"),
        ("x = 07:99:99", "строка 1, «x = 07:99:99» — "),
        ('[company]\nname = "Свет\nphone = ""', 'строка 2, «name = "Свет» — текст в кавычках не закончен'),
        ("\n\nx = '''a", "строка 3, «x = '''a» — текст в кавычках не закончен"),
        ('x = """a', "текст в кавычках не закончен"),
        ('trusted_proxies = ["10.0.0.1"\nport = 1', "строка 2, «port = 1» — список не закрыт"),
        ("x = {a = 1", "не закрыта скобка }"),
        ('[store]\nurl = "C:\\Users\\x"', "обратную черту пишут дважды"),
        ("компания = 5", "строка 1, «компания = 5» — имена пишут латинскими буквами"),
        ('name = "a\u0001b"', 'строка 1, «name = "a\ufffdb"» — есть недопустимый невидимый знак'),
        (f'name = "{"а" * 200}', "ааа…» — текст в кавычках не закончен"),
    ],
)
def test_each_frequent_slip_has_its_sentence(toml: str, said: str) -> None:
    whole = told(toml)
    assert said in whole
    assert UNKNOWN not in whole


@given(st.text(alphabet="[]{}=\"'\\#.,0aя\n\x01 ", max_size=30))
def test_nothing_that_tomllib_complains_of_is_unknown(written: str) -> None:
    try:
        tomllib.loads(written)
    except tomllib.TOMLDecodeError as error:
        said = explain(error, written)
    else:
        return
    assert re.match(r"строка \d+, «", said)
    assert UNKNOWN not in said


def test_a_kind_of_error_that_is_not_known_is_told_with_its_line() -> None:
    new = tomllib.TOMLDecodeError("Something else (at line 2, column 1)")
    assert explain(new, "a = 1\nb = 2") == f"строка 2, «b = 2» — {UNKNOWN}"


@pytest.mark.parametrize(
    "line", ['proxy_url = "socks5://u:passw0rd@h:1', "SECRET_KEY = passw0rd", 'x = "123456:passw0rdpassw0rdpassw0rd']
)
def test_a_secret_in_the_line_is_not_told(line: str) -> None:
    said = told(f"[telegram]\n{line}\n")
    assert "passw0rd" not in said
    assert line.partition(" ")[0] in said


def test_the_file_is_named_and_nothing_is_english(tmp_path: Path) -> None:
    file = tmp_path / "naryad.toml"
    file.write_text("[polling]\ninterval_s = пять\n", encoding="utf-8")
    with pytest.raises(SettingsError) as error:
        read_toml(file)
    start = f"Файл настроек {file} записан не по правилам TOML: строка 2, «interval_s = пять» — непонятно, что стоит"
    assert str(error.value).startswith(start)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("[company]\nname = 'Балт'".encode("cp1251"), "он записан не в UTF-8, сохраните"),
        (None, "это папка, а нужен файл"),
    ],
)
def test_a_file_that_can_not_be_read_is_told_in_russian(tmp_path: Path, content: bytes | None, said: str) -> None:
    file = tmp_path / "naryad.toml"
    if content is None:
        file.mkdir()
    else:
        file.write_bytes(content)
    with pytest.raises(SettingsError, match=rf"naryad\.toml не читается: {said}"):
        read_toml(file)
