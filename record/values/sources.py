"""Where orders come from: the words of «Источник», and how people are told them."""

SOURCES = {
    "website": "сайт",
    "telegram": "Telegram",
    "phone": "телефон",
    "direct": "личное сообщение",
}


def source_name(source: str) -> str:
    """Return where an order came from, as people are told."""
    return SOURCES.get(source, source or "не указан")
