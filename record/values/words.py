"""Words with one meaning of few: yes and no, statuses. Pure.

Only listed words are understood, and slips of the finger in them. What merely looks
like one of them may be its opposite (``невыполнено``) or a wish (``закрыть``), so it is
asked about, with the likeliest status as a suggestion.
"""

import re
from decimal import Decimal
from typing import assert_never

from record.values.cells import Cell, Unclear, cut, opened
from record.values.comparing import normal
from record.values.denials import CROSSES
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
# what confirms a sum, «lf» being «да» typed with Latin letters on; and words beside
AGREEING = {
    "да", "ага", "угу", "так", "верно", "верная", "правильно", "правильная", "точно", "именно", "ок", "окей", "ok",
    "okay", "yes", "yep", "y", "д", "lf", "dthyj", "true", "истина", "подтверждаю", "подтверждено", "согласен",
    "согласна", "хорошо", "давай", "+", "✓", "✔", "✅", "☑", "👍", "👌",
}  # fmt: skip
BESIDE_AGREEING = {
    "все",
    "это",
    "цена",
    "сумма",
    "и",
    "есть",
    "именно",
    "руб",
    "р",
    "₽",
    "рублей",
}
AFFIRMED = re.compile(
    r"[^\W\d_]+|[0-9]+|[^\s\w.,!;:()«»\"\ufe0f\U0001f3fb-\U0001f3ff-]"
)
STATUS_OF = {word: status for status in Status for word in status.facts.words}
# «вработе», «впроцессе»
CLOSED_UP = {word.replace(" ", ""): status for word, status in STATUS_OF.items()}
# 15.12.2026 · 15.12 · 14:30 beside a status takes nothing back; 1/3 is a share
DATES = re.compile(
    r"[0-9]{1,2}([./-])[0-9]{1,2}\1[0-9]{2,4}|[0-9]{1,2}\.[0-9]{2}|[0-9]{1,2}:[0-9]{2}"
)
# готово? · готово 50% · !готово · (-) готово · [ ] готово · да/нет · struck out
DOUBTS = re.compile(r"[0-9?%≠¬~\u0335-\u0338]|^[!-]|\( ?[-!] ?\)|\[ ?\]|\( ?\)|/")
# an empty box is not ticked: it denies a status as a cross does
NOT_SO = CROSSES | {"☐"}
NOT = frozenset({"не", "ни", "нет", "без", "никто"})
LETTERS = re.compile(r"[^\W\d_]+")
ALIKE_AT_ALL = 52
ALL = ", ".join(Status)


def affirms(said: str, asked: Decimal) -> bool:
    """Return whether somebody says that the sum he was asked about is right.

    «да», «Да, верно!», «+», «ок 20 000 ₽»; not «не верно» and not «да?».
    """
    words = AFFIRMED.findall(normal(said))
    figures = "".join(word for word in words if word.isdecimal())
    others = [word for word in words if not word.isdecimal()]
    if "?" in said or figures not in {"", f"{asked:.0f}"}:
        return False
    if any(word not in AGREEING and word not in BESIDE_AGREEING for word in others):
        return False
    return any(word in AGREEING for word in others)


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
    """Return the status a person meant; an empty cell is Новая.

    A date or a sign may stand around it: «✅ Выполнена 15.12».
    """
    if isinstance(cell, bool):
        raise Unclear(f"Статус: здесь флажок, а бывают {ALL}")
    said = opened(cell, "Статус", "выберите из списка")
    if not said:
        return Status.NEW
    exact = STATUS_OF.get(said.casefold())
    if exact:
        return exact
    word = _word(said)
    if _is_doubtful(said):
        raise _asked_about(said, word)
    found = _meant(word)
    if found is None or _is_crossed(said, found):
        raise _asked_about(said, word)
    return found


def _word(said: str) -> str:
    """Return what is left of a status without dates, signs and Latin look-alikes."""
    letters = " ".join(LETTERS.findall(normal(said)))
    if re.search("[а-я]", letters):
        return letters.translate(LATIN)
    return letters


def _is_doubtful(said: str) -> bool:
    """Return whether a figure or a sign may take the word back: «готово?»."""
    return DOUBTS.search(DATES.sub("", said)) is not None


def _is_crossed(said: str, found: Status) -> bool:
    """Return whether a cross may deny the word; «❌ Отменена» is what it says."""
    return found is not Status.CANCELLED and not NOT_SO.isdisjoint(said)


def _meant(word: str) -> Status | None:
    """Return the one status whose word this is, or would be but for one slip."""
    if word in STATUS_OF:
        return STATUS_OF[word]
    close = word.replace(" ", "")
    if len(close) >= SHORTEST and close in CLOSED_UP:
        return CLOSED_UP[close]
    parts = word.split()
    # «в роботе»: each word is one that may be meant
    if len(parts) > 1 and all(map(in_dictionary, parts)):
        return None
    found = {CLOSED_UP[one] for one in only(close, CLOSED_UP)}
    if len(found) != 1:
        return None
    return found.pop()


def _asked_about(said: str, word: str) -> Unclear:
    likely = _likely(word)
    if likely is None:
        return Unclear(f"Статус «{cut(said)}» непонятен: бывают {ALL}")
    return Unclear(
        f"Статус «{cut(said)}» непонятен: может быть, «{likely}»? Бывают: {ALL}"
    )


def _likely(word: str) -> Status | None:
    """Return what a person may have meant; of what is denied, what is so instead.

    «выполнео но» → Выполнена, «не выполнена» and «невыполнена» → В работе
    """
    words = word.split()
    named = [one for one in words if one not in NOT]
    if named == words and word.startswith("не"):
        named = [word.removeprefix("не")]
    if not named:
        return None
    near = nearest(" ".join(named), STATUS_OF, at_least=ALIKE_AT_ALL)
    if near is None:
        return None
    found = STATUS_OF[near[0]]
    if named == words:
        return found
    return _instead_of(found)


def _instead_of(denied: Status) -> Status:
    """Return how an order likely stands that does not stand as ``denied`` says."""
    match denied:
        case Status.WORK:
            return Status.NEW
        case Status.NEW | Status.DONE | Status.CANCELLED:
            return Status.WORK
        case _:
            assert_never(denied)
