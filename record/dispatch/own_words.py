"""What a person wrote into «Проверка», among the sentences of the system. Pure.

The system writes over «Проверка» whenever a row means something else. What a person put
there is said, though, and what was said stays: it goes to «Комментарий».
"""

import re
from collections.abc import Mapping

from record.grid.worksheets import ORDERS, WORKSHEETS
from record.values import Cell, is_unread, text

# the dot after one letter alone is an initial's
SIGNS = re.compile(r"[«»]|(?<!\b[^\W\d_])\.\s+|…\s+|\n+")
COLUMNS = "|".join(re.escape(column) for column in WORKSHEETS[ORDERS].columns)
OURS = re.compile(
    rf"(?:(?:{COLUMNS})(?: «|: (?:здесь |таблица ещё |в ячейке |не удалось ))"
    r"|Мастеров с именем «|Категории «|Ошибка формулы в ячейках|Заявка не заполнена: нет|Статус не указан: напишите"
    r"|Комиссия .{1,20} больше цены |Цена .{1,30} необычна|Цена показана как дата"
    r"|Верно — напишите «да»|Без ответа будет считаться верной"
    r"|(?:Пришла|Внесена|Изменена) в числе .{1,60}\(пачка \d+\)|Ждёт ответа администратора в Telegram"
    r"|Мастерам не разослана: так решил|Чтобы разослать, очистите"
    r"|Клиент не получает сообщений в Telegram|Мастер .{1,80} (?:не подключён к боту|не получает сообщений)"
    r"|Телефон стёрт: впишите его|Проблема стёрта: впишите, что|Впишите цену: без неё не посчитать"
    r"|Кто выполнил\? Впишите мастера"
    r"|Кто едет\? Статус «В работе», а мастера нет"
    r"|Тот же телефон: возможно, повтор #|Позвоните ему$)"
)
# a key, a chat, a moment: astray writes of ours
ASTRAY = re.compile(r"[A-Za-z0-9_-]{16}|\d{5,}(?:[.,]\d+)?")
# characters from which a text may have been cut off by us in the midst of a word
CUT = 499


def own_words(check: str) -> str:
    """Return «Проверка» without what the system says there, "" where nothing is left."""
    pieces = _sentences(check)
    if len(check) >= CUT and check.endswith("…"):
        # the rest of a sentence of ours, cut off by us, which no pattern knows
        pieces = pieces[:-1]
    return ". ".join(piece for piece in pieces if _is_a_persons(piece))


def _is_a_persons(piece: str) -> bool:
    if not piece or OURS.match(piece):
        return False
    return not ASTRAY.fullmatch(piece)


def _sentences(check: str) -> list[str]:
    """Return the sentences of a text; what is quoted in one belongs to it."""
    pieces, begin, depth = [], 0, 0
    for sign in SIGNS.finditer(check):
        if sign[0] == "«":
            depth += 1
        elif sign[0] == "»":
            depth = max(0, depth - 1)
        elif not depth:
            pieces.append(check[begin : sign.start()].strip())
            begin = sign.end()
    return [*pieces, check[begin:].strip()]


def checked(row: Mapping[str, Cell], said: str) -> dict[str, Cell]:
    """Return the cells that let «Проверка» say this, and keep a person's words."""
    return {"Проверка": said} | kept(text(row["Проверка"]), row["Комментарий"])


def kept(check: str, comment: Cell) -> dict[str, Cell]:
    """Return «Комментарий» with a person's words from «Проверка» added, if there are any."""
    words, stands = own_words(check), text(comment)
    if not words or is_unread(comment) or words in stands.split("\n"):
        return {}
    if not stands:
        return {"Комментарий": words}
    return {"Комментарий": f"{stands}\n{words}"}
