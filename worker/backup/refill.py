"""Gives an empty store back what the sheet does not know, from the newest copy."""

from datetime import datetime
from pathlib import Path
from typing import Any

from record.errors import NaryadError
from record.logs import get_logger
from record.settings import Settings
from record.store import Store
from record.store.facts import BASELINE, Fact
from record.values.wording import with_noun
from record.watch import admin_chat
from worker.backup.file import Copy, files, load
from worker.backup.forgotten import without_forgotten

log = get_logger(__name__)

TRIED = 3  # copies that are looked into, where the newest are damaged
KEEPSAKES = Fact[dict[str, Any]]("keepsakes")


def bring_back(store: Store, settings: Settings) -> None:
    """Fill a store that has never read the sheet, once, and tell the admin of it."""
    with store.reading() as tx:
        if tx.facts.get(BASELINE) or tx.facts.get(KEEPSAKES):
            return
    copy = _newest(settings)
    if copy is None:
        return
    region = settings.company.default_region
    copy = without_forgotten(store, copy, settings.sheets.spreadsheet_id, region)
    with store.transaction() as tx:
        done = tx.keepsakes.put_back(copy.kept)
        tx.facts.put(KEEPSAKES, {"made": copy.made, **done})
        if any(done.values()):
            said = _said(copy, done)
            alarm = admin_chat.alarm(f"keepsakes:{copy.made}", said)
            admin_chat.tell(tx, settings, alarm)
    log.info("keepsakes_restored", made=copy.made, **done)


def _newest(settings: Settings) -> Copy | None:
    for path in files(Path(settings.backup.folder))[:TRIED]:
        try:
            copy = load(path)
        except NaryadError as error:
            log.warning("copy_unreadable", file=path.name, error=str(error))
            continue
        # a copy of another spreadsheet has other orders under the same numbers
        if copy.kept and copy.spreadsheet == settings.sheets.spreadsheet_id:
            return copy
    return None


def _said(copy: Copy, done: dict[str, int]) -> str:
    """Return what came back, and whose wish for quiet is in force again."""
    made, count = datetime.fromisoformat(copy.made), done["consents"]
    agreed = with_noun(count, "согласие", "согласия", "согласий")
    consents = f"{agreed} на обработку данных"
    text = (
        f"ℹ️ Локальная база была пуста. Из копии от {made:%d.%m.%Y %H:%M} возвращено то, чего нет в таблице: история "
        f"заявок, {consents}"
    )
    if done["staff"]:
        text += (
            ", имена и пароли для входа в панель (проверьте их: python -m web staff)"
        )
    quiet = done["quiet"]
    if not quiet:
        return text
    whose = with_noun(quiet, "мастера", "мастеров", "мастеров")
    return text + (
        f", тихий режим у {whose}: заявки им не приходят, пока они не нажмут «Снова получать заказы». Если "
        "кто-то включил или выключил его позже, пусть нажмёт ещё раз"
    )
