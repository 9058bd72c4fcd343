"""Words with one meaning of few: yes and no, statuses. Pure.

Only listed words are understood, and slips of the finger in them. What merely looks
like one of them may be its opposite (``невыполнено``) or a wish (``закрыть``), so it is
asked about, with the likeliest status as a suggestion.
"""

import re
from typing import assert_never

from record.values.cells import Cell, Unclear, cut, opened
from record.values.comparing import normal
from record.values.names import nearest
from record.values.russian import in_dictionary
from record.values.slips import LATIN, SHORTEST, only
from record.values.statuses import Status

YES = {
    "да", "true", "истина", "✓", "✔", "✅", "☑", "+", "1", "yes", "y", "д", "активен", "активна", "ок", "ага", "есть",
    "v", "вкл", "работает", "галочка", "конечно",
}  # fmt: skip
NO = {
    "нет", "false", "ложь", "-", "0", "no", "n", "н", "неактивен", "неактивна", "не активен", "не активна", "✗", "✘",
    "❌", "☐", "", "неа", "выкл", "не работает", "—", "–",
}  # fmt: skip
STATUS_OF = {word: status for status in Status for word in status.facts.words}
CLOSED_UP = {word.replace(" ", ""): status for word, status in STATUS_OF.items()}
DATES = re.compile(
    r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{1,2}\.[0-9]{2}|[0-9]{1,2}:[0-9]{2}"
)  # 1/3 is a share
DOUBTS = re.compile(r"[0-9?%≠¬~\u0335-\u0338]|^[!-]|\( ?[-!] ?\)|\[ ?\]|\( ?\)|/")
CROSSES = frozenset("❌✗✘✖☐⛔🚫👎")
NOT = frozenset({"не", "ни", "нет", "без", "никто"})
ALIKE_AT_ALL = 52


def flag(cell: Cell, what: str = "Активен") -> bool:
    """Return a checkbox's or a typed yes/no's meaning; an empty cell is no."""
    if isinstance(cell, bool):
        return cell
    instead = "поставьте флажок или напишите «да» либо «нет»"
    said = opened(cell, what, instead)
    word = normal(said).rstrip("!")
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unclear(f"{what} «{cut(said)}»: {instead}")


def status(cell: Cell) -> Status:
    """Return the status a person meant, whatever date, sign or mark stands around it;
    an empty cell is Новая.
    """
    if isinstance(cell, bool):
        raise Unclear(f"Статус: здесь флажок, а бывают {', '.join(Status)}")
    said = opened(cell, "Статус", "выберите из списка")
    if not said:
        return Status.NEW
    if exact := STATUS_OF.get(said.casefold()):
        return exact
    word = _word(said)
    if found := None if _doubtful(said) else _meant(word):
        return (
            found
            if found is Status.CANCELLED or not CROSSES & set(said)
            else _ask(said, word)
        )
    return _ask(said, word)


def _word(said: str) -> str:
    """Return what is left of a status without dates, signs and letters of another
    alphabet.
    """
    letters = " ".join(re.findall(r"[^\W\d_]+", normal(said)))
    return letters.translate(LATIN) if re.search("[а-я]", letters) else letters


def _doubtful(said: str) -> bool:
    """Say whether there is a figure or a mark that may take the word back: «готово?»,
    «готово 50%».
    """
    return bool(DOUBTS.search(DATES.sub("", said)))


def _meant(word: str) -> Status | None:
    """Return the one status whose word this is, or would be but for one slip."""
    if word in STATUS_OF:
        return STATUS_OF[word]
    close = word.replace(" ", "")
    if len(close) >= SHORTEST and close in CLOSED_UP:
        return CLOSED_UP[close]
    if " " in word and all(map(in_dictionary, word.split())):
        return None  # «в роботе»: each word is one that may be meant
    found = {CLOSED_UP[one] for one in only(close, CLOSED_UP)}
    return found.pop() if len(found) == 1 else None


def _ask(said: str, word: str) -> Status:
    likely = _likely(word)
    guess = f": может быть, «{likely}»? Бывают: " if likely else ": бывают "
    raise Unclear(f"Статус «{cut(said)}» непонятен{guess}{', '.join(Status)}")


def _likely(word: str) -> Status | None:
    """Return what a person may have meant; of what is denied, what is so instead."""
    words = word.split()
    denied = [one for one in words if one not in NOT]
    if len(denied) == len(words) and word.startswith("не"):
        denied = [word.removeprefix("не")]
    near = (
        nearest(" ".join(denied), STATUS_OF, at_least=ALIKE_AT_ALL) if denied else None
    )
    if near is None:
        return None
    found = STATUS_OF[near[0]]
    return found if denied == words else _instead_of(found)


def _instead_of(denied: Status) -> Status:
    """Return how an order likely stands of which a person says that it does not stand
    so.
    """
    match denied:
        case Status.WORK:
            return Status.NEW
        case Status.NEW | Status.DONE | Status.CANCELLED:
            return Status.WORK
        case _:
            assert_never(denied)
