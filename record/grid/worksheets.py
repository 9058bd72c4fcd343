"""The worksheets: their titles, columns, and which columns the system may write.

Pure. Columns are found by header, in any order; a person's own columns beside them are
left alone.
"""

from dataclasses import dataclass

ORDERS = "Заявки"
MASTERS = "Мастера"
STATISTICS = "Статистика"
SERVICES = "Услуги"
QUESTIONS = "Вопросы"


@dataclass(frozen=True)
class Worksheet:
    """One worksheet's contract.

    ``columns`` are in the order in which `init` lays them; without the ``required`` the
    worksheet is not trusted at all; ``own`` are the system's, which people leave alone.
    """

    title: str
    columns: tuple[str, ...]
    required: frozenset[str]
    own: frozenset[str] = frozenset()

    def index(self, column: str) -> int:
        """Return a column's place in ``columns``, and so in a row of ours."""
        return self.columns.index(column)


WORKSHEETS = {
    sheet.title: sheet
    for sheet in (
        Worksheet(
            ORDERS,
            (
                "ID", "Дата", "Источник", "Имя", "Телефон", "Категория", "Проблема", "Адрес", "Этаж", "Статус",
                "Мастер", "Цена", "Комиссия", "Дата выполнения", "Комментарий", "Оповещены", "Проверка", "Telegram",
                "Ключ",
            ),
            required=frozenset(
                {"ID", "Имя", "Телефон", "Категория", "Проблема", "Адрес", "Статус", "Мастер", "Цена", "Комиссия",
                 "Дата", "Источник", "Дата выполнения", "Оповещены", "Проверка", "Telegram", "Ключ"}
            ),
            own=frozenset({"ID", "Оповещены", "Проверка", "Telegram", "Ключ"}),
        ),
        Worksheet(
            MASTERS,
            (
                "ID", "Имя", "Телефон", "Telegram", "Специализация", "Активен", "Комиссия, %", "Дата регистрации",
                "Выполнено", "Заработок", "Комиссия",
            ),
            required=frozenset({"ID", "Имя", "Телефон", "Telegram", "Активен"}),
            own=frozenset({"ID", "Выполнено", "Заработок", "Комиссия"}),
        ),
        Worksheet(
            STATISTICS,
            ("Показатель", "Сегодня", "Неделя", "Месяц", "Всего"),
            required=frozenset({"Показатель", "Сегодня", "Неделя", "Месяц", "Всего"}),
            own=frozenset({"Показатель", "Сегодня", "Неделя", "Месяц", "Всего"}),
        ),
        Worksheet(
            SERVICES,
            ("Категория", "Услуга", "Описание", "Единица", "Цена", "Показывать"),
            required=frozenset({"Категория", "Услуга", "Цена"}),
        ),
        Worksheet(QUESTIONS, ("Вопрос", "Ответ"), required=frozenset({"Вопрос", "Ответ"})),
    )
}  # fmt: skip
