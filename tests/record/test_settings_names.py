"""A name that means nothing is an error that names what was meant, in the environment, in .env and in the files."""

import os
from pathlib import Path

import pytest

from record.errors import SettingsError
from record.settings import Settings, load_settings
from record.settings.names import KEYS, OTHERS, SECRETS, strangers


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing of this machine be read: neither its environment nor a .env file."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("NARYAD_") or name in SECRETS.values():
            monkeypatch.delenv(name)


def with_env_file(text: str | bytes) -> Settings:
    """Return the settings beside a .env with this text."""
    Path(".env").write_bytes(text if isinstance(text, bytes) else text.encode())
    return load_settings()


def refused(text: str | bytes = "") -> str:
    """Return what is said of a .env, or of an environment, that can't be used; it is one line."""
    with pytest.raises(SettingsError) as error:
        with_env_file(text)
    assert "\n" not in str(error.value)
    return str(error.value)


@pytest.mark.parametrize("section", ["Commission", "COMMISSION", "Web", "pollinG"])
def test_a_section_in_capital_letters_is_an_error_that_names_the_right_one(section: str, tmp_path: Path) -> None:
    owner = tmp_path / "owner.toml"
    owner.write_text(f"[{section}]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=rf"\[{section}\] — такого раздела нет: есть \[{section.lower()}\]"):
        load_settings(str(owner))


def test_a_name_of_the_environment_in_small_letters_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("naryad_web__port", "8001")
    with pytest.raises(SettingsError, match="naryad_web__port — имена пишут большими буквами: NARYAD_WEB__PORT"):
        load_settings()


UNKNOWN = [
    ("NARYAD_WEB__PROT", "web.port"),
    ("NARYAD_WBE__PORT", "NARYAD_WEB__PORT"),
    ("NARYAD_STORE__URI", "есть store.url"),
    ("NARYAD_STORES__URL", "NARYAD_STORE__URL"),
    ("NARYAD_POLLING_INTERVAL_S", "NARYAD_POLLING__INTERVAL_S"),
    ("NARYAD_POLLING___INTERVAL_S", "polling.interval_s"),
    ("NARYAD_POLLING__INTERVAL", "polling.interval_s"),
    ("NARYAD_POLING__INTERVAL_S", "NARYAD_POLLING__INTERVAL_S"),
    ("NARYAD_STORE_URL", "NARYAD_STORE__URL"),
    ("NARYAD_ADMIN_CHAT_ID", "NARYAD_TELEGRAM__ADMIN_CHAT_ID"),
    ("NARYAD_TIMEZONE", "NARYAD_COMPANY__TIMEZONE"),
    ("NARYAD_SHEETS__SPREADSHEETID", "sheets.spreadsheet_id"),
    ("NARYAD_WEB__PORT__X", "NARYAD_WEB__PORT"),
    ("NARYAD_WEB", "NARYAD_WEB__HOST"),
    ("NARYAD_SECRET_KEY", "SECRET_KEY"),
    ("NARYAD_CLIENT_BOT_TOKEN", "TELEGRAM_CLIENT_BOT_TOKEN"),
    ("NARYAD_TELEGRAM_MASTER_BOT_TOKEN", "TELEGRAM_MASTER_BOT_TOKEN"),
    ("NARYAD_ZZZ__QQQ", "все ключи — в config.toml"),
]


@pytest.mark.parametrize(("name", "meant"), UNKNOWN)
def test_an_unknown_name_is_refused_in_the_environment_and_in_env_alike(
    monkeypatch: pytest.MonkeyPatch, name: str, meant: str
) -> None:
    said = refused(f"{name}=7\n")
    assert (name in said, meant in said, ".env" in said) == (True, True, True), said
    Path(".env").unlink()
    monkeypatch.setenv(name, "7")
    said = refused()
    assert (name in said, meant in said) == (True, True), said


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("TELEGRAM_CLIENT_TOKEN", "TELEGRAM_CLIENT_BOT_TOKEN"),
        ("TELEGRAM_MASTER_BOT_TOKKEN", "TELEGRAM_MASTER_BOT_TOKEN"),
        ("SECRETKEY", "SECRET_KEY"),
        ("ADMIN_PASSWORD_HASHE", "ADMIN_PASSWORD_HASH"),
        ("GOOGLE_APPLICATION_CREDENTIAL", "GOOGLE_APPLICATION_CREDENTIALS"),
        ("NARYAD_FOO", "все ключи — в config.toml"),
    ],
)
def test_a_slip_in_the_name_of_a_secret_is_found_in_env(name: str, meant: str) -> None:
    said = refused(f"{name}=7\n")
    assert name in said
    assert meant in said


@pytest.mark.parametrize("name", [*sorted(OTHERS), *SECRETS.values()])
def test_every_name_that_means_something_is_taken(name: str) -> None:
    assert strangers([name]) == strangers([name], ".env") == []


def test_what_is_nothing_of_ours_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARYAD_USER", "naryad")
    monkeypatch.setenv("SECRETKEY", "of another program")
    assert with_env_file("HTTPS_PROXY=http://10.0.0.1:3128\nNUDGE_TOKEN=x\nMAX_CLIENT_BOT_TOKEN=1:x\nPATH_TO=/\n")


def test_every_key_may_stand_in_env_and_the_environment_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    """E6: as docs/scaling.md says, the store of a second machine is named in .env."""
    text = "NARYAD_STORE__URL=postgresql+psycopg://naryad@db/naryad\nNARYAD_POLLING__INTERVAL_S=7\n"
    settings = with_env_file(text)
    assert (settings.store.url, settings.polling.interval_s) == ("postgresql+psycopg://naryad@db/naryad", 7)
    monkeypatch.setenv("NARYAD_POLLING__INTERVAL_S", "9")
    assert with_env_file(text).polling.interval_s == 9
    assert with_env_file(text).polling.settle_s == 20, "the others stay"


def test_the_order_is_environment_env_owner_shipped(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("owner.toml").write_text('[company]\nname = "file"\ncategory = "file"\nphone = "+79001234567"\n')
    Path(".env").write_text("NARYAD_CONFIG=owner.toml\nNARYAD_COMPANY__NAME=env\nNARYAD_COMPANY__CATEGORY=env\n")
    monkeypatch.setenv("NARYAD_COMPANY__NAME", "environment")
    company = load_settings().company
    assert (company.name, company.category, company.phone) == ("environment", "env", "+79001234567")
    assert company.timezone == "Europe/Kaliningrad"


@pytest.mark.parametrize("key", sorted(KEYS))
def test_an_empty_value_in_env_means_what_it_means_in_the_environment(
    monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    def outcome(text: str) -> str:
        try:
            return with_env_file(text).model_dump_json()
        except SettingsError as error:
            return str(error).replace(".env", "окружение")

    in_file = outcome(f"{key}=\n")
    monkeypatch.setenv(key, "")
    assert outcome("") == in_file


@pytest.mark.parametrize(
    "line",
    [
        "NARYAD_COMPANY__NAME=Свет и тепло",
        'NARYAD_COMPANY__NAME="Свет и тепло"',
        "NARYAD_COMPANY__NAME='Свет и тепло'",
        "export NARYAD_COMPANY__NAME='Свет и тепло'",
        "NARYAD_COMPANY__NAME = Свет и тепло   # как на вывеске",
        "  NARYAD_COMPANY__NAME='Свет и тепло'  ",
        "NARYAD_COMPANY__NAME=' Свет и тепло '",
    ],
)
@pytest.mark.parametrize("end", ["\n", "\r\n", ""])
@pytest.mark.parametrize("start", [b"", b"\xef\xbb\xbf"])
def test_env_is_read_however_it_was_saved(line: str, end: str, start: bytes) -> None:
    text = f"# секреты{end or chr(10)}{line}{end}".encode()
    assert with_env_file(start + text).company.name == "Свет и тепло"


def test_secrets_lose_the_spaces_around_them() -> None:
    settings = with_env_file("TELEGRAM_CLIENT_BOT_TOKEN=' 7:abc '\r\nSECRET_KEY=\"x y\"\r\n")
    assert settings.client_bot_token.get_secret_value() == "7:abc"
    assert settings.secret_key.get_secret_value() == "x y"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("SECRET_KEY=секрет".encode("cp1251"), "Файл .env записан не в UTF-8: сохраните его заново"),
        ("SECRET_KEY=abc".encode("utf-16"), "Файл .env записан не в UTF-8: сохраните его заново"),
        (b"\0\0", "Файл .env записан не в UTF-8"),
        (b"A=1\nTELEGRAM_CLIENT_BOT_TOKEN 7:abc\n", "Файл .env: строка 2 не вида ИМЯ=значение"),
        (b"A=1\nSECRET_KEY\n", "Файл .env: строка 2 не вида ИМЯ=значение"),
        (b"A='1\nB=2\n", "Файл .env: строка 1 не вида ИМЯ=значение"),
        (b"SECRET_KEY=a\nB=1\nSECRET_KEY=b\n", "SECRET_KEY стоит дважды с разными значениями"),
    ],
)
def test_an_env_file_that_cant_be_read_is_said_plainly(content: bytes, said: str) -> None:
    assert said in refused(content)
    assert "7:abc" not in refused(content)


def test_an_env_file_of_somebody_else_is_said_plainly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine's root may read everything, so the refusal is the system's for everybody else."""
    Path(".env").write_text("A=1")

    def denied(*_: object, **__: object) -> str:
        raise PermissionError(13, "Permission denied", ".env")

    monkeypatch.setattr(Path, "read_text", denied)
    with pytest.raises(
        SettingsError, match=r"^Файл \.env не читается \(Permission denied\): сделайте его владельцем"
    ):
        load_settings()


def test_unknown_keys_of_the_owners_file_are_told_with_what_is_near() -> None:
    Path("owner.toml").write_text("[polling]\nintervals = 7\n[pollin]\nx = 1\n[web]\nzzz = 1\n")
    with pytest.raises(SettingsError) as error:
        load_settings("owner.toml")
    assert str(error.value).startswith("Настройки (owner.toml) не годятся: ")
    assert "polling.intervals — такого ключа нет, проверьте написание: есть polling.interval_s" in str(error.value)
    assert "pollin — такого ключа нет, проверьте написание: есть polling" in str(error.value)
    assert "web.zzz — такого ключа нет, проверьте написание: есть host, port, public_url" in str(error.value)


def test_a_folder_named_like_the_file_is_no_file() -> None:
    Path(".env").mkdir()
    assert load_settings().sheets.spreadsheet_id == "naryad-demo"
