"""config.toml, the environment over it, and secrets from the environment alone."""

import os
import re
from pathlib import Path
from typing import Any

import pytest

from record.errors import SettingsError
from record.settings import Settings, load_settings
from tests.harness.processes import ROOT

TOKENS = {"TELEGRAM_CLIENT_BOT_TOKEN": "55:client-secret", "TELEGRAM_MASTER_BOT_TOKEN": "66:master-secret"}
SECRETS = {
    **TOKENS,
    "SECRET_KEY": "flask-secret",
    "ADMIN_PASSWORD_HASH": "scrypt:secret",
    "GOOGLE_APPLICATION_CREDENTIALS": "/keys/key.json",
}


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing of this machine be read: neither its environment nor a .env file."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("NARYAD_") or name in SECRETS:
            monkeypatch.delenv(name)


def load(toml: str = '[sheets]\nspreadsheet_id = "sheet"') -> Settings:
    """Return the settings of a file with this text."""
    Path("config.toml").write_text(toml, encoding="utf-8")
    return load_settings()


def refused(toml: str) -> str:
    """Return what is said of a file that can't be used; it is one line."""
    with pytest.raises(SettingsError) as error:
        load(toml)
    assert "\n" not in str(error.value)
    return str(error.value)


def test_the_shipped_file_loads_and_runs_against_the_sandbox(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARYAD_CONFIG", str(ROOT / "config.toml"))
    settings = load_settings()
    assert (settings.sheets.spreadsheet_id, settings.polling.interval_s, settings.polling.settle_s) == (
        "naryad-demo", 5, 20
    )  # fmt: skip
    assert settings.sheets.api_url == settings.telegram.api_url == "http://127.0.0.1:8090"
    assert (settings.company.timezone, int(settings.commission.percent), settings.web.port) == (
        "Europe/Kaliningrad", 30, 8000
    )  # fmt: skip
    assert settings.client_bot_token.get_secret_value() == "1001:sandbox-client"
    assert str(settings.zone) == "Europe/Kaliningrad"


def test_the_owners_file_lies_over_the_shipped_one_key_by_key() -> None:
    settings = load('[sheets]\nspreadsheet_id = "other"\n[company]\nname = "Свет"')
    assert (settings.company.name, settings.company.timezone) == ("Свет", "Europe/Kaliningrad")
    assert (settings.sheets.spreadsheet_id, settings.sheets.api_url) == ("other", "http://127.0.0.1:8090")
    assert load("").sheets.spreadsheet_id == "naryad-demo"
    assert "sheets.spreadsheet_id — непустая строка" in refused('[sheets]\nspreadsheet_id = ""')


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("sheets.api_url", "http://127.0.0.1:1", None),
        ("sheets.spreadsheet_id", "other", None),
        ("telegram.api_url", "http://127.0.0.1:2", None),
        ("telegram.admin_chat_id", "-100123", -100123),
        ("store.url", "postgresql+psycopg://user@host/naryad", None),
        ("polling.interval_s", "0.5", 0.5),
        ("polling.settle_s", "0", 0),
        ("web.host", "0.0.0.0", None),  # noqa: S104  a value to read, nothing listens
        ("web.port", "0", 0),
        ("company.name", "Свет", None),
        ("company.timezone", "Asia/Omsk", None),
        ("commission.percent", "12.5", 12.5),
        ("commission.percent", "30 %", 30),
        ("commission.percent", "30,5%", 30.5),
        ("logs.format", "json", None),
    ],
)
def test_each_key_is_overridden_by_the_environment(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str, expected: object
) -> None:
    section, name = key.split(".")
    monkeypatch.setenv(f"NARYAD_{section.upper()}__{name.upper()}", value)
    settings = load((ROOT / "config.toml").read_text(encoding="utf-8"))
    found: Any = getattr(getattr(settings, section), name)
    assert found == (value if expected is None else expected)
    assert settings.web.threads == 16, "the others stay"


def test_all_bad_keys_are_told_at_once_with_what_is_expected() -> None:
    said = refused(
        """
        [sheets]
        spreadsheet_id = 5
        [company]
        timezone = "Калининград"
        default_region = "russia"
        [polling]
        interval_s = 0
        setle_s = 20
        [commission]
        percent = "треть"
        [web]
        port = 70000
        threads = 2.5
        [store]
        url = "mysql://localhost"
        [logs]
        format = "xml"
        [keep]
        updates_days = 1
        [backup]
        time = "3:30"
        [colour]
        name = "blue"
        """
    )
    assert said.startswith("Настройки (config.toml) не годятся: ")
    assert set(said.partition(": ")[2].split("; ")) == {
        "sheets.spreadsheet_id — строка в кавычках",
        "company.timezone — название пояса из базы IANA, например Europe/Kaliningrad",
        "company.default_region — две заглавные латинские буквы, например RU",
        "polling.interval_s — число секунд больше 0 и не больше 3600, например 5",
        "polling.setle_s — такого ключа нет, проверьте написание: есть polling.settle_s",
        "commission.percent — число процентов от 0 до 100, например 30",
        "web.port — целое число от 0 до 65535, например 8000",
        "web.threads — целое число от 1 до 256, например 16",
        "store.url — адрес вида sqlite:///var/naryad.sqlite3 или postgresql+psycopg://…",
        "logs.format — одно из: 'human' или 'json'",
        "keep.updates_days — целое число дней от 2 до 36500, например 7",
        "backup.time — время вида 03:30, или пусто, если копии не нужны",
        "colour — такого ключа нет, проверьте написание",
    }


def test_a_share_is_no_percentage() -> None:
    said = refused("[commission]\npercent = 0.3")
    assert "commission.percent — проценты, а не доля: 0.3" in said
    assert "Для 30 % напишите 30" in said


def test_a_bad_key_from_the_environment_is_told_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARYAD_POLLING__INTERVAL_S", "часто")
    monkeypatch.setenv("NARYAD_WEB__PROT", "8001")
    said = refused('[sheets]\nspreadsheet_id = "sheet"')
    assert "polling.interval_s — число" in said
    assert "web.prot — такого ключа нет, проверьте написание" in said


def test_a_whole_section_in_the_environment_is_told_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NARYAD_LOGS", "json")
    said = refused('[sheets]\nspreadsheet_id = "sheet"')
    assert "NARYAD_LOGS — в окружении пишут каждый ключ сам по себе, например NARYAD_LOGS__FORMAT" in said


@pytest.mark.parametrize(
    ("toml", "said"),
    [
        ("polling = 5", "polling — раздел с ключами"),
        ('[sheets]\nspreadsheet_id = "a"\nspreadsheet_id = "b"', "записан не по правилам TOML"),
        ("[sheets", "записан не по правилам TOML"),
        ("[sheets]\nspreadsheet_id = naryad", "записан не по правилам TOML"),
    ],
)
def test_a_broken_file_is_told_in_one_line(toml: str, said: str) -> None:
    assert said in refused(toml)


@pytest.mark.parametrize("key", ["interval_s", "settle_s", "statistics_s", "regret_s"])
@pytest.mark.parametrize("value", ["-1", "3601", "часто", "nan"])
def test_an_interval_out_of_bounds_is_told_with_the_bounds_and_an_example(
    monkeypatch: pytest.MonkeyPatch, key: str, value: str
) -> None:
    monkeypatch.setenv(f"NARYAD_POLLING__{key.upper()}", value)
    bounds = r"(больше 0 и не больше|от 0 до) 3600"
    assert re.search(rf"polling\.{key} — число секунд {bounds}, например \d+", refused(""))


def test_every_number_that_has_bounds_is_explained_by_them(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_at = 0
    for name, section in Settings.model_fields.items():
        for key, field in getattr(section.annotation, "model_fields", {}).items():
            bounds = {type(rule).__name__ for rule in field.metadata}
            if not (bounds & {"Ge", "Gt"} and bounds & {"Le", "Lt"}):
                continue
            looked_at += 1
            with monkeypatch.context() as environment:
                environment.setenv(f"NARYAD_{name.upper()}__{key.upper()}", "много")
                assert re.search(rf"{name}\.{key} — (целое )?число .*например {field.default}", refused("")), key
    assert looked_at > 20


def test_a_file_that_is_no_text_or_not_there() -> None:
    Path("config.toml").write_bytes("[company]\nname = 'Балт'".encode("cp1251"))
    with pytest.raises(SettingsError, match=r"^Файл настроек config\.toml не читается: "):
        load_settings()
    with pytest.raises(SettingsError, match=r"^Нет файла настроек other\.toml: создайте его, верните config\.toml"):
        load_settings("other.toml")
    Path("folder").mkdir()
    with pytest.raises(SettingsError, match=r"^Файл настроек folder не читается: "):
        load_settings("folder")


def test_secrets_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    settings = load()
    assert settings.client_bot_token.get_secret_value() == "55:client-secret"
    assert settings.master_bot_token.get_secret_value() == "66:master-secret"
    assert settings.secret_key.get_secret_value() == "flask-secret"
    assert settings.admin_password_hash.get_secret_value() == "scrypt:secret"
    assert settings.google_credentials == "/keys/key.json"


def test_secrets_come_from_the_env_file_and_the_environment_goes_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("SECRET_KEY=from-file\nTELEGRAM_CLIENT_BOT_TOKEN=7:from-file\n", encoding="utf-8")
    monkeypatch.setenv("SECRET_KEY", "from-environment")
    settings = load()
    assert settings.secret_key.get_secret_value() == "from-environment"
    assert settings.client_bot_token.get_secret_value() == "7:from-file"


@pytest.mark.parametrize("name", ["client_bot_token", "master_bot_token", "secret_key", "admin_password_hash"])
def test_a_secret_in_the_file_is_refused_and_not_repeated(name: str) -> None:
    said = refused(f'{name} = "55:hidden"\n[sheets]\nspreadsheet_id = "sheet"')
    assert f"{name} — секреты пишут в .env, не в файл настроек" in said
    assert "hidden" not in said


def test_sandbox_tokens_stand_in_only_where_telegram_is_not_the_real_one(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().client_bot_token.get_secret_value() == "1001:sandbox-client"
    assert load('[telegram]\napi_url = ""').client_bot_token.get_secret_value() == ""
    monkeypatch.setenv("NARYAD_TELEGRAM__API_URL", "")
    assert load().client_bot_token.get_secret_value() == ""


def test_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    settings = load()
    shown = f"{settings!r} {settings} {settings.model_dump_json()} {settings.model_dump()}"
    assert not re.search(r"secret'|-secret|scrypt", shown.replace("client-secret", "!-secret"))
    monkeypatch.setenv("NARYAD_WEB__PORT", "many")
    assert "secret" not in refused('[sheets]\nspreadsheet_id = "sheet"')
