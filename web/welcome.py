"""What `make run` ends its start with: once all processes are at work, where to look
and how to sign in, together.

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
LOOK_S = 0.5
CALM_S = 1.0  # for what the processes have to say of their own start


READY = "Всё запущено. Откройте в браузере:"
LATE = "Запустилось не всё: прочтите, что сказано выше. Открыть уже можно:"


def block(settings: Settings, site: str, password: str) -> str:
    """Return the addresses and the way into the panel, one under another."""
    entry = (
        f"пароль на этот запуск: {password}"
        if password
        else "пароль тот, что вы задали"
    )
    lines = [
        f"  Таблица и чаты:  {settings.sheets.api_url}/",
        f"  Сайт:            {site}/",
        f"  Панель:          {site}/admin.html",
        f"                   {entry}",
        "  Остановить:      Ctrl-C",
        "",
    ]
    return "\n".join(lines)


def welcome(store: Store, said: str, ended: Callable[[], bool]) -> None:
    """Print this, in a thread of its own, once the sheet has been read and all
    processes show that they live.
    """
    threading.Thread(
        target=_wait, args=(store, said, ended), name="welcome", daemon=True
    ).start()


def _wait(store: Store, said: str, ended: Callable[[], bool]) -> None:
    begun, ready = time.time(), False
    while not ready and time.time() - begun < PATIENCE_S and not ended():
        try:
            with store.reading() as tx:
                ready = at_work(tx, begun)
        except Exception:  # noqa: BLE001  the store is closed or replaced; the first line of the site has said it too
            return
        time.sleep(CALM_S if ready else LOOK_S)
    if not ended():
        print(f"\n{READY if ready else LATE}\n{said}", flush=True)


def at_work(tx: Tx, since: float) -> bool:
    """Say whether the sheet has been read, and all other processes have shown since
    then that they live.
    """
    if not tx.facts.get(BASELINE):
        return False
    beats = [tx.facts.get(alive(process)) for process in PROCESSES]
    return all(beat is not None and beat["at"] > since - CALM_S for beat in beats)
