"""Tells people that the local store had to be begun anew, and what that means."""

from datetime import datetime
from typing import Any

from record.notices import Notice
from record.settings import Settings
from record.store import Store

WHY = {
    "damaged": "Файл локальной базы был повреждён. Наряд отложил его как {aside} и начал новый",
    "deleted": "Файл локальной базы удалили во время работы. Наряд начал новый",
}
MEANS = (
    "Заявки и мастера прочитаны из таблицы заново, делать ничего не нужно. "
    "Записей, которые не успели дойти до таблицы, спасено: {writes}."
)
LOOK = "Если кто-то из клиентов назовёт номер, которого в таблице нет, внесите заявку вручную."


def said(begun: dict[str, Any]) -> str:
    """Return in Russian why the store was begun anew and what became of what waited in it."""
    text = f"{WHY[begun['why']].format(**begun)}. {MEANS.format(**begun)}"
    return f"{text} {LOOK}" if begun["why"] == "damaged" else text


def when(begun: dict[str, Any], settings: Settings) -> str:
    """Return when the store was begun anew, as people write it."""
    return f"{datetime.fromtimestamp(begun['at'], settings.zone):%d.%m.%Y %H:%M}"


def tell_begun(store: Store, settings: Settings) -> None:
    """Queue a message to the admin, once, where the store was begun anew."""
    admin = settings.telegram.admin_chat_id
    with store.reading() as tx:
        begun = tx.facts.get("begun")
    if begun and admin:
        with store.transaction() as tx:
            tx.outbox.add(Notice(f"begun:{begun['at']}", "admin", str(admin), "alarm", facts={"text": said(begun)}))
