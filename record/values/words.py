"""Words with one meaning of few: yes and no, statuses. Pure."""

import re
from enum import StrEnum

from record.values.cells import INVISIBLE, Cell, Unclear, cut, text
from record.values.names import SURE, nearest
from record.worksheets import normal

YES = {
    "да", "true", "истина", "✓", "✔", "✅", "☑", "+", "1", "yes", "y", "д", "активен", "активна", "ок", "ага", "есть",
    "v", "вкл", "работает", "галочка", "конечно",
}  # fmt: skip
NO = {
    "нет", "false", "ложь", "-", "0", "no", "n", "н", "неактивен", "неактивна", "не активен", "не активна", "✗", "✘",
    "❌", "☐", "", "неа", "выкл", "не работает", "—", "–",
}  # fmt: skip


class Status(StrEnum):
    """Where an order stands; the values are the texts of the column «Статус»."""

    NEW = "Новая"
    WORK = "В работе"
    DONE = "Выполнена"
    CANCELLED = "Отменена"


STATUS_WORDS = {
    Status.NEW: ("новая", "новый", "новое", "нова", "новые", "new"),
    Status.WORK: (
        "в работе", "работа", "в раб", "в р", "принята", "принят", "взята", "взят в работу", "в процессе", "выехал",
        "мастер выехал", "делается",
    ),
    Status.DONE: (
        "выполнена", "выполнено", "выполнен", "выполнил", "выполнили", "вып", "выполн", "готово", "готова", "сделано",
        "сделали", "сделал", "завершена", "завершено", "завершен", "закрыта", "закрыто", "закрыт",
    ),
    Status.CANCELLED: (
        "отменена", "отменено", "отменен", "отмена", "отменил", "отменила", "отменили", "отм", "отказ", "отказался",
        "отказалась", "отказались", "снята",
    ),
}  # fmt: skip
STATUS_OF = {word: status for status, words in STATUS_WORDS.items() for word in words}
ALIKE_AT_ALL = 52


def flag(cell: Cell, what: str = "Активен") -> bool:
    """Return a checkbox's or a typed yes/no's meaning; an empty cell is no."""
    if isinstance(cell, bool):
        return cell
    word = normal(INVISIBLE.sub("", text(cell))).rstrip("!")
    if word in YES or text(cell) == "+":
        return True
    if word in NO or text(cell) == "-":
        return False
    raise Unclear(f"{what} «{cut(text(cell))}»: поставьте флажок или напишите «да» либо «нет»")


def status(cell: Cell) -> Status:
    """Return the status a person meant, whatever date, sign or mark stands around it; an empty cell is Новая."""
    if isinstance(cell, bool):
        raise Unclear(f"Статус: здесь флажок, а бывают {', '.join(Status)}")
    shown = text(cell)
    if not shown:
        return Status.NEW
    if exact := STATUS_OF.get(shown.casefold()):
        return exact
    word = " ".join(re.findall(r"[^\W\d_]+", normal(INVISIBLE.sub("", shown))))
    if word in STATUS_OF:
        return STATUS_OF[word]
    near = nearest(word, STATUS_OF, at_least=ALIKE_AT_ALL) if word else None
    if near and near[1] >= SURE:
        return STATUS_OF[near[0]]
    likely = f": может быть, «{STATUS_OF[near[0]]}»? Бывают: " if near else ": бывают "
    raise Unclear(f"Статус «{cut(shown)}» непонятен{likely}{', '.join(Status)}")
