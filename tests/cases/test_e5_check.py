"""E5: what is not right before going live has its line in the check, each beside the others."""

from pathlib import Path

import pytest

from tests.harness.system import ADMIN, CLIENT_BOT, MASTER_BOT, System


def test_e5_every_trouble_has_its_line_at_once(system: System, tmp_path: Path) -> None:
    system.person(ADMIN, "Ольга")
    system.say(MASTER_BOT, ADMIN, "/start")
    system.post("telegram/block", bot=MASTER_BOT, person=ADMIN, blocked=True)
    hook = {"url": "https://203.0.113.5/hook"}
    system.http.post(f"{system.url}/bot{CLIENT_BOT}/setWebhook", json=hook).raise_for_status()
    key = tmp_path / "key.json"
    key.write_text('{"private_key": "x"}')
    key.chmod(0o644)
    system.settings |= {
        "SECRET_KEY": "a",
        "ADMIN_PASSWORD_HASH": "qwerty",
        "NARYAD_WEB__PUBLIC_URL": "https://naryad.invalid",
        "NARYAD_COMPANY__TIMEZONE": "Asia/Omsk",
        "GOOGLE_APPLICATION_CREDENTIALS": str(key),
    }
    done = system.run("worker", "check")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    wrong = [line.removeprefix("✗ ").partition(":")[0] for line in done.stdout.splitlines() if line.startswith("✗")]
    assert wrong == [
        "таблица",  # its key is none
        "сообщения боту клиентов",
        "чат администратора",
        "права на файлы",
        "адрес сайта",
        "персональные данные",
        "пароль панели",
        "ключ сайта",
    ]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NARYAD_TELEGRAM__FOLDER_URL", "просто текст"),
        ("NARYAD_WEB__PUBLIC_URL", "naryad.example.ru"),
        ("NARYAD_TELEGRAM__WEBHOOK_URL", "bots.example.ru"),
        ("TELEGRAM_MASTER_BOT_TOKEN", CLIENT_BOT),
    ],
)
def test_e5_a_value_that_can_mean_nothing_is_refused_by_every_command(system: System, name: str, value: str) -> None:
    system.settings[name] = value
    done = system.run("worker", "check")
    assert done.returncode == 1
    key = name.removeprefix("NARYAD_").replace("__", ".")
    assert key.lower() in done.stderr.lower()
