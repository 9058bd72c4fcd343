"""python -m worker run | init | check | status."""

import argparse
import sys

from rich.console import Console
from rich.text import Text

from record.errors import NaryadError
from record.logs import configure_logs
from record.settings import Settings, load_settings
from record.sheet import Sheet
from record.store import Store
from worker.check import check
from worker.init import prepare
from worker.schedule import Worker
from worker.status import status

COMMANDS = {
    "run": "опрашивать таблицу и отвечать на изменения, пока не остановят",
    "init": "создать в таблице недостающие листы, заголовки и списки (ничего не удаляет)",
    "check": "проверить все подключения и настройки, по строке на каждую",
    "status": "показать последние опросы, очередь и неполадки",
}


def main(arguments: list[str] | None = None) -> int:
    """Run a command; return its exit code: 0 when all is well, 1 on a problem."""
    parser = argparse.ArgumentParser(prog="python -m worker", description="Наряд: работа с таблицей")
    commands = parser.add_subparsers(dest="command", required=True, metavar="команда")
    for name, said in COMMANDS.items():
        commands.add_parser(name, help=said, description=said)
    command = parser.parse_args(arguments).command
    try:
        settings = load_settings()
        return {"run": _run, "init": _init, "check": _check, "status": _status}[command](settings)
    except NaryadError as error:
        print(error, file=sys.stderr)
        return 1


def _run(settings: Settings) -> int:
    configure_logs(settings.logs, "worker")
    Worker(Store(settings.store.url), settings).run()
    return 0


def _init(settings: Settings) -> int:
    done = prepare(Sheet(settings, Store(settings.store.url)))
    print("Созданы листы: " + ", ".join(f"«{title}»" for title in done.made) if done.made else "Все листы на месте")
    for added in done.added:
        print(f"Добавлены столбцы: {added}")
    if done.undecorated:
        print(f"Цвета и подсказки не поставлены. {done.undecorated}", file=sys.stderr)
    return 0


def _check(settings: Settings) -> int:
    console, right = Console(highlight=False), True
    for finding in check(settings):
        mark, style = ("✓", "green") if finding.right else ("✗", "bold red")
        console.print(Text(f"{mark} {finding.what}: {finding.said}", style=style), soft_wrap=True)
        right = right and finding.right
    return 0 if right else 1


def _status(settings: Settings) -> int:
    return 0 if status(Store(settings.store.url), settings, Console(highlight=False)) else 1


if __name__ == "__main__":
    sys.exit(main())
