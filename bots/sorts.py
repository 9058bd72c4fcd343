"""What people send beside words, as it is called in Russian. Pure."""

from collections import Counter
from collections.abc import Sequence

from record.values.wording import plural

UNKNOWN = ("сообщение", "сообщения", "сообщений")
# as one says «прислал …»: one, two of them, five of them
SORTS = {
    "photo": ("фото", "фото", "фото"),
    "voice": ("голосовое сообщение", "голосовых сообщения", "голосовых сообщений"),
    "video": ("видео", "видео", "видео"),
    "video_note": ("видеосообщение", "видеосообщения", "видеосообщений"),
    "animation": ("гифку", "гифки", "гифок"),
    "audio": ("аудиозапись", "аудиозаписи", "аудиозаписей"),
    "document": ("файл", "файла", "файлов"),
    "sticker": ("стикер", "стикера", "стикеров"),
    "location": ("точку на карте", "точки на карте", "точек на карте"),
    "venue": ("место на карте", "места на карте", "мест на карте"),
    "contact": ("контакт", "контакта", "контактов"),
    "poll": ("опрос", "опроса", "опросов"),
    "dice": ("кубик", "кубика", "кубиков"),
    "game": ("игру", "игры", "игр"),
    "story": ("историю", "истории", "историй"),
    "checklist": ("список дел", "списка дел", "списков дел"),
    "paid_media": ("платное видео", "платных видео", "платных видео"),
    "invoice": ("счёт", "счёта", "счетов"),
}


def called(sort: str) -> str:
    """Return what somebody sent: «прислал голосовое сообщение»."""
    return SORTS.get(sort, UNKNOWN)[0]


def counted(sorts: Sequence[str]) -> str:
    """Return how many of each sort there are: 2 фото, файл."""
    parts = []
    for sort, count in Counter(sorts).items():
        name = plural(count, *SORTS.get(sort, UNKNOWN))
        parts.append(name if count == 1 else f"{count} {name}")
    return ", ".join(parts)
