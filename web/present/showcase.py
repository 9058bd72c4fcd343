"""What the page of services says beside prices: words, pictures, examples. Pure.

Kinds are recognised by the name of a category in «Услуги», so that staff may reword,
add and leave out; a kind that is not known here gets the plain picture and tells what
it holds by the names of its services.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from record.reports.estimate import Choice, Estimate, choice_code, estimate
from record.reports.price_rule import Rates
from web.present.prices import Offer, PriceList, price_from

SHOWN = 4


@dataclass(frozen=True)
class WorkKind:
    """A kind of work; ``words`` are how words of a category's name begin that mean it."""

    words: tuple[str, ...]
    picture: str
    text: str


KINDS = (
    WorkKind(
        ("срочно", "аварий"),
        "urgent",
        "Запах гари, искры, нет света во всём доме. Отключите автомат, если можете, "
        "и звоните: сначала сделаем безопасно, потом разберёмся.",
    ),
    WorkKind(
        ("вызов", "диагност"),
        "search",
        "Приедем, найдём причину и назовём цену до начала работы. Решать вам.",
    ),
    WorkKind(
        ("розет", "выключ"),
        "socket",
        "Заменим, перенесём, добавим новую. Искрящую починим: часто дело в "
        "контакте, а не в розетке.",
    ),
    WorkKind(
        ("освещ", "свет", "люстр"),
        "lamp",
        "Люстры, споты, бра, ленты и свет во дворе. Соберём, повесим, проверим.",
    ),
    WorkKind(
        ("щит", "автомат"),
        "panel",
        "Автоматы, УЗО, счётчик и щит целиком. Подпишем каждую линию, чтобы вы знали, "
        "что где отключается.",
    ),
    WorkKind(
        ("провод", "кабел"),
        "cable",
        "От одной перебитой линии до новой проводки во всей квартире. Медь, сечение "
        "по нагрузке, схема остаётся вам.",
    ),
    WorkKind(
        ("техник", "прибор"),
        "oven",
        "Варочные панели, духовки, водонагреватели, тёплый пол: подключим на линию, "
        "которая это выдержит.",
    ),
    WorkKind(
        ("частный", "дом", "дач"),
        "house",
        "Ввод, заземление, генератор, зарядка для машины. Всё, что в квартире "
        "не встретишь.",
    ),
)


@dataclass(frozen=True)
class Section:
    """A category as the page shows it; ``least`` is its lowest price."""

    name: str
    category: str
    picture: str
    text: str
    least: Decimal | None
    offers: tuple[Offer, ...]
    more: int


@dataclass(frozen=True)
class Example:
    """A task as people bring it; ``works`` are the services that its price is of."""

    picture: str
    title: str
    text: str
    works: Mapping[str, int]


EXAMPLES = (
    Example(
        "kitchen",
        "Кухня под новую технику",
        "Панель и духовка просят каждая свою линию, а розетка у столешницы "
        "одна на всех. Добавляем линии, чайник больше не гасит плиту.",
        {
            "Подключение варочной панели": 1,
            "Подключение духового шкафа": 1,
            "Установка новой розетки с проводкой": 2,
        },
    ),
    Example(
        "board",
        "Щит, в котором всё подписано",
        "Две пробки на квартиру меняем на щит: каждая комната на своём "
        "автомате, ванная под УЗО, техника под реле напряжения.",
        {
            "Сборка щита на 12 модулей": 1,
            "Установка УЗО или дифавтомата": 1,
            "Установка реле напряжения": 1,
        },
    ),
    Example(
        "room",
        "Свет в новой гостиной",
        "Люстра в центре, споты над диваном, лента за карнизом, и всё это "
        "включается порознь.",
        {
            "Сборка и подвес люстры": 1,
            "Установка точечного светильника": 6,
            "Монтаж светодиодной ленты": 5,
        },
    ),
    Example(
        "yard",
        "Дом за городом",
        "Контур заземления с замером, прожектор над воротами и зарядка для машины на "
        "отдельной линии.",
        {
            "Заземление частного дома": 1,
            "Уличный светильник или прожектор": 1,
            "Зарядная станция для электромобиля": 1,
        },
    ),
)


@dataclass(frozen=True)
class PricedExample:
    """An example by today's prices; ``code`` opens it in the calculator."""

    example: Example
    made: Estimate | None
    code: str


def sections(prices: PriceList) -> list[Section]:
    """Return the categories in the order of the sheet, with words and a picture."""
    return [_section(name, offers) for name, offers in prices.groups().items()]


def examples(prices: PriceList, rates: Rates) -> list[PricedExample]:
    """Return the examples; without a price where a service of theirs isn't offered."""
    codes = {}
    for offer in prices.offers:
        if offer.service.price is not None:
            codes[offer.service.name] = offer.code
    return [_priced(example, codes, prices, rates) for example in EXAMPLES]


def _section(name: str, offers: list[Offer]) -> Section:
    picture = "plug"
    text = f"{_listed(offers)}."
    kind = _kind_of(name)
    if kind is not None:
        picture = kind.picture
        text = kind.text
    first = tuple(offers[:SHOWN])
    return Section(
        name=name,
        category=offers[0].service.category,
        picture=picture,
        text=text,
        least=price_from(offers),
        offers=first,
        more=len(offers) - len(first),
    )


def _kind_of(category: str) -> WorkKind | None:
    words = re.findall(r"\w+", category.casefold())
    for kind in KINDS:
        if any(word.startswith(kind.words) for word in words):
            return kind
    return None


def _listed(offers: Iterable[Offer]) -> str:
    first, *others = [offer.service.name for offer in offers][:3]
    return ", ".join([first, *(name[:1].lower() + name[1:] for name in others)])


def _priced(
    example: Example, codes: Mapping[str, str], prices: PriceList, rates: Rates
) -> PricedExample:
    if any(name not in codes for name in example.works):
        return PricedExample(example, None, "")
    choice = Choice({codes[name]: count for name, count in example.works.items()})
    made = estimate(choice, prices.services, rates)
    return PricedExample(example, made, choice_code(choice))
