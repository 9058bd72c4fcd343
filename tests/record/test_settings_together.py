"""Settings that can't work, each by itself or with another: refused, with numbers and with what would fit."""

import os
from pathlib import Path

import pytest

from record.errors import SettingsError
from record.settings import Settings, load_settings
from record.settings.names import SECRETS
from record.settings.together import too_often

REAL = {
    "NARYAD_SHEETS__API_URL": "",
    "NARYAD_TELEGRAM__API_URL": "",
    "TELEGRAM_CLIENT_BOT_TOKEN": "7:client",
    "TELEGRAM_MASTER_BOT_TOKEN": "8:master",
}


@pytest.fixture(autouse=True)
def _nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let nothing of this machine be read: neither its environment nor a .env file."""
    monkeypatch.chdir(tmp_path)
    for name in os.environ:
        if name.startswith("NARYAD_") or name in SECRETS.values():
            monkeypatch.delenv(name)


def load(**written: object) -> Settings:
    """Return the settings beside a .env that says this; ``polling__interval_s`` stands for the NARYAD_ name."""
    names = {name if name.isupper() else f"NARYAD_{name.upper()}": value for name, value in written.items()}
    Path(".env").write_text("".join(f"{name}='{value}'\n" for name, value in names.items()), encoding="utf-8")
    return load_settings()


def refused(**written: object) -> str:
    """Return what is said of settings that are refused."""
    with pytest.raises(SettingsError) as error:
        load(**written)
    return str(error.value).partition(" не годятся: ")[2]


@pytest.mark.parametrize(
    ("interval", "reads", "said"),
    [
        (5, 50, ""),
        (2, 50, ""),
        (1.8, 50, ""),
        (1, 100, ""),
        (60, 4, ""),
        (1.7, 50, "поставьте polling.interval_s не меньше 1.8 или sheets.reads_per_minute не меньше 51"),
        (
            1,
            50,
            "раз в 1 с это 60 чтений таблицы в минуту, а наша доля sheets.reads_per_minute — 50, и 15 из них нужны",
        ),
        (1, 50, "записи: поставьте polling.interval_s не меньше 1.8"),
        (5, 10, "поставьте polling.interval_s не меньше 8.6 или sheets.reads_per_minute не меньше 18"),
        (30, 1, "поставьте sheets.reads_per_minute не меньше 3"),
    ],
)
def test_e2_polls_that_leave_nothing_to_writing_are_refused_at_google(interval: float, reads: int, said: str) -> None:
    written = {"polling__interval_s": interval, "sheets__reads_per_minute": reads}
    if not said:
        assert too_often(load(**written, **REAL)) == ""
        return
    assert said in refused(**written, **REAL)
    assert said in too_often(load(**written)), "a stand-in has no quota unless it is given one: told, not refused"


@pytest.mark.parametrize("interval", [0.3, 0.7, 1, 1.3, 1.9, 2.5, 4, 7])
@pytest.mark.parametrize("reads", [4, 11, 23, 50, 60])
def test_e2_what_is_said_to_fit_does_fit(interval: float, reads: int) -> None:
    said = too_often(load(polling__interval_s=interval, sheets__reads_per_minute=reads))
    for key, name in (
        ("polling.interval_s", "polling__interval_s"),
        ("sheets.reads_per_minute", "sheets__reads_per_minute"),
    ):
        if f"{key} не меньше " in said:
            fitting = said.partition(f"{key} не меньше ")[2].split()[0]
            written = {"polling__interval_s": interval, "sheets__reads_per_minute": reads, name: fitting}
            assert too_often(load(**written)) == ""


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"polling__statistics_s": 0.5}, "polling.statistics_s — раз в 0.5 с это обращений в минуту 120"),
        ({"polling__statistics_s": 0.5}, "поставьте не меньше 1.2"),
        ({"telegram__webhook_url": "https://127.0.0.1/t"}, "telegram.webhook_url — ведёт на эту же машину"),
        ({"SECRET_KEY": "a"}, "SECRET_KEY — 1 знаков, а нужно не меньше 32"),
    ],
)
def test_what_cant_work_at_google_and_telegram_is_refused_there_only(written: dict[str, object], said: str) -> None:
    assert said in refused(**written, **REAL)
    assert load(**written)


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ({"TELEGRAM_CLIENT_BOT_TOKEN": "7:a", "TELEGRAM_MASTER_BOT_TOKEN": "7:a"}, "один и тот же токен"),
        ({"telegram__webhook_url": "https://bots.example.ru:8444/t"}, "порт 8444 не годится"),
        ({"telegram__webhook_url": "http://bots.example.ru/t"}, "Telegram приходит только по HTTPS"),
        ({"telegram__webhook_url": "http://127.0.0.1.evil.example/t"}, "Telegram приходит только по HTTPS"),
        ({"telegram__webhook_url": "bots.example.ru"}, "telegram.webhook_url — адрес вида https://"),
        (
            {"telegram__folder_url": "просто текст"},
            "telegram.folder_url — ссылка на папку чатов вида https://t.me/addlist",
        ),
        ({"telegram__folder_url": "https://t.me/some_chat"}, "telegram.folder_url — ссылка на папку чатов"),
        ({"telegram__proxy_url": "10.0.0.1:1080"}, "telegram.proxy_url — адрес вида socks5://"),
        ({"telegram__proxy_url": "ftp://10.0.0.1:21"}, "telegram.proxy_url — адрес вида socks5://"),
        ({"telegram__proxy_url": "http://10.0.0.1"}, "telegram.proxy_url — нужен и порт"),
        ({"telegram__api_url": "просто текст"}, "telegram.api_url — адрес вида http://127.0.0.1:8090"),
        ({"sheets__api_url": "localhost:8090"}, "sheets.api_url — адрес вида http://127.0.0.1:8090"),
        ({"sheets__spreadsheet_id": "https://example.ru/d/1"}, "sheets.spreadsheet_id — часть адреса таблицы между"),
        ({"web__public_url": "naryad.example.ru"}, "web.public_url — адрес вида https://example.ru"),
        ({"web__public_url": "ftp://naryad.example.ru"}, "web.public_url — адрес вида https://example.ru"),
        (
            {"web__public_url": "https://example.ru/app"},
            "web.public_url — только адрес сайта, без страницы: https://ex",
        ),
        ({"web__public_url": "https://example.ru:порт"}, "web.public_url — адрес вида https://example.ru"),
        ({"web__public_url": ""}, "web.public_url — адрес вида https://example.ru"),
        ({"company__phone": "позвоните"}, "company — phone: Телефон «позвоните» непонятен: нужны 11 цифр"),
        ({"assistant__api_url": "https://model.example/v1"}, "assistant — api_url и model нужны вместе"),
        ({"assistant__model": "m"}, "assistant — api_url и model нужны вместе"),
        ({"store__url": "sqlite:///"}, "store.url — назовите файл"),
        ({"store__url": "sqlite:///:memory:"}, "store.url — назовите файл"),
        ({"store__url": "sqlite://"}, "store.url — назовите файл"),
        ({"store__url": "sqlite://:memory:"}, "store.url — назовите файл"),
        ({"store__url": "sqlite:///file::memory:?cache=shared&uri=true"}, "store.url — назовите файл"),
        ({"store__url": "sqlite:///file:x?mode=memory&uri=true"}, "store.url — назовите файл"),
        ({"store__url": "mysql://naryad@db/naryad"}, "store.url — адрес вида sqlite:///var"),
        ({"company__default_region": "XX"}, "company.default_region — код страны, по которой читать телефоны"),
        ({"company__default_region": "UK"}, "company.default_region — код страны"),
        (
            {"telegram__webhook_url": "https://b.example.ru/t", "telegram__master_webhook_port": 8081},
            "telegram.client_webhook_port и telegram.master_webhook_port — один и тот же порт 8081",
        ),
        ({"web__trusted_proxies": "nginx"}, "web.trusted_proxies — «nginx» — не адрес и не сеть"),
    ],
)
def test_what_cant_work_anywhere_is_refused_with_what_is_expected(written: dict[str, object], said: str) -> None:
    assert said in refused(**written)


@pytest.mark.parametrize(
    ("written", "section", "key", "kept"),
    [
        ({"web__public_url": "https://example.ru/"}, "web", "public_url", "https://example.ru"),
        ({"web__public_url": " http://10.0.0.5:8000 "}, "web", "public_url", "http://10.0.0.5:8000"),
        ({"telegram__folder_url": "t.me/addlist/aB-1_c"}, "telegram", "folder_url", "https://t.me/addlist/aB-1_c"),
        ({"telegram__api_url": "https://api.telegram.org/"}, "telegram", "api_url", ""),
        ({"sheets__api_url": "https://sheets.googleapis.com"}, "sheets", "api_url", ""),
        (
            {"sheets__spreadsheet_id": "https://docs.google.com/spreadsheets/d/1aB-_c/edit?gid=0#gid=0"},
            *("sheets", "spreadsheet_id", "1aB-_c"),
        ),
        ({"telegram__proxy_url": "socks5://u:p@10.0.0.1:1080"}, "telegram", "proxy_url", "socks5://u:p@10.0.0.1:1080"),
        ({"telegram__webhook_url": "https://bots.example.ru:8443/t/"}, "telegram", "webhook_url", "https://bots.example.ru:8443/t"),
        ({"company__phone": "8 (4012) 00-00-00"}, "company", "phone", "8 (4012) 00-00-00"),
    ],
)  # fmt: skip
def test_what_is_meant_is_taken_however_it_is_written(
    written: dict[str, object], section: str, key: str, kept: str
) -> None:
    assert getattr(getattr(load(**written), section), key) == kept


def test_two_machines_may_use_the_same_port() -> None:
    """With PostgreSQL the site and the bots may run on machines of their own."""
    url = "postgresql+psycopg://naryad@db/naryad"
    assert load(telegram__webhook_url="https://b.example.ru/t", telegram__client_webhook_port=8000, store__url=url)


def test_a_port_of_the_webhooks_matters_only_where_both_listen_on_it() -> None:
    port = {"telegram__master_webhook_port": 8081}
    assert load(**port), "without webhooks nobody listens"
    url = "postgresql+psycopg://naryad@db/naryad"
    assert load(**port, telegram__webhook_url="https://b.example.ru/t", store__url=url)


def test_the_password_of_a_proxy_is_not_shown() -> None:
    assert "hidden" not in repr(load(telegram__proxy_url="socks5://u:hidden@10.0.0.1:1080"))
