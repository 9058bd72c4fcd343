"""Where an order may stand, with every fact that hangs on it. Pure.

A new status is one member here. The type checker asks for each fact of it, and names
every ``match`` that has to decide what follows from it (they end in ``assert_never``).
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self


@dataclass(frozen=True)
class Look:
    """How an order's row is painted in the sheet: colours as ``#RRGGBB``."""

    background: str
    text: str = "#202124"
    bold: bool = False
    struck: bool = False


@dataclass(frozen=True)
class Facts:
    """What is known of a status wherever it is shown or summed up.

    ``words`` are what staff type for it, small. ``many`` heads a list of such orders.
    ``sign`` stands before it in chats. ``headline`` and ``note`` open the client's
    page, ``happened`` is the line of its history, and ``reached`` how many of the
    page's three steps are behind or under way. ``label`` names it in metrics, ``chip``
    is its class of the site's stylesheet, ``ended`` says that nothing more is to be
    expected.
    """

    words: tuple[str, ...]
    many: str
    sign: str
    headline: str
    note: str
    happened: str
    reached: int
    label: str
    chip: str
    look: Look
    ended: bool = False


class Status(StrEnum):
    """Where an order stands; the values are the texts of the column «Статус»."""

    facts: Facts

    def __new__(cls, value: str, facts: Facts) -> Self:
        """Make a member that is its text and knows its facts."""
        made = str.__new__(cls, value)
        # without this the pair would be the value, and «Новая» no member
        made._value_ = value
        made.facts = facts
        return made

    @classmethod
    def named(cls, name: str) -> Self | None:
        """Return the status whose text this is, None for any other text."""
        for status in cls:
            if status.value == name:
                return status
        return None

    NEW = (
        "Новая",
        Facts(
            words=("новая", "новый", "новое", "нова", "новые", "new"),
            many="Новые",
            sign="🆕",
            headline="Ищем мастера",
            note="Показываем заявку свободным мастерам. Кто её примет, того имя и телефон появятся здесь.",
            happened="Снова ищем мастера",
            reached=1,
            label="new",
            chip="new",
            look=Look("#FFF0B0", bold=True),
        ),
    )
    WORK = (
        "В работе",
        Facts(
            words=(
                "в работе", "работа", "в раб", "в р", "принята", "принят", "взята", "взят в работу", "в процессе",
                "выехал", "мастер выехал", "делается",
            ),
            many="В работе",
            sign="🛠",
            headline="Мастер найден",
            note="Он позвонит вам, чтобы договориться о времени.",
            happened="Мастер принял заявку",
            reached=2,
            label="work",
            chip="work",
            look=Look("#CFE2FA"),
        ),
    )  # fmt: skip
    DONE = (
        "Выполнена",
        Facts(
            words=(
                "выполнена", "выполнено", "выполнен", "выполнил", "выполнили", "вып", "выполн", "готово", "готова",
                "сделано", "сделали", "сделал", "завершена", "завершено", "завершен", "закрыта", "закрыто", "закрыт",
            ),
            many="Выполненные",
            sign="✅",
            headline="Работа выполнена",
            note="Спасибо, что обратились к нам!",
            happened="Работа выполнена",
            reached=3,
            label="done",
            chip="good",
            look=Look("#DDF1E3", "#2F5A3F"),
            ended=True,
        ),
    )  # fmt: skip
    CANCELLED = (
        "Отменена",
        Facts(
            words=(
                "отменена", "отменено", "отменен", "отмена", "отменил", "отменила", "отменили", "отм", "отказ",
                "отказался", "отказалась", "отказались", "снята",
            ),
            many="Отменённые",
            sign="❌",
            headline="Заявка отменена",
            note="Если это ошибка, позвоните нам или оставьте новую заявку.",
            happened="Заявка отменена",
            reached=0,
            label="cancelled",
            chip="quiet",
            look=Look("#DADADA", "#4F4F4F", struck=True),
            ended=True,
        ),
    )  # fmt: skip
    POSTPONED = (
        "Отложена",
        Facts(
            words=(
                "отложена",
                "отложено",
                "отложен",
                "отложили",
                "перенесена",
                "перенесено",
            ),
            many="Отложенные",
            sign="⏸",
            headline="Заявка отложена",
            note="Вернёмся к ней в день, о котором договорились. Если он изменился, позвоните нам.",
            happened="Заявку отложили",
            reached=1,
            label="postponed",
            chip="quiet",
            look=Look("#EFE3F7", "#4A3560"),
        ),
    )
