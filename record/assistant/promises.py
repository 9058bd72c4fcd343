"""What only the company may promise: acts, times, and prices in words. Pure.

Each function returns the first such word of a text, "" where there is none that the
facts do not hold too. Both texts are plain: small letters, ``е`` for ``ё``, one kind of
space.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import chain, dropwhile, groupby
from typing import NamedTuple

from pymorphy3.analyzer import Parse

from record.assistant.speech import CONCEPT, forms, is_numeral, parsed

WORD = re.compile(r"[а-я]+(?:-[а-я]+)?")
CLAUSE = re.compile(r"[.,;:!?…()\n—–]+")
GREETING = re.compile(
    r"\bдобр(?:ый|ого|ое|ой) (?:день|дня|утро|утра|вечер|вечера|ночи)\b|\bхорошего (?:дня|вечера)\b"
)
# тыщонка · полсотни · косарь · рублики: slang that no other rule knows as a sum
MONEY = re.compile(
    r"(?:пол)?(?:тыщ|тысчон|тысячн|тысячк|косар|косых|пятихат|пятикат|пятисот[ко]|двухсот[ко]|трехсот[ко]|соточ|сотк"
    r"|сотн|сотен|сотык|стольник|полтин|полтос|полтах|червон|чирик|лимон|лям|бакс|долл|грош|целков|рублик|копе[йе]"
    r"|пятерк|пятероч|пятерик|десятк|десяточ|двадцатк|тридцатк|штукар|бабл|деньж)\w*"
)
# часик · полчасика · минутка · вот-вот: what the lists of claims.py don't have
TIME = re.compile(
    r"(?:пол)?(?:часик|часок|часоч|минут|секунд|недельк|месяч|денек|деньк|деньч)\w*|мигом|живо|вот-вот|вскоре|скоро"
    r"|поскорее|побыстрее|быстро|оперативно|незамедлительно|ежедневно|утром|вечером|полдень|полночь|поутру"
)
_DAYS = """
утро вечер обед понедельник вторник среда четверг пятница суббота воскресенье воскресение выходной праздник
будни будний январь
февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
"""
DAYS = frozenset(_DAYS.split())
_COUNTED = "тысяча миллион миллиард сотня сотка десяток пара половина полтинник косарь пятерка десятка"
COUNTED = frozenset(_COUNTED.split())
# slang for a thousand, but also a unit: «за штуку»
SUMS = COUNTED | {"штука"}
_MOTION = """
ехать поехать выехать выезжать приехать приезжать подъехать подъезжать прибыть прибывать доехать заехать заезжать
добраться добираться прийти явиться примчаться мчаться мчать спешить направиться направляться выдвинуться выдвигаться
отправиться отправляться подскочить подкатить вылететь лететь
"""
MOTION = frozenset(_MOTION.split())
_ACTS = """
принять записать оформить назначить передать отправить послать направить выслать прислать забронировать бронировать
зарезервировать создать зарегистрировать согласовать подтвердить вызвать найти подобрать начать закончить завершить
выполнить отправлять высылать направлять передавать записывать перезванивать
оплатить списать зачислить освободиться перезвонить позвонить связаться уведомить набрать предупредить
"""
# of the company: it alone knows whether they are done, or will be
ACTS = frozenset(_ACTS.split())
_SUBJECTS = """
мастер электрик бригада специалист сотрудник менеджер диспетчер оператор коллега заявка заказ запись мы я
"""
SUBJECTS = frozenset(_SUBJECTS.split())
# nothing is claimed in such a clause
MAYBE = frozenset({"если", "когда", "чтобы", "пока", "после", "перед"})
# what is about the talk itself claims nothing: «мы поняли», «мастер сказал»
OWN_WORDS = frozenset(
    {"понять", "быть", "рассказать", "ответить", "стать", "сказать", "назвать"}
)
# в пути · будет у вас через · уже рядом: a state of several words
PHRASE = re.compile(
    r"\b(?:в|по) (?:пути|дороге)\b|\bна (?:подходе|подъезде|выезде)\b|\b(?:недалеко|неподалеку|поблизости)\b"
    r"|\bрядом с (?:вами|вашим|домом)\b|\bс минуты на минуту\b|\b(?:ждите|ожидайте|встречайте)\b|\bв наличии\b"
    r"|\bбуд(?:ет|ем|ут|у)(?: [а-я]+){0,2} (?:у вас|на месте|через|к|до)\b|\b(?:уже|сейчас)(?: [а-я]+)? у вас\b"
    r"|\bу вас (?:уже|через)\b|\bсвобод(?:ен|ны|ный|ные)\b|\bзанят[ы]?\b|\bуже (?:у|около|возле|рядом|близко)\b"
)
# verbs before a price: «стоит пятак», «обойдётся в ящик пива»
PRICED = frozenset({"стоить", "обойтись", "потянуть", "встать", "выйти"})
# no price, where they stand behind such a verb: «стоит замена»
_NEUTRAL = "работа услуга замена вызов ремонт монтаж материал деталь дело проект объект случай мастер установка тариф"
NEUTRAL = frozenset(_NEUTRAL.split())
ASKED = frozenset({"сколько", "скока", "скок", "почем", "столько"})
# of a verb: past, or a short participle («принята»)
DONE = frozenset({"past", "PRTS"})
# of a verb: «перезвоним», «перезвонят»; «перезвоните» is asked of the client
ITSELF = frozenset({"1per", "3per"})
PRICE_WITHIN = 4  # words behind the verb


class _Act(NamedTuple):
    """What a word says somebody does: the verb's dictionary form, and if it is done."""

    lemma: str
    done: bool


def sum_in_words(answer: str, facts: str) -> str:
    """Return a price in words or slang: «косарь», «стоит тыщонку», «полторы тысячи»."""
    words = WORD.findall(answer)
    slang = filter(MONEY.fullmatch, words)
    return (
        _first_unsaid(slang, facts)
        or _spelled_out(words, facts)
        or _priced(answer, facts)
    )


def span_in_words(answer: str, facts: str) -> str:
    """Return a time in words: «часик», «скоро», «в пятницу».

    A greeting says none.
    """
    words = WORD.findall(GREETING.sub(" ", answer))
    return _first_unsaid(filter(_is_time, words), facts)


def state(answer: str, facts: str) -> str:
    """Return what is said to have happened, or to be about to.

    «выехал», «в пути», «заявка принята», «перезвоним»
    """
    phrase = PHRASE.search(answer)
    if phrase and phrase[0] not in facts:
        return phrase[0]
    for clause in CLAUSE.split(answer):
        act = _act_in(WORD.findall(clause), facts)
        if act:
            return act
    return ""


def _first_unsaid(words: Iterable[str], facts: str) -> str:
    for word in words:
        if not _said(word, facts):
            return word
    return ""


def _is_time(word: str) -> bool:
    return TIME.fullmatch(word) is not None or _likeliest(word) in DAYS


def _act_in(words: list[str], facts: str) -> str:
    """Return the first act of a clause that the facts do not have."""
    if not MAYBE.isdisjoint(words):
        return ""
    ours = any(SUBJECTS & set(forms(word)) for word in words)
    for word in words:
        likely = parsed(word)[0]
        if _acted(likely, ours=ours) and not _known(likely, facts):
            return word
    return ""


def _acted(parse: Parse, *, ours: bool) -> bool:
    """Return whether a word says that the company acts.

    What the client is asked or able to do is no claim. ``ours``: one of the company's
    people, or an order, stands in the same clause.
    """
    lemma, tag = _lemma(parse), parse.tag
    done = _is_done(parse)
    if lemma in MOTION:
        return "impr" not in tag  # «приезжайте» is asked of the client
    if lemma in ACTS:
        return done or not ITSELF.isdisjoint(tag.grammemes)
    # any other verb only where it is finished: «мастер починил», not «мастер чинил»
    finished = done and "perf" in tag
    return ours and finished and lemma not in OWN_WORDS


def _known(parse: Parse, facts: str) -> bool:
    """Return whether the facts have the same act.

    Only a fact that it is done says so: «мастер приедет» does not make
    «мастер приехал» true.
    """
    lemma, given = _lemma(parse), _acts_of(facts)
    if _is_done(parse):
        return _Act(lemma, done=True) in given
    return _concept(lemma) in {_concept(act.lemma) for act in given}


@lru_cache(maxsize=16)
def _acts_of(facts: str) -> frozenset[_Act]:
    """Return all words of the facts, each as if it were an act."""
    likely = [parsed(word)[0] for word in WORD.findall(facts)]
    return frozenset(_Act(_lemma(parse), _is_done(parse)) for parse in likely)


def _concept(lemma: str) -> str:
    return CONCEPT.get(lemma, lemma)


def _is_done(parse: Parse) -> bool:
    return not DONE.isdisjoint(parse.tag.grammemes)


def _lemma(parse: Parse) -> str:
    return str(parse.normal_form).replace("ё", "е")


def _said(word: str, facts: str) -> bool:
    """Return whether the facts have the word, in any form."""
    if not _meanings(facts).isdisjoint(forms(word)):
        return True
    return word in WORD.findall(facts)


@lru_cache(maxsize=16)
def _meanings(facts: str) -> frozenset[str]:
    words = WORD.findall(facts)
    return frozenset(chain.from_iterable(map(forms, words)))


def _spelled_out(words: list[str], facts: str) -> str:
    """Return a number of several words that the facts do not have in the same order."""
    # with a space around, so that no number is found within a word
    given = f" {' '.join(map(_likeliest, WORD.findall(facts)))} "
    for counting, run in groupby(words, _counts):
        number = list(map(_likeliest, run))
        if not counting or len(number) < 2:
            continue
        spelled = " ".join(number)
        if f" {spelled} " not in given:
            return spelled
    return ""


def _likeliest(word: str) -> str:
    return forms(word)[0]


def _counts(word: str) -> bool:
    return is_numeral(word) or not SUMS.isdisjoint(forms(word))


def _priced(answer: str, facts: str) -> str:
    """Return what a work is said to cost where that is no figure.

    «стоит пятак», «обойдётся в ящик пива»
    """
    for clause in CLAUSE.split(answer):
        words = WORD.findall(clause)
        # «сколько стоит» asks, and figures are the matter of another rule
        if not ASKED.isdisjoint(words) or re.search(r"\d", clause):
            continue
        price = _first_unsaid(filter(_is_price, _behind_price_verb(words)), facts)
        if price:
            return price
    return ""


def _behind_price_verb(words: list[str]) -> list[str]:
    """Return the few words behind «стоит» and the like."""
    from_verb = list(dropwhile(_is_no_price_verb, words))
    behind = from_verb[1 : 1 + PRICE_WITHIN]
    if behind and "INFN" in parsed(behind[0])[0].tag:
        return []  # «стоит обратиться»
    return behind


def _is_no_price_verb(word: str) -> bool:
    return PRICED.isdisjoint(forms(word))


def _is_price(word: str) -> bool:
    """Return whether a noun behind «стоит» may be what a work costs."""
    is_noun = "NOUN" in parsed(word)[0].tag
    return is_noun and NEUTRAL.isdisjoint(forms(word))
