"""What is said to a visitor who only greets, thanks or takes his leave. Pure."""

import re

from record.assistant.speech import LONGEST, MOST_WORDS

WORD = re.compile(r"[^\W\d_]+|\d+")
GREETINGS_TEXT = """
привет приветик приветствую здравствуй здравствуйте здрасте здрасьте здарова здорово салют хай хелло хеллоу
hello hi hey ку доброе добрый доброй доброго добрейшего
дня день утро утра вечер вечера вечерочек ночи ночь времени суток
"""
# without one of these the hour alone is no greeting: «вечер» may answer a question
GREETS_TEXT = """
привет приветик приветствую здравствуй здравствуйте здрасте здрасьте здарова здорово салют хай хелло хеллоу
hello hi hey ку доброе добрый доброй доброго добрейшего
"""
THANKS_TEXT = "спасибо спасибочки спс пасиб пасибо благодарю благодарим thanks"
LEAVES_TEXT = "пока свидания прощайте досвидания bye"
# words beside which these are all that is said
ASIDE_TEXT = """
вам вас тебе всем ребята друзья большое огромное за помощь ответ очень всё все понял поняла понятно ясно
ок окей хорошо до и ещё раз уже есть кто тут здесь нибудь кто-нибудь как дела
вы там алло ау хорошего всего доброго удачи
"""
GREETINGS = frozenset(GREETINGS_TEXT.split())
GREETS = frozenset(GREETS_TEXT.split())
THANKS = frozenset(THANKS_TEXT.split())
LEAVES = frozenset(LEAVES_TEXT.split())
ASIDE = frozenset(ASIDE_TEXT.split())

HELLO = (
    "Здравствуйте! Я консультант: отвечу о ценах, сроках и гарантии. "
    "Напишите, что случилось или что нужно сделать."
)
WELCOME = "Пожалуйста! Если появится ещё вопрос, пишите сюда."
GOODBYE = "Всего доброго! Если что-то понадобится, пишите или звоните."


def manners(text: str) -> str:
    """Return the answer to a text that only greets, thanks or takes leave, else ""."""
    words = {word.casefold() for word in WORD.findall(text[:LONGEST])[:MOST_WORDS]}
    if words & THANKS and words <= THANKS | LEAVES | GREETINGS | ASIDE:
        return WELCOME
    if words & GREETS and words <= GREETINGS | ASIDE:
        return HELLO
    if words & LEAVES and words <= LEAVES | ASIDE:
        return GOODBYE
    return ""
