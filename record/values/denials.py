"""What the words beside a number say of it: old, wrong, or the one to call. Pure.

A clause goes with the number that it touches: ``старый 8900…, новый 8911…``, ``8900…
(не этот!)``. One that stands between two numbers, and no comma or bracket parts it from
either, may mean either, and so is taken to mean both.
"""

import re
from enum import Enum
from itertools import filterfalse, pairwise
from typing import NamedTuple

# endings of adjectives: старый, старого, старую …
FORM = r"(?:ый|ий|ая|ое|ые|ого|ому|ой|ым|ых|ую)"
# what only names the thing itself: «номер», «моб.»
ABOUT = re.compile(
    r"номер\w{0,3}|тел|телефон\w{0,3}|моб|мобильн\w{2,3}|сот|сотов\w{2,3}|сим\w{0,3}|phone|number"
)
_FILLERS = """
а но и ну вот же то уже больше теперь это этот эта этому он его ее их мой моя наш ваш там т на по тот тому тут
сюда туда нему него ему сам надо нужно стоит следует можно пожалуйста просьба для the this is a
"""
FILLERS = frozenset(_FILLERS.split())
# «старый», «нерабочий номер»: denies by standing right before or after the number
OLD = re.compile(
    rf"(?:стар|прежн|бывш|прошл|предыдущ|нерабоч|чуж|ненужн){FORM}|old|former|кроме|вместо|минус"
)
# «неверный», «номер недоступен»: denies wherever in the clause it stands
WRONG = re.compile(
    r"невер(?:н\w+|ен)|неправильн\w+|ошибочн\w+|неактуал\w+|недейств\w+|недоступн\w+|устаре\w+|wrong|invalid"
)
_ALONE = """
нет ошибка отключен отключили заблокирован утерян потерян удалить удалите удален вычеркнуть зачеркнут отмена
был раньше сменил сменила сменился поменял поменяла поменялся
"""
# where nothing else is said in the clause: «отключен свет» denies no number
ALONE = frozenset(_ALONE.split())
# «новый», «верный номер»: the one to call instead
NEW = re.compile(rf"(?:нов|актуальн|правильн|верн|действующ){FORM}|new|верен|актуален")
NOT = frozenset({"не", "ни", "not", "no"})
# «вместо старого»: the word denies what follows it, and not the number behind
INSTEAD = frozenset({"вместо", "взамен"})
# said of what follows, never of what stands before
TAKES_NEXT = NOT | {"кроме", "вместо", "минус"}
# «не звонить», «не используется»: what nobody says of a number that may be called
NEVER = re.compile(
    r"звон\w+|набир\w+|набра\w+|использ\w+|актуал\w+|действ\w+|вер(?:ен|на|но|ный)|правильн\w+|сущест\w+|обслуж\w+"
)
CALLS = re.compile(r"звон\w+")
# «не звонить после 20»: when not to call, which is no denial
WHEN = re.compile(
    r"\d+|до|после|раньше|ранее|позже|позднее|ночью|утром|утра|вечером|днем|рано|поздно|сегодня|завтра|с|в|когда|если"
    r"|пока|без"
)
# «не звонить, пишите в телеграм»: the number is right, and for messages
WRITE = re.compile(
    r"пиш\w+|писа\w+|смс|sms|сообщ\w+|whats\w*|в[ао][тц]\w*|телег\w*|тг|tg|макс|max|viber|вайбер"
)
# «не отвечает», «не срочно», «не раньше»: said of the person, the work or the hour
HARMLESS = re.compile(
    r"раньше|ранее|позже|позднее|до|после|ночью|утром|вечером|днем|рано|поздно|отвеча\w+|ответ\w+|бер[еу]\w+|взял\w*"
    r"|доступ\w+|дозвон\w+|слыш\w+|говор\w+|понима\w+|сроч\w+|всегда|сразу|очень|забуд\w+|забы\w+|стесня\w+|дома"
    r"|беспоко\w+|буд\w+|трев\w+|сегодня|сейчас|завтра|тороп\w+|спеш\w+|шум\w+|whats\w*|в[ао][тц]\w+"
)
CROSSES = frozenset("❌✗✘✖⛔🚫👎")
BREAKS = re.compile(r"[,;.!?()\[\]/|\n…]+|(?<!\w)(?:а|но|или|либо)(?!\w)")
# their dot ends no clause: «тел. 8900…»
SHORTENED = re.compile(r"(?<!\w)(тел|моб|сот|ном|т)\.")
WORD = re.compile(r"[^\W\d_]+|\d+")


class NumberVerdict(Enum):
    """What is said of a number."""

    PLAIN = "plain"
    DENIED = "denied"
    PREFERRED = "preferred"


class Place(NamedTuple):
    """Where in a text a number stands."""

    start: int
    end: int


def verdicts(text: str, places: list[Place]) -> list[NumberVerdict]:
    """Return what the words of a text say of each of the numbers in it.

    ``places`` are in the order in which the numbers stand.
    """
    gaps = _gaps(text, places)
    found: list[NumberVerdict] = []
    for before, after in pairwise(gaps):
        is_last = len(found) == len(places) - 1
        found.append(_verdict(before, after, last=is_last))
    return found


def _gaps(text: str, places: list[Place]) -> list[list[str]]:
    """Return the clauses before, between and behind the numbers, one list a gap."""
    gaps: list[list[str]] = []
    start = 0
    for place in places:
        gaps.append(_clauses(text[start : place.start]))
        start = place.end
    return [*gaps, _clauses(text[start:])]


def _clauses(gap: str) -> list[str]:
    """Return the clauses of a gap; its first and last ones touch the numbers."""
    plain = SHORTENED.sub(r"\1", gap.lower().replace("ё", "е"))
    return BREAKS.split(plain.rstrip(" :«\"'([—–-"))


def _verdict(before: list[str], after: list[str], *, last: bool) -> NumberVerdict:
    """Return what is said of a number between these clauses."""
    ahead = _words(before[-1])
    behind = _touching(after, last=last)
    crossed = CROSSES & {*before[-1], *after[0]}
    if crossed or _denied_ahead(ahead) or _denied_behind(behind):
        return NumberVerdict.DENIED
    if any(map(_preferred, [ahead, *behind])):
        return NumberVerdict.PREFERRED
    return NumberVerdict.PLAIN


def _touching(after: list[str], *, last: bool) -> list[list[str]]:
    """Return the words of each clause behind a number that may speak of it."""
    clauses = list(map(_words, after))
    if last:
        return clauses
    if len(clauses) == 1:
        return [_without_next(clauses[0])]
    return clauses[:-1]  # the last one goes with the next number


def _words(clause: str) -> list[str]:
    return WORD.findall(clause)


def _without_next(words: list[str]) -> list[str]:
    """Return the words between two numbers without those that lead to the second.

    «8900… старый, 8911…» says it of the first, «8900… не 8911…» of the second.
    """
    kept = list(words)
    while kept and (kept[-1] in TAKES_NEXT or _says_nothing(kept[-1])):
        kept.pop()
    return kept


def _says_nothing(word: str) -> bool:
    return word in FILLERS or ABOUT.fullmatch(word) is not None


def _bare(words: list[str]) -> list[str]:
    return list(filterfalse(_says_nothing, words))


def _denied_ahead(words: list[str]) -> bool:
    """Return whether a clause before a number denies it: «не», «вместо», «старый»."""
    bare = _bare(words)
    if not bare:
        return False
    return bare[-1] in TAKES_NEXT or _denied(words, writes=False)


def _denied_behind(clauses: list[list[str]]) -> bool:
    """Return whether one of the clauses behind a number denies it."""
    writes = any(_has(WRITE, words) for words in clauses)
    return any(_denied(words, writes=writes) for words in clauses)


def _denied(words: list[str], *, writes: bool) -> bool:
    """Return whether a clause denies the number that it touches.

    ``writes``: it may be a number to write to.
    """
    bare = _bare(words)
    if not bare:
        return False
    if _called_old(words, bare) or _has(WRONG, bare):
        return True
    if len(bare) == 1 and bare[0] in ALONE:
        return True
    return _negated(bare, writes=writes)


def _called_old(words: list[str], bare: list[str]) -> bool:
    if INSTEAD & set(bare[:-1]):
        return False
    return _of_it(OLD, words) or OLD.fullmatch(bare[-1]) is not None


def _negated(bare: list[str], *, writes: bool) -> bool:
    for place, word in enumerate(bare):
        if word not in NOT:
            continue
        negated = bare[place + 1 :]
        if not negated:
            return True  # «8900… не», and nothing more
        alone = place == 0 and len(negated) == 1
        if _denies(negated, alone=alone, writes=writes):
            return True
    return False


def _denies(negated: list[str], *, alone: bool, writes: bool) -> bool:
    """Return whether a «не» before these words denies the number.

    ``alone``: nothing else is said in the clause.
    """
    verb = negated[0]
    if CALLS.fullmatch(verb):
        return not (writes or _has(WHEN, negated[1:]))
    if NEVER.fullmatch(verb):
        return True
    # «не этот» denies, «не отвечает» does not
    return alone and not HARMLESS.fullmatch(verb)


def _has(kind: re.Pattern[str], words: list[str]) -> bool:
    return any(map(kind.fullmatch, words))


def _of_it(kind: re.Pattern[str], words: list[str]) -> bool:
    """Return whether a word of a kind stands right before «номер» or «телефон»."""
    return any(
        kind.fullmatch(one) and ABOUT.fullmatch(following)
        for one, following in pairwise(words)
    )


def _preferred(words: list[str]) -> bool:
    """Return whether a clause calls the number the new or the right one."""
    bare = _bare(words)
    if not bare or NOT & set(bare):
        return False
    return _of_it(NEW, words) or NEW.fullmatch(bare[-1]) is not None
