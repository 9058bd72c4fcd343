"""What nobody may promise who does not know: who is on his way, what has been done,
when, and prices in words. Pure.

Each function returns the first such word of a text, "" where there is none that the
facts do not hold too. Both texts are plain: small letters, ``е`` for ``ё``, one kind of
space.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from pymorphy3.analyzer import Parse

from record.assistant.concepts import concept_of
from record.assistant.speech import forms, is_numeral, parsed

WORD = re.compile(r"[а-я]+(?:-[а-я]+)?")
CLAUSE = re.compile(r"[.,;:!?…()\n—–]+")
GREETING = re.compile(
    r"\bдобр(?:ый|ого|ое|ой) (?:день|дня|утро|утра|вечер|вечера|ночи)\b|\bхорошего (?:дня|вечера)\b"
)
MONEY = re.compile(
    r"(?:пол)?(?:тыщ|тысчон|тысячн|тысячк|косар|косых|пятихат|пятикат|пятисот[ко]|двухсот[ко]|трехсот[ко]|соточ|сотк"
    r"|сотн|сотен|сотык|стольник|полтин|полтос|полтах|червон|чирик|лимон|лям|бакс|долл|грош|целков|рублик|копе[йе]"
    r"|пятерк|пятероч|пятерик|десятк|десяточ|двадцатк|тридцатк|штукар|бабл|деньж)\w*"
)
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
_SUMS = "тысяча миллион миллиард сотня сотка десяток пара половина полтинник штука косарь пятерка десятка"
SUMS = frozenset(_SUMS.split())
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
OWN_WORDS = frozenset(
    {"понять", "быть", "рассказать", "ответить", "стать", "сказать", "назвать"}
)
PHRASE = re.compile(
    r"\b(?:в|по) (?:пути|дороге)\b|\bна (?:подходе|подъезде|выезде)\b|\b(?:недалеко|неподалеку|поблизости)\b"
    r"|\bрядом с (?:вами|вашим|домом)\b|\bс минуты на минуту\b|\b(?:ждите|ожидайте|встречайте)\b|\bв наличии\b"
    r"|\bбуд(?:ет|ем|ут|у)(?: [а-я]+){0,2} (?:у вас|на месте|через|к|до)\b|\b(?:уже|сейчас)(?: [а-я]+)? у вас\b"
    r"|\bу вас (?:уже|через)\b|\bсвобод(?:ен|ны|ный|ные)\b|\bзанят[ы]?\b|\bуже (?:у|около|возле|рядом|близко)\b"
)
PRICED = frozenset({"стоить", "обойтись", "потянуть", "встать", "выйти"})
_NEUTRAL = "работа услуга замена вызов ремонт монтаж материал деталь дело проект объект случай мастер установка тариф"
NEUTRAL = frozenset(_NEUTRAL.split())
ASKED = frozenset({"сколько", "скока", "скок", "почем", "столько"})
CONCEPT = concept_of()


def sum_in_words(answer: str, facts: str) -> str:
    """Return a price that is told in words or slang: «косарь», «стоит тыщонку»,
    «полторы тысячи».
    """
    loose = next(
        (
            word
            for word in WORD.findall(answer)
            if MONEY.fullmatch(word) and not _said(word, facts)
        ),
        "",
    )
    return loose or _spelled_out(answer, facts) or _priced(answer, facts)


def span_in_words(answer: str, facts: str) -> str:
    """Return a time that is told in words: «часик», «скоро», «в пятницу»; a greeting
    tells none.
    """
    told = WORD.findall(GREETING.sub(" ", answer))
    times = (
        word for word in told if TIME.fullmatch(word) or DAYS & set(forms(word)[:1])
    )
    return next((word for word in times if not _said(word, facts)), "")


def state(answer: str, facts: str) -> str:
    """Return what is told to have happened or to be about to: «выехал», «в пути»,
    «заявка принята», «перезвоним».
    """
    if (phrase := PHRASE.search(answer)) and phrase[0] not in facts:
        return phrase[0]
    return next(
        (
            word
            for clause in CLAUSE.split(answer)
            for word in _acts(WORD.findall(clause), facts)
        ),
        "",
    )


def _acts(words: list[str], facts: str) -> Iterator[str]:
    if MAYBE & set(words):
        return
    ours = any(SUBJECTS & set(forms(word)) for word in words)
    for word in words:
        likely = parsed(word)[0]
        if _acted(likely, ours=ours) and not _known(likely, facts):
            yield word


def _acted(parse: Parse, *, ours: bool) -> bool:
    """Say whether a word tells that the company acts; what the client is asked or able
    to do is no claim.
    """
    lemma, tag = _lemma(parse), parse.tag
    done = "past" in tag or "PRTS" in tag
    if lemma in MOTION:
        return "impr" not in tag
    if lemma in ACTS:
        return done or "1per" in tag or "3per" in tag
    return ours and done and "perf" in tag and lemma not in OWN_WORDS


def _known(parse: Parse, facts: str) -> bool:
    """Say whether the facts tell the same act; that it is done is told only by a fact
    that it is.
    """
    lemma, told = _lemma(parse), _acts_of(facts)
    if _is_done(parse):
        return (lemma, True) in told
    return _concept(lemma) in {_concept(one) for one, _ in told}


@lru_cache(maxsize=16)
def _acts_of(facts: str) -> frozenset[tuple[str, bool]]:
    """Return the dictionary forms of all words of the facts, and whether each tells
    what is done.
    """
    likely = [parsed(word)[0] for word in WORD.findall(facts)]
    return frozenset((_lemma(parse), _is_done(parse)) for parse in likely)


def _concept(lemma: str) -> str:
    return CONCEPT.get(lemma, lemma)


def _is_done(parse: Parse) -> bool:
    return "past" in parse.tag or "PRTS" in parse.tag


def _lemma(parse: Parse) -> str:
    return str(parse.normal_form).replace("ё", "е")


def _said(word: str, facts: str) -> bool:
    return bool(set(forms(word)) & _meanings(facts)) or word in WORD.findall(facts)


@lru_cache(maxsize=16)
def _meanings(facts: str) -> frozenset[str]:
    return frozenset(form for word in WORD.findall(facts) for form in forms(word))


def _spelled_out(answer: str, facts: str) -> str:
    """Return a number of several words that the facts do not tell in the same order."""
    told = f" {' '.join(forms(word)[0] for word in WORD.findall(facts))} "
    run: list[str] = []
    for word in [*WORD.findall(answer), ""]:
        if word and (is_numeral(word) or SUMS & set(forms(word))):
            run.append(forms(word)[0])
            continue
        if len(run) > 1 and f" {' '.join(run)} " not in told:
            return " ".join(run)
        run = []
    return ""


def _priced(answer: str, facts: str) -> str:
    """Return what a work is told to cost where that is no figure: «стоит пятак»,
    «обойдётся в ящик пива».
    """
    for clause in CLAUSE.split(answer):
        words = WORD.findall(clause)
        verb = next(
            (n for n, word in enumerate(words) if PRICED & set(forms(word))), None
        )
        if verb is None or ASKED & set(words) or re.search(r"\d", clause):
            continue
        after = words[verb + 1 :]
        if any("INFN" in parsed(word)[0].tag for word in after[:1]):
            continue  # «стоит обратиться»
        nouns = (
            word
            for word in after[:4]
            if "NOUN" in parsed(word)[0].tag and not NEUTRAL & set(forms(word))
        )
        if strange := next((word for word in nouns if not _said(word, facts)), ""):
            return strange
    return ""
