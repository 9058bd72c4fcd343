"""The admin's chat in the settings is a number that Telegram may give out; else it is said where that is found."""

import pytest

from record.settings.addresses import CHAT_IDS
from tests.record.test_settings import _nowhere, load, refused

__all__ = ["_nowhere"]

SECTION = '[sheets]\nspreadsheet_id = "sheet"\n[telegram]\nadmin_chat_id = '
LARGEST = CHAT_IDS - 1


@pytest.mark.parametrize(
    ("written", "chat"),
    [
        ("0", 0), ("900", 900), ("-1001234567890", -1001234567890), ('"-1001234567890"', -1001234567890),
        ('" 900 "', 900), ('"−100123"', -100123), ("7654321098", 7654321098), (str(LARGEST), LARGEST),
        (str(-LARGEST), -LARGEST),
    ],
)  # fmt: skip
def test_a_number_that_telegram_gives_out_is_taken(written: str, chat: int) -> None:
    assert load(SECTION + written).telegram.admin_chat_id == chat


@pytest.mark.parametrize(
    "written",
    ['"@olga"', '"olga"', '"https://t.me/olga"', '"+79001234567"', '""', "true", "1.5", '"12 34"', "[900]", '"٩٠٠"'],
)
def test_a_name_is_answered_with_where_the_number_is_found(written: str) -> None:
    said = refused(SECTION + written)
    assert "telegram.admin_chat_id — номер чата цифрами, у группы с минусом, а не имя: напишите боту мастеров" in said
    assert "/id" in said


@pytest.mark.parametrize("digits", [16, 18, 19, 22, 40])
@pytest.mark.parametrize("sign", ["", "-"])
@pytest.mark.parametrize("quote", ['"', ""])
def test_a_number_longer_than_telegram_has_is_refused(digits: int, sign: str, quote: str) -> None:
    if not quote and digits > 18:
        return  # TOML itself knows no such number
    said = refused(f"{SECTION}{quote}{sign}{'9' * digits}{quote}")
    assert "telegram.admin_chat_id — таких длинных номеров в Telegram нет, проверьте его: " in said


def test_the_environment_is_held_to_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARYAD_TELEGRAM__ADMIN_CHAT_ID", "@olga")
    assert "номер чата цифрами" in refused('[sheets]\nspreadsheet_id = "sheet"')
    monkeypatch.setenv("NARYAD_TELEGRAM__ADMIN_CHAT_ID", "9" * 22)
    assert "таких длинных номеров" in refused('[sheets]\nspreadsheet_id = "sheet"')
    monkeypatch.setenv("NARYAD_TELEGRAM__ADMIN_CHAT_ID", "-100123")
    assert load().telegram.admin_chat_id == -100123
