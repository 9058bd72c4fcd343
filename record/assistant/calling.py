"""Whether a visitor of the site's chat asks in words for a person, as the button does.
Pure.

Either somebody is to be called, joined or talked to, and that somebody is one of the
company's people; or nothing else is said at all: «оператор», «есть кто живой?».
"""

from record.assistant.speech import LONGEST, MOST_WORDS, WORD, forms

PEOPLE_TEXT = "человек оператор сотрудник менеджер диспетчер администратор консультант живой чел админ"
CALLS_TEXT = (
    "позвать звать дозваться поговорить говорить пообщаться общаться побеседовать"
)
JOINS_TEXT = "соединить переключить связать связаться перевести подключить"
ASIDE_TEXT = """
хотеть надо нужный нужно мочь можно дать давать пожалуйста с со на к я мы мне вы ваш а и есть быть кто ли хоть тут там
здесь уже ну настоящий реальный нормальный здравствуйте добрый день привет
"""
PEOPLE, CALLS, JOINS = (
    frozenset(words.split()) for words in (PEOPLE_TEXT, CALLS_TEXT, JOINS_TEXT)
)
ASIDE = frozenset(ASIDE_TEXT.split())
TOWARDS = frozenset({"с", "со", "на", "к"})
NOT = frozenset({"не", "ни", "без", "нет"})
NEAR = 5  # words between who is called and the calling


def calls_person(text: str) -> bool:
    """Say whether a text asks for a person of the company; of a denial («не надо
    оператора») it does not.
    """
    words = [
        word.casefold().replace("ё", "е") for word in WORD.findall(text[:LONGEST])
    ][:MOST_WORDS]
    meant = [{word, *forms(word)} for word in words]
    people = [
        place
        for place, word in enumerate(meant)
        if word & PEOPLE and not _denied(words, place, 2)
    ]
    if not people:
        return False
    if all(word & (PEOPLE | ASIDE) for word in meant):
        return True
    callings = [place for place in range(len(meant)) if not _denied(words, place, 1)]
    return any(_calls(meant, place, who) for who in people for place in callings)


def _denied(words: list[str], place: int, before: int) -> bool:
    """Say whether a word is denied: «не зовите», «не надо оператора», «а не с
    человеком».
    """
    return any(word in NOT for word in words[max(0, place - before) : place])


def _calls(meant: list[set[str]], place: int, who: int) -> bool:
    """Say whether the word at a place calls the one at another: «позовите человека»,
    «соедините с оператором».
    """
    if abs(who - place) > NEAR:
        return False
    if meant[place] & CALLS:
        return True
    between = meant[place + 1 : who]
    return bool(meant[place] & JOINS) and any(word & TOWARDS for word in between)
