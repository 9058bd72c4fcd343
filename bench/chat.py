"""How many of sixty held questions, in clients' own careless words, the consultant
finds the right entry for.
"""

import csv
from pathlib import Path

from bench.report import report
from record.assistant import Knowledge, Matcher
from record.dispatch.model import Service
from record.values import money

HELD = Path("tests/data/questions.csv")
FIRST = Path("worker/first")


def measure() -> None:
    """Print ``chat_top1``: the share of questions whose first find is right."""
    matcher, held = Matcher(shipped()), _rows(HELD)
    right = sum(
        matcher.first(row["Клиент спрашивает"]) in row["Верно"].split("|")
        for row in held
    )
    report("chat_top1", right / len(held), "share", ">= 0.9")


def shipped() -> Knowledge:
    """Return what the worksheets that ``worker init`` makes tell."""
    services = [
        Service(
            row["Категория"],
            row["Услуга"],
            row["Описание"],
            row["Единица"],
            money(row["Цена"]),
            shown=True,
        )
        for row in _rows(FIRST / "services.csv")
    ]
    return Knowledge.of(
        services,
        [(row["Вопрос"], row["Ответ"]) for row in _rows(FIRST / "questions.csv")],
    )


def _rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))
