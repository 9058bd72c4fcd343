"""What people say to a bot beside answering it: «отмена», «привет», «сколько стоит?». Pure.

Only what says nothing else is taken for it: «Здравствуйте, искрит розетка» is an answer,
and so is «ул. Стопани», «Спасов» or «Нет света».
"""

import re
from enum import Enum

from record.assistant.calling import calls_person
from record.values.comparing import normal
from record.values.slips import SHORTEST, is_slip


class Says(Enum):
    """What a text says that answers no question."""

    CANCEL = "cancel"
    BACK = "back"
    GREETING = "greeting"
    HELP = "help"
    YES = "yes"
    NO = "no"
    THANKS = "thanks"
    PERSON = "person"
    PRICE = "price"
    SIGNS = "signs"


LONGEST = 60  # characters: what is longer says more
WORD = re.compile(r"[^\W_]+")
# «пожалуйста», «мне»: beside the words below they change nothing
_ASIDE = """
пожалуйста плиз мне нам ну а и же вам вас всем бот так тогда уже
"""
ASIDE = frozenset(_ASIDE.split())
SAID: dict[Says, str] = {
    Says.CANCEL: """
        отмена|отменить|отмените|отменяю|отмени|отмена заявки|отменить заявку|отмените заявку|отмена заказа
        |отменить заказ|стоп|stop|хватит|выход|выйти|меню|в меню|главное меню|вернуться в меню|передумал|передумала
        |не хочу|уже не надо|больше не надо|не нужно|не надо|cancel|закончить|прекрати|прекратить|отбой|quit|exit
        """,
    Says.BACK: """
        назад|обратно|вернуться|вернуться назад|шаг назад|предыдущий вопрос|вернись|вернитесь|back|вернуть
        """,
    Says.GREETING: """
        здравствуйте|здраствуйте|здравствуй|здрасте|здрасьте|привет|приветик|приветствую|добрый день|добрый вечер
        |доброе утро|доброй ночи|доброго дня|доброго времени суток|хай|hi|hello|салют|алло|ало|добрый
        |здравствуйте добрый день|привет привет|ку|вечер добрый|день добрый
        """,
    Says.HELP: """
        помощь|помоги|помогите|хелп|help|справка|что делать|что дальше|а что дальше|как это работает
        |как пользоваться|не понимаю|не понял|не поняла|инструкция|что писать|что надо писать|что нужно писать
        |что мне делать|info|инфо|как заказать|как вызвать мастера
        """,
    Says.YES: """
        да|ага|угу|ок|окей|okay|ok|хорошо|ладно|верно|все верно|да верно|да все верно|правильно|все правильно
        |подтверждаю|подтвердить|согласен|согласна|давай|давайте|yes|конечно|точно|пойдет|отлично|супер|понял
        |поняла|понятно|ясно|принято|договорились|жду|готово|идет
        """,
    Says.NO: "нет|неа|no|нет нет|неверно|не верно|неправильно|не правильно|не так|нету",
    Says.THANKS: """
        спасибо|спасибо большое|большое спасибо|спс|благодарю|спасибки|пасиб|пасибо|мерси|thanks|thank you
        |огромное спасибо|спасибо огромное|благодарствую|хорошо спасибо|ок спасибо|да спасибо|нет спасибо
        """,
    Says.PERSON: "оператор|диспетчер|менеджер|человек|живой человек|администратор|админ|позвоните|перезвоните",
    Says.PRICE: """
        сколько стоит|сколько это стоит|сколько это будет стоить|сколько будет стоить|сколько стоит вызов
        |сколько стоят услуги|какая цена|какие цены|какая стоимость|цена|цены|прайс|прайс лист|прайслист|стоимость
        |почем|сколько денег|сколько|расценки|какие расценки|тариф|тарифы|сколько стоит выезд|цена вопроса
        |во сколько обойдется|сколько возьмете|сколько берете|узнать цену|сколько стоит работа|сколько платить
        """,
}  # fmt: skip
MEANING = {
    " ".join(phrase.split()): says
    for says, phrases in SAID.items()
    for phrase in phrases.split("|")
}
OF_COMMANDS = {"help": Says.HELP, "stop": Says.CANCEL, "back": Says.BACK}
# of a picture: which of its two looks, and the colour of a hand
SHADES = re.compile("[\N{VARIATION SELECTOR-16}\U0001f3fb-\U0001f3ff]")
AGREEING, REFUSING = re.compile("[+👍👌✅🙂🆗]+"), re.compile("[-–—👎❌]+")


def small_talk(text: str) -> Says | None:
    """Return what a text says beside answering, None where it may be an answer."""
    if len(text) > LONGEST:
        return None
    if not re.search(r"\w", text):
        return _signs(text)
    if text.startswith("/"):
        return OF_COMMANDS.get(text[1:].casefold())
    words = WORD.findall(normal(text))
    bare = [word for word in words if word not in ASIDE] or words
    for phrase in (" ".join(words), " ".join(bare)):
        if phrase in MEANING:
            return MEANING[phrase]
    if calls_person(text):
        return Says.PERSON
    return _with_a_slip(bare)


def _signs(text: str) -> Says:
    """Return what signs and pictures say that have no word among them."""
    bare = SHADES.sub("", "".join(text.split()))
    if AGREEING.fullmatch(bare):
        return Says.YES
    if REFUSING.fullmatch(bare):
        return Says.NO
    return Says.SIGNS


def _with_a_slip(words: list[str]) -> Says | None:
    """Return what one mistyped word says: «отмнеа», «спасибоо»."""
    if len(words) != 1 or len(words[0]) < SHORTEST:
        return None
    found = {says for one, says in MEANING.items() if is_slip(words[0], one)}
    return found.pop() if len(found) == 1 else None
