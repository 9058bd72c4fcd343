"""Tells people that the local store had to be begun anew, and what that means."""

import socket
import time
from datetime import datetime

from record.logs import get_logger
from record.settings import Settings
from record.store import Store
from record.store.facts import RESTARTED, Restart
from record.watch import admin_chat

log = get_logger(__name__)

TAKEN_OVER = (
    "Процесс, который вёл таблицу, завис или приостановлен и не подаёт признаков жизни."
)
WHY = {
    "damaged": "Файл локальной базы был повреждён. Наряд отложил его как {aside} и начал новый",
    "deleted": "Файл локальной базы удалили во время работы. Наряд начал новый",
}
MEANS = (
    "Заявки и мастера прочитаны из таблицы заново, делать ничего не нужно. "
    "Записей, которые не успели дойти до таблицы, спасено: {writes}."
)
LOOK = "Если кто-то из клиентов назовёт номер, которого в таблице нет, внесите заявку вручную."


def said(begun: Restart) -> str:
    """Return in Russian why the store was begun anew and what became of what waited in
    it.
    """
    text = f"{WHY[begun['why']].format(**begun)}. {MEANS.format(**begun)}"
    return f"{text} {LOOK}" if begun["why"] == "damaged" else text


def when(begun: Restart, settings: Settings) -> str:
    """Return when the store was begun anew, as people write it."""
    return f"{datetime.fromtimestamp(begun['at'], settings.zone):%d.%m.%Y %H:%M}"


def announce_restarted_store(store: Store, settings: Settings) -> None:
    """Queue a message to the admin, once, where the store was begun anew."""
    with store.reading() as tx:
        begun = tx.facts.get(RESTARTED)
    if begun:
        with store.transaction() as tx:
            admin_chat.tell(
                tx, settings, admin_chat.alarm(f"begun:{begun['at']}", said(begun))
            )


def announce_takeover(store: Store, settings: Settings) -> None:
    """Queue a message to the admin that the process that led stands still, and that
    this one leads now.
    """
    said = (
        f"{TAKEN_OVER} Теперь её ведёт другой, компьютер {socket.gethostname()}. Делать ничего не нужно; если так "
        "бывает часто, посмотрите, не приостанавливают ли там контейнер и хватает ли памяти"
    )
    log.warning("taken_over", host=socket.gethostname())
    with store.transaction() as tx:
        admin_chat.tell(
            tx, settings, admin_chat.alarm(f"taken_over:{time.time():.3f}", f"⚠️ {said}")
        )
