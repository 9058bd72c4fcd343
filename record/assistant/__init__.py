"""The consultant of the site's chat: finds what «Вопросы» and «Услуги» say.

    Knowledge(services, questions) ──▶ Matcher.find("скок стоит поменять разетку") ──▶ Reply

Pure: what people ask in, what the company has written down out. It has no opinion of
its own and no price of its own.
"""

from record.assistant.knowledge import Entry, Knowledge
from record.assistant.matching import Matcher, Reply

__all__ = ["Entry", "Knowledge", "Matcher", "Reply"]
