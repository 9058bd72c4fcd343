"""What `make run` ends its start with: where to look and how to sign in, together.

The site says it, since it alone knows the password that it made up; it says it last, so
that no log scrolls it away.
"""

import threading
import time
from collections.abc import Callable

from record.settings import Settings
from record.store import Store, Tx
from record.store.facts import BASELINE, ProcessName, alive

PROCESSES: tuple[ProcessName, ...] = ("worker", "bot.client", "bot.master")
PATIENCE_S = 60.0
CHECK_EVERY_S = 0.5
CALM_S = 1.0  # for what the processes have to say of their own start

READY = "Всё запущено. Откройте в браузере:"
LATE = "Запустилось не всё: прочтите, что сказано выше. Открыть уже можно:"


def block(settings: Settings, site: str, password: str) -> str:
    """Return the addresses and the way into the panel, one under another."""
    entry = "пароль тот, что вы задали"
    if password:
        entry = f"пароль на этот запуск: {password}"
    lines = [
        f"  Таблица и чаты:  {settings.sheets.api_url}/",
        f"  Сайт:            {site}/",
        f"  Панель:          {site}/admin.html",
        f"                   {entry}",
        "  Остановить:      Ctrl-C",
        "",
    ]
    return "\n".join(lines)


def welcome(store: Store, text: str, ended: Callable[[], bool]) -> None:
    """Print this, in a thread of its own, once everything runs or is late."""
    threading.Thread(
        target=_wait_and_print, args=(store, text, ended), name="welcome", daemon=True
    ).start()


def _wait_and_print(store: Store, text: str, ended: Callable[[], bool]) -> None:
    started = time.time()
    heading = LATE
    while time.time() - started < PATIENCE_S and not ended():
        try:
            with store.reading() as tx:
                is_ready = all_running(tx, started)
        except Exception:  # noqa: BLE001  the store is closed or replaced; the first line of the site has said it too
            return
        if is_ready:
            time.sleep(CALM_S)
            heading = READY
            break
        time.sleep(CHECK_EVERY_S)
    if not ended():
        print(f"\n{heading}\n{text}", flush=True)


def all_running(tx: Tx, since: float) -> bool:
    """Return whether the sheet has been read, and all processes have shown signs of life.

    Only signs after ``since`` count: the store may remember an earlier start.
    """
    if not tx.facts.get(BASELINE):
        return False
    for process in PROCESSES:
        beat = tx.facts.get(alive(process))
        if beat is None or beat["at"] <= since - CALM_S:
            return False
    return True
