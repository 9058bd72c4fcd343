"""What a database complains of is said in Russian, and means what it means."""

import pytest
from sqlalchemy.engine import make_url

from record.store.engine import UNLIKE, explained

URL = make_url("postgresql+psycopg://naryad:secret@db/naryad")


@pytest.mark.parametrize(
    ("reason", "said"),
    [
        ('FATAL:  database "naryad" does not exist', "нет такой базы или пользователя"),
        ('FATAL:  role "naryad" does not exist', "нет такой базы или пользователя"),
        ("operator does not exist: json = unknown", UNLIKE),
        ('relation "orders" does not exist', UNLIKE),
        ('column "handle" does not exist', UNLIKE),
        ("function regexp_match(text) does not exist", UNLIKE),
        ("permission denied for relation orders", "не хватает прав"),
    ],
)
def test_the_reason_decides_what_to_do(reason: str, said: str) -> None:
    told = explained(URL, Exception(reason))
    assert said in told
    assert "secret" not in told
