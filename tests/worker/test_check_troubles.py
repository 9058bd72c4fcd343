"""Every trouble that can be seen before going live has its line in `worker check`, which says what to do."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from record.errors import StoreError
from tests.harness.office import Office
from tests.harness.system import ADMIN, CLIENT_BOT, MASTER_BOT, wait_for
from tests.worker.relay import relay
from tests.worker.test_check import Lines, checked, wrong
from worker.check import chats, machine
from worker.check.finding import Finding, bounded, right

__all__ = ["checked"]  # a fixture

HASH = "scrypt:32768:8:1:salt:" + "0a" * 64
SITE = "NARYAD_WEB__PUBLIC_URL"


def has(lines: list[str], start: str) -> bool:
    """Say whether a line begins so; show all of them where none does."""
    assert any(line.startswith(start) for line in lines), "\n".join(lines)
    return True


@pytest.mark.parametrize(
    ("environment", "line"),
    [
        (
            {"SECRET_KEY": "a"},
            "✗ ключ сайта: SECRET_KEY короткий, 1 из 32 знаков: как сделать, написано в .env.example",
        ),
        ({"SECRET_KEY": "k" * 43}, "✓ ключ сайта: есть"),
        ({"ADMIN_PASSWORD_HASH": "qwerty"}, "✗ пароль панели: ADMIN_PASSWORD_HASH в .env — не хеш, войти нельзя"),
        ({"ADMIN_PASSWORD_HASH": HASH}, "✓ пароль панели: задан"),
        ({"ADMIN_PASSWORD_HASH": HASH.replace(":salt:", "$salt$")}, "✓ пароль панели: задан"),
        ({"NARYAD_TELEGRAM__ADMIN_CHAT_ID": "0"}, "! чат администратора: не задан: тревог никто не услышит"),
        ({"NARYAD_TELEGRAM__ADMIN_CHAT_ID": "901"}, "✗ чат администратора: бот мастеров его не знает: пусть он"),
        ({"NARYAD_COMPANY__TIMEZONE": "Asia/Omsk"}, "✗ пояс таблицы: Europe/Kaliningrad, а у компании Asia/Omsk"),
        ({"NARYAD_COMPANY__TIMEZONE": "Africa/Tripoli"}, "✓ пояс таблицы: Europe/Kaliningrad"),
        (
            {"NARYAD_SHEETS__READS_PER_MINUTE": "50"},
            "✗ частота опроса: polling.interval_s — раз в 0.5 с это 120 чтений",
        ),
        ({SITE: "https://naryad.invalid"}, "✗ адрес сайта: имени из https://naryad.invalid в интернете нет"),
        ({SITE: "http://0.0.0.0:9"}, "! адрес сайта: http://0.0.0.0:9 без https"),
        ({SITE: "http://0.0.0.0:9"}, "! адрес сайта: http://0.0.0.0:9 пока не отвечает: запустите сайт"),
        (
            {"NARYAD_TELEGRAM__WEBHOOK_URL": "http://127.0.0.1:9/t"},
            "! сообщения боту клиентов: адрес http://127.0.0.1:9/t/client Telegram ещё не знает",
        ),
        ({"NARYAD_BACKUP__FOLDER": "/proc/version/copies"}, "✗ копии таблицы: /proc/version — файл, а не папка"),
    ],
)
def test_e5_each_trouble_of_the_settings_has_its_line(
    office: Office, checked: Lines, environment: dict[str, str], line: str
) -> None:
    """What starts with ! is no mistake yet, and the exit code does not count it."""
    assert office
    assert has(checked(int(line.startswith("✗")), **environment), line)


def test_e5_an_admin_who_stopped_the_bot(office: Office, checked: Lines) -> None:
    office.system.post("telegram/block", bot=MASTER_BOT, person=ADMIN, blocked=True)
    assert has(wrong(checked(1)), "✗ чат администратора: он остановил бота, пусть откроет бота мастеров и нажмёт")


def test_e5_a_webhook_that_leads_elsewhere(office: Office, checked: Lines) -> None:
    elsewhere = {"url": "https://203.0.113.5/hook"}
    office.system.http.post(f"{office.system.url}/bot{CLIENT_BOT}/setWebhook", json=elsewhere).raise_for_status()
    (line,) = wrong(checked(1))
    assert line.startswith("✗ сообщения боту клиентов: Telegram шлёт их на https://203.0.113.5/hook, а не нам")
    assert "/revoke" in line


def test_e5_a_webhook_of_ours_is_right_unless_telegram_cant_reach_it(office: Office, checked: Lines) -> None:
    """To the master bot somebody has written, and nobody listens there."""

    def ask(bot: str, method: str, **values: str) -> dict[str, Any]:
        answer = office.system.http.post(f"{office.system.url}/bot{bot}/{method}", json=values)
        return dict(answer.json())

    for bot, role in ((CLIENT_BOT, "client"), (MASTER_BOT, "master")):
        assert ask(bot, "setWebhook", url=f"http://127.0.0.1:9/t/{role}")["ok"]
    wait_for(lambda: "last_error_date" in ask(MASTER_BOT, "getWebhookInfo")["result"], "Telegram to fail")
    lines = checked(1, NARYAD_TELEGRAM__WEBHOOK_URL="http://127.0.0.1:9/t")
    assert has(lines, "✓ сообщения боту клиентов: Telegram шлёт их на http://127.0.0.1:9/t/client")
    assert has(lines, "✗ сообщения боту мастеров: Telegram не достучался до http://127.0.0.1:9/t/master: «")


@pytest.mark.parametrize(
    ("date", "said"), [("Thu, 01 Jan 2015 00:00:00 GMT", "спешат"), ("Thu, 01 Jan 2099 00:00:00 GMT", "отстают")]
)
def test_e5_a_clock_that_is_wrong(office: Office, checked: Lines, date: str, said: str) -> None:
    with relay(office.system.url, date) as telegram:
        (line,) = wrong(checked(1, NARYAD_TELEGRAM__API_URL=telegram.url))
    assert line.startswith(f"✗ часы: {said} на ")
    assert line.endswith("timedatectl set-ntp true")


def test_telegram_is_asked_by_the_proxy_of_the_settings(office: Office, checked: Lines) -> None:
    with relay(office.system.url) as proxy:
        checked(0, NARYAD_TELEGRAM__PROXY_URL=proxy.url)
        assert f"{office.system.url}/bot{MASTER_BOT}/sendMessage" in proxy.asked
    lines = wrong(checked(1, NARYAD_TELEGRAM__PROXY_URL="socks5://127.0.0.1:9"))
    assert lines[0].endswith("проверьте сеть и telegram.api_url, telegram.proxy_url")


def test_e5_little_room_on_the_disk(office: Office, checked: Lines, monkeypatch: pytest.MonkeyPatch) -> None:
    assert office
    monkeypatch.setattr(machine, "LITTLE", 10**18)
    assert has(checked(0), "! диск: свободно")
    monkeypatch.setattr(machine, "LEAST", 10**18)
    assert has(wrong(checked(1)), "✗ диск: свободно")


@pytest.mark.parametrize("name", [".env", "store.sqlite3", "backup/2026-11-22.json.gz", "key.json"])
def test_f12_files_that_others_may_read_are_told_with_the_command(
    office: Office, checked: Lines, tmp_path: Path, name: str
) -> None:
    assert office
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    with file.open("a") as written:
        written.write("# private_key" if name in (".env", "key.json") else "")
    file.chmod(0o640)
    shown = name if name == ".env" else str(file)
    environment = {"GOOGLE_APPLICATION_CREDENTIALS": str(file)} if name == "key.json" else {}
    lines = wrong(checked(1, **environment))
    said = f"открыты другим пользователям этой машины: {shown} (0640). Выполните chmod 600 {shown}"
    assert f"✗ права на файлы: {said}" in lines
    file.chmod(0o600)
    assert not any("права" in line for line in wrong(checked(1 if environment else 0, **environment)))


def test_f12_a_folder_that_others_may_write_to(office: Office, checked: Lines, tmp_path: Path) -> None:
    assert office
    tmp_path.chmod(0o770)
    (line,) = wrong(checked(1))
    assert line.startswith("✗ права на папки: другие пользователи могут в них писать: ")
    assert line.endswith(f"{tmp_path} (0770). Выполните chmod 700 {tmp_path}")


@pytest.mark.parametrize(
    ("url", "line"),
    [
        ("postgresql+psycopg://naryad@192.0.2.7/naryad", "✗ связь с базой: база на 192.0.2.7, а связь может идти"),
        ("postgresql+psycopg://u@192.0.2.7/n?sslmode=prefer", "✗ связь с базой: база на 192.0.2.7"),
        ("postgresql+psycopg://u@/n?host=192.0.2.7", "✗ связь с базой: база на 192.0.2.7"),
        ("postgresql+psycopg://u@192.0.2.7/n?sslmode=require", "✓ связь с базой: шифруется, sslmode=require"),
        ("postgresql+psycopg://u:p#s@s?w@192.0.2.7/n", "✗ связь с базой: база на 192.0.2.7"),
        ("postgresql+psycopg://u@127.0.0.1:9/n", "✓ связь с базой: база на этой же машине"),
        ("postgresql+psycopg://u@/n?host=/nowhere", "✓ связь с базой: база на этой же машине"),
    ],
)
def test_e5_a_database_on_another_host_without_tls(office: Office, checked: Lines, url: str, line: str) -> None:
    """That it is out of reach hides nothing else."""
    assert office
    reached = f"{url}{'&' if '?' in url else '?'}connect_timeout=1"
    lines = checked(1, NARYAD_STORE__URL=reached)
    assert has(lines, line)
    assert has(lines, "✗ локальная база: Локальная база (postgresql")
    assert has(lines, "✓ чат администратора")


def test_half_of_the_switch_to_the_real_thing_is_told(office: Office, checked: Lines) -> None:
    assert office
    said = "✗ песочница: таблица настоящая, а вместо Telegram песочница: опустошите и telegram.api_url"
    assert has(checked(1, NARYAD_SHEETS__API_URL=""), said)


def test_links_that_lead_to_this_machine_are_wrong_once_clients_are_real(office: Office, checked: Lines) -> None:
    assert office
    assert has(checked(1, NARYAD_SHEETS__API_URL=""), "✗ адрес сайта: ссылки в сообщениях ведут на эту же машину")


@contextmanager
def site(status: int, body: bytes) -> Iterator[str]:
    """Run something that answers every request alike, at an address that is not called local."""

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answers) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield f"http://0.0.0.0:{server.server_port}"
        server.shutdown()
        thread.join()


@pytest.mark.parametrize(
    ("status", "body", "line"),
    [
        (200, b'{"healthy": true}', "✓ адрес сайта: {url} отвечает"),
        (503, b'{"healthy": false}', "✓ адрес сайта: {url} отвечает"),
        (200, b"<h1>Welcome to nginx!</h1>", "✗ адрес сайта: по адресу {url}/healthz отвечает что-то другое (200)"),
        (404, b"[]", "✗ адрес сайта: по адресу {url}/healthz отвечает что-то другое (404)"),
        (502, b"Bad Gateway", "! адрес сайта: {url}: nginx отвечает, а сайт за ним нет"),
    ],
)
def test_e5_what_answers_at_the_sites_address(
    office: Office, checked: Lines, status: int, body: bytes, line: str
) -> None:
    assert office
    with site(status, body) as url:
        lines = checked(int(line.startswith("✗")), **{SITE: url})
    assert has(lines, line.format(url=url))


def test_nothing_hangs_and_no_trouble_hides_another(
    office: Office, checked: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram takes its time, Google is away: all else is looked at all the same."""
    monkeypatch.setattr(chats, "TIMEOUT_S", 0.3)
    slow = {"api": "telegram", "path": "", "times": 99, "delay_s": 2}
    office.system.http.post(f"{office.system.url}/sandbox/faults", json=slow).raise_for_status()
    lines = checked(1, NARYAD_SHEETS__API_URL="http://127.0.0.1:9")
    for start in (
        "✗ таблица: Нет связи с Google",
        "✗ бот клиентов: Telegram не отвечает",
        "✗ бот мастеров",
        "✓ ключ",
    ):
        assert has(lines, start)


def test_a_probe_that_hangs_or_breaks_keeps_what_it_found() -> None:
    first = right("a", "seen")
    never = threading.Event()

    def hangs() -> Iterator[Finding]:
        yield first
        never.wait()

    def breaks() -> Iterator[Finding]:
        yield first
        raise ValueError("8 (900) 123-45-67 is no number")

    def refuses() -> Iterator[Finding]:
        yield first
        raise StoreError("Базы нет")

    assert [one.said for one in bounded("a", hangs, 0.1)] == [
        "seen",
        "нет ответа дольше 0.1 с: проверьте связь и повторите",
    ]
    never.set()
    assert [one.said for one in bounded("a", refuses)] == ["seen", "Базы нет"]
    said = bounded("a", breaks)[1]
    assert (said.right, said.said) == (False, "проверить не удалось: ValueError, ***67 is no number")
