"""What the words beside a number say of it: that it is the old or the wrong one, or the
one to call instead. Pure.

A clause goes with the number that it touches: ``старый 8900…, новый 8911…``, ``8900…
(не этот!)``. One that stands between two numbers, and no comma or bracket parts it from
either, may mean either, and so is taken to mean both.
"""

import re
from enum import Enum
from itertools import pairwise
from typing import NamedTuple

FORM = r"(?:ый|ий|ая|ое|ые|ого|ому|ой|ым|ых|ую)"
ABOUT = re.compile(
    r"номер\w{0,3}|тел|телефон\w{0,3}|моб|мобильн\w{2,3}|сот|сотов\w{2,3}|сим\w{0,3}|phone|number"
)
_FILLERS = """
а но и ну вот же то уже больше теперь это этот эта этому он его ее их мой моя наш ваш там т на по тот тому тут
сюда туда нему него ему сам надо нужно стоит следует можно пожалуйста просьба для the this is a
"""
FILLERS = frozenset(_FILLERS.split())
OLD = re.compile(
    rf"(?:стар|прежн|бывш|прошл|предыдущ|нерабоч|чуж|ненужн){FORM}|old|former|кроме|вместо|минус"
)
WRONG = re.compile(
    r"невер(?:н\w+|ен)|неправильн\w+|ошибочн\w+|неактуал\w+|недейств\w+|недоступн\w+|устаре\w+|wrong|invalid"
)
_ALONE = """
нет ошибка отключен отключили заблокирован утерян потерян удалить удалите удален вычеркнуть зачеркнут отмена
был раньше сменил сменила сменился поменял поменяла поменялся
"""
# where nothing else is said in the clause: «отключен свет» denies no number
ALONE = frozenset(_ALONE.split())
NEW = re.compile(rf"(?:нов|актуальн|правильн|верн|действующ){FORM}|new|верен|актуален")
NOT = frozenset({"не", "ни", "not", "no"})
# said of what follows, never of what stands before
TAKES_NEXT = NOT | {"кроме", "вместо", "минус"}
NEVER = re.compile(
    r"звон\w+|набир\w+|набра\w+|использ\w+|актуал\w+|действ\w+|вер(?:ен|на|но|ный)|правильн\w+|сущест\w+|обслуж\w+"
)
CALLS = re.compile(r"звон\w+")
WHEN = re.compile(
    r"\d+|до|после|раньше|ранее|позже|позднее|ночью|утром|утра|вечером|днем|рано|поздно|сегодня|завтра|с|в|когда|если"
    r"|пока|без"
)
WRITE = re.compile(
    r"пиш\w+|писа\w+|смс|sms|сообщ\w+|whats\w*|в[ао][тц]\w*|телег\w*|тг|tg|макс|max|viber|вайбер"
)
HARMLESS = re.compile(
    r"раньше|ранее|позже|позднее|до|после|ночью|утром|вечером|днем|рано|поздно|отвеча\w+|ответ\w+|бер[еу]\w+|взял\w*"
    r"|доступ\w+|дозвон\w+|слыш\w+|говор\w+|понима\w+|сроч\w+|всегда|сразу|очень|забуд\w+|забы\w+|стесня\w+|дома"
    r"|беспоко\w+|буд\w+|трев\w+|сегодня|сейчас|завтра|тороп\w+|спеш\w+|шум\w+|whats\w*|в[ао][тц]\w+"
)
CROSSES = frozenset("❌✗✘✖⛔🚫👎")
BREAKS = re.compile(r"[,;.!?()\[\]/|\n…]+|(?<!\w)(?:а|но|или|либо)(?!\w)")
SHORTENED = re.compile(r"(?<!\w)(тел|моб|сот|ном|т)\.")
WORD = re.compile(r"[^\W\d_]+|\d+")


class Verdict(Enum):
    """What is said of a number."""

    PLAIN = "plain"
    DENIED = "denied"
    PREFERRED = "preferred"


class Place(NamedTuple):
    """Where in a text a number stands."""

    start: int
    end: int


def verdicts(text: str, places: list[Place]) -> list[Verdict]:
    """Return what the words of a text say of each of the numbers in it, given in the
    order in which they stand.
    """
    edges = [0, *(edge for place in places for edge in place), len(text)]
    gaps = [
        _clauses(text[start:end])
        for start, end in zip(edges[::2], edges[1::2], strict=True)
    ]
    return [
        _verdict(before, after, last=n == len(places) - 1)
        for n, (before, after) in enumerate(pairwise(gaps))
    ]


def _clauses(gap: str) -> list[str]:
    """Return the clauses of what stands between two numbers; the first and the last of
    them touch these.
    """
    plain = SHORTENED.sub(r"\1", gap.lower().replace("ё", "е"))
    return BREAKS.split(plain.rstrip(" :«\"'([—–-"))


def _verdict(before: list[str], after: list[str], *, last: bool) -> Verdict:
    # the last clause goes with the next number, unless it is alone
    touching = after if last else after[:-1] or after
    ahead, behind = _words(before[-1]), [_words(clause) for clause in touching]
    if not last and len(after) == 1:
        behind = [_without_next(behind[0])]
    near = [before[-1], after[0]]
    writes = any(WRITE.fullmatch(word) for words in behind for word in words)
    crossed = any(CROSSES & set(clause) for clause in near)
    if (
        crossed
        or _denied_ahead(ahead)
        or any(_denied(words, writes=writes) for words in behind)
    ):
        return Verdict.DENIED
    return (
        Verdict.PREFERRED
        if any(_preferred(words) for words in (ahead, *behind))
        else Verdict.PLAIN
    )


def _words(clause: str) -> list[str]:
    return WORD.findall(clause)


def _without_next(words: list[str]) -> list[str]:
    """Return the words between two numbers without the last ones that speak of the
    second number only.
    """
    while words and (
        words[-1] in TAKES_NEXT or words[-1] in FILLERS or ABOUT.fullmatch(words[-1])
    ):
        words = words[:-1]
    return words


def _bare(words: list[str]) -> list[str]:
    return [word for word in words if word not in FILLERS and not ABOUT.fullmatch(word)]


def _denied_ahead(words: list[str]) -> bool:
    """Say whether a clause before a number denies it: «не», «вместо», «старый номер»."""
    bare = _bare(words)
    return bool(bare) and (bare[-1] in TAKES_NEXT or _denied(words, writes=False))


def _denied(words: list[str], *, writes: bool) -> bool:
    """Say whether a clause denies the number that it touches; ``writes``: it may be one
    to write to.
    """
    bare = _bare(words)
    if not bare:
        return False
    instead = bool({"вместо", "взамен"} & set(bare[:-1]))  # «вместо старого»
    if not instead and (_of_it(OLD, words) or OLD.fullmatch(bare[-1])):
        return True
    wrong = any(WRONG.fullmatch(word) for word in bare)
    return (
        wrong or (len(bare) == 1 and bare[0] in ALONE) or _negated(bare, writes=writes)
    )


def _negated(bare: list[str], *, writes: bool) -> bool:
    for at, word in enumerate(bare):
        if word not in NOT:
            continue
        denied, more = bare[at + 1 : at + 2], bare[at + 2 :]
        if not denied:
            return True
        # «не звонить после 20»
        limited = writes or any(WHEN.fullmatch(one) for one in more)
        if NEVER.fullmatch(denied[0]) and not (CALLS.fullmatch(denied[0]) and limited):
            return True
        if (
            at == 0
            and not more
            and not (HARMLESS.fullmatch(denied[0]) or NEVER.fullmatch(denied[0]))
        ):
            return True
    return False


def _of_it(kind: re.Pattern[str], words: list[str]) -> bool:
    """Say whether a word of a kind stands right before «номер» or «телефон»."""
    return any(
        kind.fullmatch(one) and ABOUT.fullmatch(two) for one, two in pairwise(words)
    )


def _preferred(words: list[str]) -> bool:
    bare = _bare(words)
    return (
        bool(bare)
        and not NOT & set(bare)
        and bool(_of_it(NEW, words) or NEW.fullmatch(bare[-1]))
    )
