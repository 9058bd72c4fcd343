"""Whether a visitor of the chat asks in words for a person, as the button does. Pure.

Either he says that somebody of the company is to be called, joined or talked to:
«соедините с менеджером»; or he says nothing else at all: «оператор», «есть кто живой?».
"""

from collections.abc import Iterable

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
PEOPLE = frozenset(PEOPLE_TEXT.split())
CALLS = frozenset(CALLS_TEXT.split())
JOINS = frozenset(JOINS_TEXT.split())
# words beside which «оператор» still is all that is said
ASIDE = frozenset(ASIDE_TEXT.split())
TOWARDS = frozenset({"с", "со", "на", "к"})
NOT = frozenset({"не", "ни", "без", "нет"})
NEAR = 5  # words between who is called and the calling
# words before a person or a calling in which a «не» denies it:
# «не надо оператора», «а не с человеком», but «не зовите» only right before
BEFORE_PERSON, BEFORE_CALLING = 2, 1

Meanings = set[str]  # a word as typed, and all its dictionary forms


def calls_person(text: str) -> bool:
    """Return whether a text asks for a person; «не надо оператора» does not."""
    words = _words(text)
    meant: list[Meanings] = [{word, *forms(word)} for word in words]
    people = [place for place, word in enumerate(meant) if word & PEOPLE]
    wanted = _not_denied(people, words, BEFORE_PERSON)
    if not wanted:
        return False
    if all(word & (PEOPLE | ASIDE) for word in meant):
        return True  # nothing else is said
    callings = _not_denied(range(len(words)), words, BEFORE_CALLING)
    return any(_is_called(meant, who, callings) for who in wanted)


def _words(text: str) -> list[str]:
    words = WORD.findall(text[:LONGEST])[:MOST_WORDS]
    return [word.casefold().replace("ё", "е") for word in words]


def _not_denied(places: Iterable[int], words: list[str], before: int) -> list[int]:
    """Return the places that have no «не» among the few words before them."""
    kept: list[int] = []
    for place in places:
        leading = words[max(0, place - before) : place]
        if NOT.isdisjoint(leading):
            kept.append(place)
    return kept


def _is_called(meant: list[Meanings], who: int, callings: list[int]) -> bool:
    return any(_calls(meant, place, who) for place in callings)


def _calls(meant: list[Meanings], place: int, who: int) -> bool:
    """Return whether the word at ``place`` calls the one at ``who``.

    «позовите человека», but «соедините с оператором»: without «с» it may be a wire.
    """
    if abs(who - place) > NEAR:
        return False
    if meant[place] & CALLS:
        return True
    if not meant[place] & JOINS:
        return False
    between = meant[place + 1 : who]
    return any(word & TOWARDS for word in between)
