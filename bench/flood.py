"""How soon the admin hears of an alarm while ten addresses fill the site's chat, at
Telegram's pace to one chat.
"""

import re
import tempfile
import threading
import time
from pathlib import Path

import requests

from bench.report import report
from record.dispatch.notices import Notice
from record.store import Store
from tests.harness.system import ADMIN, MASTER_BOT, System, wait_for

PEOPLE, EACH = 10, 20  # what one address may say in a minute
SETTINGS = {
    "NARYAD_TELEGRAM__MESSAGES_PER_SECOND": "25",
    "NARYAD_TELEGRAM__CHAT_MESSAGES_PER_SECOND": "1",
}
ALARM = "Таблица удалена"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def measure() -> None:
    """Print ``alarm_behind_flood_s``."""
    with tempfile.TemporaryDirectory() as folder:
        system = System(Path(folder), **SETTINGS)
        try:
            report("alarm_behind_flood_s", _waited(system), "s", "<= 5")
        finally:
            system.close()


def _waited(system: System) -> float:
    """Flood the chat through the site, let something break, and return how long the
    admin knew nothing of it.
    """
    done = system.run("worker", "init")
    if done.returncode:
        raise RuntimeError(done.stderr)
    system.person(ADMIN, "Админ")
    system.say(MASTER_BOT, ADMIN, "/start")
    system.start("master", "web")
    system.hears(MASTER_BOT, ADMIN, "Сюда будут приходить", timeout=60)
    crowd = [
        threading.Thread(target=_floods, args=(system.site, number))
        for number in range(PEOPLE)
    ]
    for one in crowd:
        one.start()
    wait_for(
        lambda: system.heard(MASTER_BOT, ADMIN, "Вопрос с сайта"),
        "the flood to reach the admin",
        60,
    )
    store = Store(system.store_url)
    try:
        with store.transaction() as tx:
            tx.outbox.add(
                Notice("bench", "admin", str(ADMIN), "alarm", facts={"text": ALARM})
            )
        began = time.monotonic()
        system.hears(MASTER_BOT, ADMIN, ALARM, timeout=300)
        waited = time.monotonic() - began
    finally:
        store.close()
    for one in crowd:
        one.join()
    return waited


def _floods(site: str, number: int) -> None:
    """Ask for a person from an address of one's own, and say what the site lets one
    say.
    """
    visitor = requests.Session()
    visitor.trust_env = False
    visitor.headers["X-Forwarded-For"] = f"198.51.100.{number}"
    token = TOKEN.search(visitor.get(f"{site}/ai-chat.html", timeout=60).text)
    if token is None:
        raise RuntimeError("the chat has no form")
    form = {"csrf_token": token[1]}
    visitor.post(
        f"{site}/ai-chat.html", data={**form, "text": "Есть кто живой?"}, timeout=60
    )
    visitor.post(f"{site}/ai-chat/person", data=form, timeout=60)
    for line in range(EACH - 1):
        visitor.post(
            f"{site}/ai-chat.html", data={**form, "text": f"спам {line}"}, timeout=60
        )
