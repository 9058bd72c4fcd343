"""What can be wrong with the place of a store, each told in one line of Russian that says what to do."""

import sqlite3
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from record.errors import StoreError
from record.store import Store
from record.store.engine import explaining
from record.store.opening import open_engine
from tests.harness.databases import server
from tests.record.stores import remember

# What can be wrong with the place


@pytest.mark.parametrize(
    ("spoil", "hint"),
    [
        ("below a file", "проверьте"),
        ("a folder", "файл не открывается: проверьте путь и права на папку"),
        ("not a database", "это не база Наряда: удалите файл или укажите другой путь, всё восстановится из таблицы"),
    ],
)
def test_an_unusable_place_is_told_in_one_line(tmp_path: Path, spoil: str, hint: str) -> None:
    place = tmp_path / "store.sqlite3"
    if spoil == "a folder":
        place.mkdir()
    else:
        place.write_text("это не база " * 500, encoding="utf-8")
    url = f"sqlite:///{place / 'deep' / 'store.sqlite3' if spoil == 'below a file' else place}"
    with pytest.raises(StoreError) as error:
        Store(url)
    assert str(error.value).startswith(f"Локальная база ({url}): ")
    assert hint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_damaged_file_is_told_in_one_line(tmp_path: Path) -> None:
    file = tmp_path / "store.sqlite3"
    store = Store(f"sqlite:///{file}")
    with store.transaction() as tx:
        remember(tx, *[f"ID: {n}; Ключ: k{n}; Проблема: {'очень ' * 300}" for n in range(50)])
    store.close()
    with file.open("r+b") as damaged:
        damaged.seek(8192)
        damaged.write(b"\xff" * (file.stat().st_size - 8192))
    with pytest.raises(StoreError, match=r"файл повреждён: остановите Наряд, удалите файл") as error:
        Store(f"sqlite:///{file}")
    assert "\n" not in str(error.value)


def test_a_lock_that_cannot_be_asked_for_is_told_in_one_line(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with pytest.raises(StoreError, match=r"^Локальная база "), store.exclusive("folder/that is not there"):
        pass


def test_what_the_driver_itself_complains_of_is_told_in_one_line(tmp_path: Path) -> None:
    """Who waits for a wake-up asks it directly."""
    made = open_engine(f"sqlite:///{tmp_path / 'store.sqlite3'}")
    with pytest.raises(StoreError, match=r"файл не открывается: проверьте путь и права на папку"), explaining(made):
        sqlite3.connect(tmp_path / "nowhere" / "store.sqlite3")


def test_a_server_that_does_not_answer_is_told_without_its_password() -> None:
    with pytest.raises(StoreError, match=r"сервер базы не отвечает") as error:
        Store("postgresql+psycopg://naryad:secret@127.0.0.1:1/naryad")
    assert "secret" not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_database_that_is_not_there_is_told_without_its_password() -> None:
    where = make_url(server().url("nobody_made_it")).set(password="secret")
    with pytest.raises(StoreError, match=r"на сервере нет такой базы или пользователя") as error:
        Store(where.render_as_string(hide_password=False))
    assert "secret" not in str(error.value)
