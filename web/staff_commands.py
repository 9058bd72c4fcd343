"""`python -m web set-password NAME` and `… staff`: who enters the panel under his name.

Names and hashes of passwords stand in the store, not in .env and not in the sheet: a
person who is added, changed or taken out is so at once, for every process.
"""

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import datetime

from record.errors import NaryadError, SettingsError
from record.settings import Settings, load_settings
from record.store import Store, Tx
from record.store.facts import alive
from record.store.staff import StaffMember, staff_key
from web.access.passwords import asked_twice, hashed
from web.present.tracking import bot_name

LONGEST = 60
USAGE = """python -m web staff — кто входит в панель
python -m web staff code ИМЯ — одноразовый код: войти без Telegram или привязать новый
python -m web staff remove ИМЯ — больше не пускать
python -m web set-password ИМЯ — добавить человека или сменить ему пароль"""
UNKNOWN = "Такого сотрудника нет: «{name}». Кто есть, покажет python -m web staff"
NOBODY = "Сотрудников по именам нет, в панель входят по общему паролю. Добавить: python -m web set-password ИМЯ"
ALONE = (
    "Теперь в панель входят только по именам: общий пароль (ADMIN_PASSWORD_HASH) больше не действует, "
    "и кто вошёл по нему, войдёт заново."
)


def set_password(words: list[str]) -> int:
    """Add a person or change his password, asked twice; return the exit code."""

    def act(tx: Tx, settings: Settings) -> Iterator[str]:
        name = _name(words)
        was_alone = not tx.staff.any()
        known = tx.staff.get(staff_key(name))
        tx.staff.put(known.name if known else name, kept, time.time())
        member = _found(tx, words)
        yield f"Пароль сохранён, сайт перезапускать не нужно. Имя для входа: {member.name}"
        if known:
            yield "Кто вошёл под этим именем раньше, войдёт заново."
        yield from _code(tx, member)
        if was_alone and settings.admin_password_hash.get_secret_value():
            yield ALONE

    try:
        _name(words)
        kept = hashed(asked_twice())
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    except (KeyboardInterrupt, EOFError):
        print("\nНичего не изменено.", file=sys.stderr)
        return 1
    return _with_store(act)


def staff(arguments: list[str]) -> int:
    """List staff, give a code or take a person out; return the exit code."""
    match arguments:
        case []:
            return _with_store(_list)
        case ["code", _, *_]:
            return _with_store(lambda tx, _: _code(tx, _found(tx, arguments[1:])))
        case ["remove", _, *_]:
            return _with_store(lambda tx, _: _remove(tx, _found(tx, arguments[1:])))
        case _:
            print(USAGE, file=sys.stderr)
            return 2


def _with_store(act: Callable[[Tx, Settings], Iterator[str]]) -> int:
    try:
        settings = load_settings()
        with closing(Store(settings.store.url)) as store, store.transaction() as tx:
            said = list(act(tx, settings))
    except NaryadError as error:
        print(error, file=sys.stderr)
        return 1
    # not before all is stored: a code that was shown must be good
    print("\n".join(said))
    return 0


def _list(tx: Tx, settings: Settings) -> Iterator[str]:
    members = tx.staff.all()
    if not members:
        yield NOBODY
    for member in members:
        tied = "подтверждает в Telegram" if member.chat else "Telegram ещё не привязан"
        entered = "ещё не входил"
        if member.entered_at:
            when = datetime.fromtimestamp(member.entered_at, settings.zone)
            entered = f"вход {when:%d.%m.%Y %H:%M}"
        yield f"{member.name}: {tied}, {entered}"


def _remove(tx: Tx, member: StaffMember) -> Iterator[str]:
    tx.staff.remove(member.key)
    yield f"{member.name} больше не войдёт в панель, открытые страницы закрыты."
    if not tx.staff.any():
        yield NOBODY


def _code(tx: Tx, member: StaffMember) -> Iterator[str]:
    code = tx.staff.give_code(member.key, time.time())
    beat = tx.facts.get(alive("bot.master"))
    bot = bot_name(beat)
    named = f" @{bot}" if bot else ""
    link = f" (или откройте https://t.me/{bot}?start={code})" if bot else ""
    yield f"Код: {code}, действует час и один раз."
    yield f"Пришлите его боту мастеров{named}{link}: этот чат будет подтверждать вход."
    yield "Если Telegram не работает, введите его на странице входа после пароля."


def _found(tx: Tx, words: list[str]) -> StaffMember:
    name = _name(words)
    member = tx.staff.get(staff_key(name))
    if member is None:
        raise SettingsError(UNKNOWN.format(name=name))
    return member


def _name(words: list[str]) -> str:
    """Return a name as it was typed, in quotes or without.

    Raises:
        SettingsError: it is none.
    """
    name = " ".join(" ".join(words).strip(" «»\"'").split())
    if not any(letter.isalpha() for letter in name) or not name.isprintable():
        raise SettingsError(
            "Имя сотрудника — слово или несколько, например: Анна Иванова"
        )
    if len(name) > LONGEST:
        raise SettingsError(f"Имя слишком длинное: не больше {LONGEST} знаков")
    return name
