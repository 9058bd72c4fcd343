"""How each column looks and what it says about itself: one table, the heart of the
decorations. Pure.

A note stands on the header and says who fills the column and what may be typed. A hint
comes up beside a cell that is being typed into. Rules advise and never forbid: what is
typed otherwise is understood, or explained in «Проверка».
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from record.grid.worksheets import MASTERS, ORDERS, QUESTIONS, SERVICES, STATISTICS
from record.values import Status

Format = Mapping[str, Any]


@dataclass(frozen=True)
class Rule:
    """A data validation that only advises; as it stands, nothing but a hint.

    ``choices`` names the worksheet and the column whose cells are the drop-down. The
    formula of a bare hint holds for everything, and has no function and no separator,
    which differ by the spreadsheet's locale.

    https://developers.google.com/workspace/sheets/api/reference/rest/v4/spreadsheets/cells#datavalidationrule
    """

    hint: str
    kind: str = "CUSTOM_FORMULA"
    values: tuple[str, ...] = ("=1=1",)
    choices: tuple[str, str] | None = None


@dataclass(frozen=True)
class Column:
    """One column: its width in pixels, the note on its header, the format and rule of
    its cells.

    ``ticks``: its booleans are shown as checkboxes.
    """

    width: int
    note: str
    format: Format = field(default_factory=dict)
    rule: Rule | None = None
    ticks: bool = False

    @property
    def whole_format(self) -> Format:
        """The format of its cells, with what the cells of all columns have."""
        return {"verticalAlignment": "MIDDLE", **self.format}


def _number(kind: str, pattern: str) -> Format:
    return {"numberFormat": {"type": kind, "pattern": pattern}}


MOMENT = _number("DATE_TIME", "dd.mm.yyyy hh:mm")
DAY = _number("DATE", "dd.mm.yyyy")
MONEY = _number("NUMBER", '#,##0.00 "₽"')
PHONE = _number("TEXT", "@")
LONG = {"wrapStrategy": "WRAP"}
CLIPPED = {"wrapStrategy": "CLIP"}

A_PHONE = Rule("Телефон в любом виде: 8 900 123-45-67, +7 (900) 123-45-67.")
A_PRICE = Rule("Цена в рублях, например 2000.", "NUMBER_GREATER_THAN_EQ", ("0",))
A_MOMENT = Rule("Дата: 15.12.2026 или 15.12.2026 14:30.")
A_DAY = Rule("Дата: 15.12.2026.")
A_STATUS = Rule(
    "Выберите из списка. Пустая ячейка — это «Новая».", "ONE_OF_LIST", tuple(Status)
)
A_SOURCE = Rule(
    "phone — позвонили, direct — написали в личные сообщения. website и telegram Наряд ставит сам.",
    "ONE_OF_LIST",
    ("website", "telegram", "phone", "direct"),
)
A_MASTER = Rule(
    "Имя с листа «Мастера». Очистите — заявку снова предложат всем.",
    "ONE_OF_RANGE",
    (),
    (MASTERS, "Имя"),
)
A_PERCENT = Rule(
    "Число от 0 до 100. Пусто — общий процент компании.", "NUMBER_BETWEEN", ("0", "100")
)

COLUMNS: dict[str, dict[str, Column]] = {
    ORDERS: {
        "ID": Column(60, "Номер заявки. Ставит Наряд — оставьте пустым в новой строке."),
        "Дата": Column(130, "Когда пришла заявка. Ставит Наряд, можно вписать самим.", MOMENT, A_MOMENT),
        "Источник": Column(95, "Откуда заявка. Ставит Наряд; если пусто, будет phone (звонок).", {}, A_SOURCE),
        "Имя": Column(130, "Как зовут клиента. Впишите как удобно.", LONG),
        "Телефон": Column(135, "Телефон клиента, в любом виде. Без него заявка не уйдёт мастерам.", PHONE, A_PHONE),
        "Категория": Column(120, "Вид работ. Впишите; можно оставить пустой, если заполнена «Проблема».", LONG),
        "Проблема": Column(270, "Что случилось, словами клиента: это прочтут мастера.", LONG),
        "Адрес": Column(210, "Куда ехать: улица, дом, квартира.", LONG),
        "Статус": Column(110, "Новая, В работе, Выполнена или Отменена. Меняйте: клиента известят.", {}, A_STATUS),
        "Мастер": Column(140, "Кто едет. Ставит Наряд, когда мастер принял заявку; можно назначить.", {}, A_MASTER),
        "Цена": Column(110, "Сколько заплатил клиент, в рублях. Пишет мастер в боте или вы.", MONEY, A_PRICE),
        "Комиссия": Column(110, "Доля компании. Считает Наряд; вписанное вами остаётся до смены цены.", MONEY),
        "Дата выполнения": Column(130, "Когда работа закончена. Ставит Наряд, можно исправить.", MOMENT, A_MOMENT),
        "Комментарий": Column(210, "Ваши заметки. Сюда переносится и вписанное в «Проверку».", LONG),
        "Оповещены": Column(
            130, "Когда мастера получили заявку. Пишет Наряд; очистите в новой заявке — известит снова.", MOMENT
        ),
        "Проверка": Column(250, "Что Наряд не понял в строке. Исправьте — сообщение исчезнет само.", LONG),
        "Telegram": Column(110, "Чат клиента в Telegram. Пишет Наряд, не меняйте.", CLIPPED),
        "Ключ": Column(110, "Секрет ссылки, по которой клиент видит заявку. Пишет Наряд, не меняйте.", CLIPPED),
    },
    MASTERS: {
        "ID": Column(60, "Номер мастера. Ставит Наряд, не меняйте."),
        "Имя": Column(150, "Имя и фамилия: их видит клиент, из них список в «Заявках».", LONG),
        "Телефон": Column(135, "Телефон мастера, в любом виде.", PHONE, A_PHONE),
        "Telegram": Column(110, "Чат мастера. Появится сам, когда мастер запишется в боте."),
        "Специализация": Column(200, "Что мастер умеет. Пишет он сам в боте, можно исправить.", LONG),
        "Активен": Column(85, "Кому слать заявки: флажок, да или нет. Ставите вы.", ticks=True),
        "Комиссия, %": Column(105, "Свой процент комиссии. Пусто — общий процент компании.", {}, A_PERCENT),
        "Дата регистрации": Column(130, "Когда мастер записался. Ставит Наряд.", DAY, A_DAY),
        "Выполнено": Column(100, "Сколько заявок выполнено. Считает Наряд."),
        "Заработок": Column(120, "Сколько заработал мастер, за вычетом комиссии. Считает Наряд.", MONEY),
        "Комиссия": Column(120, "Сколько комиссии получила компания. Считает Наряд.", MONEY),
    },
    STATISTICS: {
        "Показатель": Column(260, "Что посчитано. Весь этот лист пишет Наряд.", LONG),
        "Сегодня": Column(110, "С полуночи. Считает Наряд."),
        "Неделя": Column(110, "С понедельника. Считает Наряд."),
        "Месяц": Column(110, "С первого числа. Считает Наряд."),
        "Всего": Column(110, "За всё время. Считает Наряд."),
    },
    SERVICES: {
        "Категория": Column(170, "Раздел каталога на сайте. Пишете вы.", LONG),
        "Услуга": Column(270, "Название услуги, как его увидит клиент. Пишете вы.", LONG),
        "Описание": Column(360, "Что входит, одной-двумя фразами. Пишете вы.", LONG),
        "Единица": Column(95, "За что цена: штука, метр, час. Пишете вы."),
        "Цена": Column(110, "Цена за единицу, в рублях. Пишете вы.", MONEY, A_PRICE),
        "Показывать": Column(100, "Видна ли услуга на сайте: флажок, да или нет. Пусто — видна.", ticks=True),
    },
    QUESTIONS: {
        "Вопрос": Column(320, "Вопрос, как его задал бы клиент. Пишете вы.", LONG),
        "Ответ": Column(520, "Ответ помощника на сайте. Пишете вы.", LONG),
    },
}  # fmt: skip
