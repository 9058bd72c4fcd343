"""python -m worker run | init | check | status | switch | backup | restore | show | forget."""

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
from worker.backup.forgotten import without_forgotten
from worker.backup.restore import next_steps, restore
from worker.check import PATIENCE_S, Finding, check
from worker.init import prepare
from worker.personal import forget, show
from worker.region import mend_region
from worker.schedule import Worker
from worker.status import status
from worker.switch import in_words, switch

COMMANDS = {
    "run": "опрашивать таблицу и отвечать на изменения, пока не остановят",
    "init": "создать в таблице недостающие листы, заголовки и списки (ничего не удаляет)",
    "check": "проверить все подключения и настройки, по строке на каждую",
    "status": "показать последние опросы, очередь и неполадки",
    "switch": "перейти на другую таблицу, вписанную в sheets.spreadsheet_id",
    "backup": "сохранить копию всех листов в файл сейчас (раз в день это делает run)",
    "restore": "вернуть лист из копии на новый лист; без файла — показать, какие копии есть",
    "show": "показать всё, что известно о человеке с этим телефоном",
    "forget": "стереть всё, что известно о человеке с этим телефоном: в таблице, базе и копиях",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code: 0 when all is well, 1 on a problem."""
    given = _parser().parse_args(arguments)
    keep_private()
    try:
        return DO[given.command](load_settings(), given)
    except NaryadError as error:
        print(error, file=sys.stderr)
        return 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m worker", description="Наряд: работа с таблицей"
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="команда")
    parsers = {}
    for name, said in COMMANDS.items():
        parsers[name] = commands.add_parser(name, help=said, description=said)
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
    for name in ("show", "forget"):
        parsers[name].add_argument("phone", metavar="телефон", help="в любом виде")
    parsers["show"].add_argument("--json", action="store_true", help="для программ")
    forgetting = parsers["forget"]
    forgetting.add_argument("--yes", action="store_true", help="не переспрашивать")
    forgetting.add_argument(
        "--even-in-work",
        action="store_true",
        help="и тогда, когда его заявки ещё не закончены",
    )
    return parser


def _run(settings: Settings, _: argparse.Namespace) -> int:
    configure_logs(settings.logs, "worker")
    if said := too_often(settings):
        get_logger(__name__).warning("polls_too_often", why=said)
    with lasting(Store(settings.store.url)) as store:
        worker = Worker(store, settings)
        worker.run()
    if worker.unfinished:
        # a usual exit waits for threads, and these wait for Google
        os._exit(0)
    return 0


def _init(settings: Settings, _: argparse.Namespace) -> int:
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store, patience_s=PATIENCE_S, any_one=True)
        # before anything is written: an empty spreadsheet may still become Russian
        strange = mend_region(sheet, settings.zone)
        done = prepare(sheet)
        another = sheet.another()
    if done.made:
        print("Созданы листы: " + ", ".join(f"«{title}»" for title in done.made))
    else:
        print("Все листы на месте")
    for added in done.added:
        print(f"Добавлены столбцы: {added}")
    for said in strange:
        print(f"Настройки таблицы: {said}", file=sys.stderr)
    if done.undecorated:
        print(f"Цвета и подсказки не поставлены. {done.undecorated}", file=sys.stderr)
    if another:
        print(another, file=sys.stderr)
    return 0


def _check(settings: Settings, _: argparse.Namespace) -> int:
    console, right = Console(highlight=False), True
    for finding in check(settings):
        mark, style = _mark(finding)
        line = Text(f"{mark} {finding.what}: {finding.said}", style=style)
        console.print(line, soft_wrap=True)
        right = right and finding.right
    return _code(well=right)


def _mark(finding: Finding) -> tuple[str, str]:
    if not finding.right:
        return "✗", "bold red"
    if finding.note:
        return "!", "yellow"
    return "✓", "green"


def _code(*, well: bool) -> int:
    return 0 if well else 1


def _switch(settings: Settings, _: argparse.Namespace) -> int:
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store, patience_s=PATIENCE_S, any_one=True)
        print("\n".join(in_words(switch(store, sheet, settings))))
    return 0


def _status(settings: Settings, _: argparse.Namespace) -> int:
    with closing(Store(settings.store.url)) as store:
        return _code(well=status(store, settings, Console(highlight=False)))


def _backup(settings: Settings, _: argparse.Namespace) -> int:
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store, patience_s=PATIENCE_S)
        path, made = on_demand(store, sheet, settings)
    counts = f"листов {made['worksheets']}, строк {made['rows']}"
    print(f"Копия сохранена: {path} ({counts})")
    return 0


def _restore(settings: Settings, given: argparse.Namespace) -> int:
    folder = Path(settings.backup.folder)
    if not given.file:
        listed = "\n".join(str(path) for path in files(folder))
        print(listed or f"В папке {folder} копий нет")
        return 0
    copy = load(_found(Path(given.file), folder))
    region = settings.company.default_region
    with closing(Store(settings.store.url)) as store:
        copy = without_forgotten(store, copy, settings.sheets.spreadsheet_id, region)
    made = datetime.fromisoformat(copy.made)
    print(f"Копия таблицы «{copy.title}» от {made:%d.%m.%Y %H:%M}")
    source = copy.spreadsheet if given.from_other else settings.sheets.spreadsheet_id
    with closing(Store(settings.store.url)) as store:
        sheet = Sheet(settings, store, patience_s=PATIENCE_S, any_one=True)
        for done in restore(sheet, copy, source, given.worksheet):
            # flushed: a large worksheet takes minutes, and a person watches
            print("\n".join(next_steps(done)), flush=True)
    return 0


def _found(file: Path, folder: Path) -> Path:
    """Return where a copy is: a bare name that is not here is one of the folder."""
    bare = file.parent == Path()
    if bare and not file.exists():
        return folder / file
    return file


DO: dict[str, Callable[[Settings, argparse.Namespace], int]] = {
    "run": _run,
    "init": _init,
    "check": _check,
    "status": _status,
    "switch": _switch,
    "backup": _backup,
    "restore": _restore,
    "show": show,
    "forget": forget,
}


if __name__ == "__main__":
    sys.exit(main())
