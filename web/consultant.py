"""The consultant behind the chat: answers from what the company wrote down, in a model's words where there is one.

A model is given only the found facts, and is not believed blindly: an answer with a figure that the facts do not have
is thrown away, and the facts themselves are told.
"""

import re
from functools import cached_property, lru_cache

import requests

from record.assistant import Knowledge, Matcher, Reply
from record.logs import get_logger
from record.model import Row, Service, read_service
from record.settings import Settings
from record.store import Speech, Store
from record.values import text
from record.worksheets import QUESTIONS, SERVICES
from web.prices import PriceList

log = get_logger(__name__)

UNKNOWN = (
    "Точного ответа у меня нет, а выдумывать не буду. Спросите иначе, позовите сотрудника "
    "или оставьте заявку: мастер всё скажет на месте."
)
PERHAPS = "Не уверен, что понял. Может быть, вы об этом?"
BRIEF = (
    "Ты консультант службы электриков «{company}». Ответь клиенту по-русски одним-тремя короткими предложениями, "
    "только по этим фактам; ничего не добавляй и не меняй цены:\n{facts}"
)
FIGURES = re.compile(r"\d+(?:[.,]\d+)?")
OPENING = 4


class Consultant:
    """Answers the questions of one visit from the mirror, which it reads once."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def answer(self, question: str) -> Speech:
        """Return what is known about a question, or questions that come near it, or that nothing is known."""
        found = _matcher(*self._rows).find(question)
        if found.entry is None:
            return Speech("assistant", PERHAPS if found.near else UNKNOWN, found.near)
        about = found.entry.title if found.entry.kind == "price" else ""
        return Speech("assistant", self._worded(question, found) or found.entry.text, found.near, about)

    def openings(self) -> tuple[str, ...]:
        """Return questions to begin with: the first ones of «Вопросы»."""
        _, questions = self._rows
        return tuple(text(row[0]) for row in questions if text(row[0]))[:OPENING]

    def service(self, name: str) -> Service | None:
        """Return the line of the price list with this name."""
        services, _ = self._rows
        return next((offer.service for offer in PriceList.of(services).offers if offer.service.name == name), None)

    @cached_property
    def _rows(self) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        with self._store.reading() as tx:
            return tuple(map(tuple, tx.lists.get(SERVICES))), tuple(map(tuple, tx.lists.get(QUESTIONS)))

    def _worded(self, question: str, found: Reply) -> str:
        """Return the facts in the model's words, or nothing where there is no model, or it fails, or it invents."""
        settings = self._settings.assistant
        if not settings.api_url or found.entry is None:
            return ""
        facts = found.entry.text
        brief = BRIEF.format(company=self._settings.company.name, facts=facts)
        try:
            said = self._ask_model([{"role": "system", "content": brief}, {"role": "user", "content": question}])
        except (requests.RequestException, ValueError, LookupError, TypeError) as error:
            log.warning("model_failed", error=type(error).__name__)
            return ""
        if not invented(said, f"{facts} {question}"):
            return said
        log.warning("model_invented", why="a figure that the facts do not have")
        return ""

    def _ask_model(self, messages: list[dict[str, str]]) -> str:
        """Return what the model says: https://platform.openai.com/docs/api-reference/chat/create."""
        settings, key = self._settings.assistant, self._settings.assistant_api_key.get_secret_value()
        answer = requests.post(
            f"{settings.api_url.rstrip('/')}/chat/completions",
            json={"model": settings.model, "messages": messages, "temperature": 0, "max_tokens": 300},
            headers={"Authorization": f"Bearer {key}"} if key else {},
            timeout=settings.timeout_s,
        )
        answer.raise_for_status()
        return str(answer.json()["choices"][0]["message"]["content"]).strip()[:1500]


def invented(said: str, facts: str) -> bool:
    """Say whether an answer is empty or has a figure that the facts do not have."""
    return not said or not set(_figures(said)) <= set(_figures(facts))


def _figures(said: str) -> list[str]:
    together = re.sub(r"(?<=\d)[\s\u00a0\u202f](?=\d{3}\b)", "", said)
    return [figure.replace(",", ".") for figure in FIGURES.findall(together)]


@lru_cache(maxsize=2)
def _matcher(services: tuple[Row, ...], questions: tuple[Row, ...]) -> Matcher:
    asked = ((text(row[0]), text(row[1])) for row in questions)
    return Matcher(Knowledge.of(map(read_service, services), asked))
