"""Tells people that the local store was restarted from nothing, and what that means."""

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


def said(restart: Restart) -> str:
    """Return in Russian why the store was restarted, and what became of what waited."""
    text = f"{WHY[restart['why']].format(**restart)}. {MEANS.format(**restart)}"
    # only what a damaged file did not give back can be missing in the sheet
    if restart["why"] == "damaged":
        return f"{text} {LOOK}"
    return text


def when(restart: Restart, settings: Settings) -> str:
    """Return when the store was restarted, as people write it."""
    return f"{datetime.fromtimestamp(restart['at'], settings.zone):%d.%m.%Y %H:%M}"


def announce_restarted_store(store: Store, settings: Settings) -> None:
    """Queue a message to the admin, once, where the store was restarted."""
    with store.reading() as tx:
        restart = tx.facts.get(RESTARTED)
    if restart:
        # the key of the notice keeps it from being told again at the next start
        alarm = admin_chat.alarm(f"begun:{restart['at']}", said(restart))
        with store.transaction() as tx:
            admin_chat.tell(tx, settings, alarm)


def announce_takeover(store: Store, settings: Settings) -> None:
    """Queue a message to the admin: the process that led stands still, this one leads."""
    host = socket.gethostname()
    said = (
        f"{TAKEN_OVER} Теперь её ведёт другой, компьютер {host}. Делать ничего не нужно; если так "
        "бывает часто, посмотрите, не приостанавливают ли там контейнер и хватает ли памяти"
    )
    log.warning("taken_over", host=host)
    # each time it happens is told, so the key is another one each time
    alarm = admin_chat.alarm(f"taken_over:{time.time():.3f}", f"⚠️ {said}")
    with store.transaction() as tx:
        admin_chat.tell(tx, settings, alarm)
