"""python -m worker run | init | check | status | backup | restore."""

import argparse
import os
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import datetime
from pathlib import Path

from rich.console import Console
from rich.text import Text

from record.errors import NaryadError
from record.logs import configure_logs, get_logger
from record.privacy import keep_private
from record.settings import Settings, load_settings
from record.settings.together import too_often
from record.sheet import Sheet
from record.store import Store
from record.watch.restart import lasting
from worker.backup.backup import on_demand
from worker.backup.file import files, load
from worker.backup.restore import next_steps, restore
from worker.check import PATIENCE_S, Finding, check
from worker.init import prepare
from worker.region import mend_region
from worker.schedule import Worker
from worker.status import status

COMMANDS = {
    "run": "опрашивать таблицу и отвечать на изменения, пока не остановят",
    "init": "создать в таблице недостающие листы, заголовки и списки (ничего не удаляет)",
    "check": "проверить все подключения и настройки, по строке на каждую",
    "status": "показать последние опросы, очередь и неполадки",
    "backup": "сохранить копию всех листов в файл сейчас (раз в день это делает run)",
    "restore": "вернуть лист из копии на новый лист; без файла — показать, какие копии есть",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code: 0 when all is well, 1 on a problem."""
    parser = argparse.ArgumentParser(
        prog="python -m worker", description="Наряд: работа с таблицей"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="команда")
    parsers = {
        name: commands.add_parser(name, help=said, description=said)
        for name, said in COMMANDS.items()
    }
    restoring = parsers["restore"]
    restoring.add_argument(
        "file",
        nargs="?",
        default="",
        metavar="файл",
        help="например 2026-11-22.json.gz",
    )
    restoring.add_argument(
        "--worksheet",
        default="",
        metavar="лист",
        help="например Заявки; иначе те, которых нет",
    )
    restoring.add_argument(
        "--from-other",
        action="store_true",
        help="взять копию, сделанную с другой таблицы",
    )
    given = parser.parse_args(arguments)
    keep_private()
    try:
        return DO[given.command](load_settings(), given)
    except NaryadError as error:
        print(error, file=sys.stderr)
        return 1


def _run(settings: Settings, _: argparse.Namespace) -> int:
    configure_logs(settings.logs, "worker")
    if said := too_often(settings):
        get_logger(__name__).warning("polls_too_often", why=said)
    with lasting(Store(settings.store.url)) as store:
        worker = Worker(store, settings)
        worker.run()
    if worker.unfinished:
        os._exit(0)  # else Python waits for threads that wait for Google
    return 0


def _init(settings: Settings, _: argparse.Namespace) -> int:
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store, patience_s=PATIENCE_S)
        strange = mend_region(sheet, settings.zone)
        done = prepare(sheet)
    print(
        "Созданы листы: " + ", ".join(f"«{title}»" for title in done.made)
        if done.made
        else "Все листы на месте"
    )
    for added in done.added:
        print(f"Добавлены столбцы: {added}")
    for said in strange:
        print(f"Настройки таблицы: {said}", file=sys.stderr)
    if done.undecorated:
        print(f"Цвета и подсказки не поставлены. {done.undecorated}", file=sys.stderr)
    return 0


def _check(settings: Settings, _: argparse.Namespace) -> int:
    console, right = Console(highlight=False), True
    for finding in check(settings):
        mark, style = _mark(finding)
        console.print(
            Text(f"{mark} {finding.what}: {finding.said}", style=style), soft_wrap=True
        )
        right = right and finding.right
    return 0 if right else 1


def _mark(finding: Finding) -> tuple[str, str]:
    if not finding.right:
        return "✗", "bold red"
    return ("!", "yellow") if finding.note else ("✓", "green")


def _status(settings: Settings, _: argparse.Namespace) -> int:
    with closing(Store(settings.store.url)) as store:
        return 0 if status(store, settings, Console(highlight=False)) else 1


def _backup(settings: Settings, _: argparse.Namespace) -> int:
    with closing(Store(settings.store.url)) as store:
        path, made = on_demand(
            store, Sheet(settings, store, patience_s=PATIENCE_S), settings
        )
    print(
        f"Копия сохранена: {path} (листов {made['worksheets']}, строк {made['rows']})"
    )
    return 0


def _restore(settings: Settings, given: argparse.Namespace) -> int:
    folder = Path(settings.backup.folder)
    if not given.file:
        print(
            "\n".join(str(path) for path in files(folder))
            or f"В папке {folder} копий нет"
        )
        return 0
    path = Path(given.file)
    copy = load(path if path.exists() or path.parent != Path() else folder / path)
    print(
        f"Копия таблицы «{copy.title}» от {datetime.fromisoformat(copy.made):%d.%m.%Y %H:%M}"
    )
    source = copy.spreadsheet if given.from_other else settings.sheets.spreadsheet_id
    with closing(Store(settings.store.url)) as store:
        for done in restore(
            Sheet(settings, store, patience_s=PATIENCE_S), copy, source, given.worksheet
        ):
            print("\n".join(next_steps(done)), flush=True)
    return 0


DO: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "run": _run,
    "init": _init,
    "check": _check,
    "status": _status,
    "backup": _backup,
    "restore": _restore,
}


if __name__ == "__main__":
    sys.exit(main())
