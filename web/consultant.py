"""The consultant behind the chat: answers from what the company wrote down.

A model, where there is one, only words the facts that were found. It is not believed
blindly: an answer that claims what the facts do not say is thrown away, and the facts
themselves are shown.
Neither a model that is slow nor one that drips its answer keeps a visitor waiting
beyond ``assistant.timeout_s``, or many of the site's threads.
"""

import json
import queue
import threading
import time
from functools import cached_property, lru_cache

import requests
import urllib3

from record.assistant import Entry, Knowledge, Matcher
from record.assistant.claims import asserts, unfounded
from record.assistant.manners import manners
from record.dispatch.model import Service
from record.dispatch.reading import read_service
from record.grid.layout import Row
from record.grid.worksheets import QUESTIONS, SERVICES
from record.logs import get_logger
from record.reports.price_rule import Rates
from record.settings import Settings
from record.store import Speech, Store
from record.values import text
from web.concurrency import ConcurrencyLimit
from web.present.prices import PriceList

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
OPENING = 4
# questions to the model; meanwhile others are answered without it
AT_ONCE = ConcurrencyLimit(3)
LONGEST = 64 * 1024  # bytes of a model's answer
PART = 4096
LONGEST_ANSWER = 1500
# a model is somebody else's program: an answer that is no JSON, or another shape of it
MODEL_FAILS = (
    OSError,  # which those of requests are too
    # the body is read below requests, so what goes wrong there has not become its error
    urllib3.exceptions.HTTPError,
    ValueError,
    LookupError,
    TypeError,
    RecursionError,
)


class Consultant:
    """Answers the questions of one visit from the mirror, which it reads once."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def answer(self, question: str) -> Speech:
        """Return what is known about a question, else questions that come near it."""
        if kind := manners(question):
            return Speech("assistant", kind, self.openings())
        said = self._settings.calculator
        rates = Rates(said.minimum, said.urgent_percent, said.night_percent)
        found = _matcher(*self._rows, rates).find(question)
        if found.entry is None:
            words = PERHAPS if found.near else UNKNOWN
            return Speech("assistant", words, found.near)
        about = ""
        if found.entry.kind == "price":
            about = found.entry.title
        words = self._in_models_words(question, found.entry) or found.entry.text
        return Speech("assistant", words, found.near, about)

    def openings(self) -> tuple[str, ...]:
        """Return questions to begin with: the first ones of «Вопросы»."""
        _, rows = self._rows
        questions = [text(row[0]) for row in rows]
        return tuple(question for question in questions if question)[:OPENING]

    def service(self, name: str) -> Service | None:
        """Return the line of the price list with this name."""
        services, _ = self._rows
        for offer in PriceList.of(services).offers:
            if offer.service.name == name:
                return offer.service
        return None

    @cached_property
    def _rows(self) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        """The rows of «Услуги» and of «Вопросы»."""
        with self._store.reading() as tx:
            services = tuple(map(tuple, tx.lists.get(SERVICES)))
            questions = tuple(map(tuple, tx.lists.get(QUESTIONS)))
        return services, questions

    def _in_models_words(self, question: str, entry: Entry) -> str:
        """Return the facts in the model's words, "" without a model, or if it invents."""
        if not self._settings.assistant.api_url:
            return ""
        company = self._settings.company
        facts = f"{entry.title}\n{entry.text}\n{company.name}\n{company.phone}"
        # a question that brings figures or links of its own is not put to it: it might
        # take them for facts
        if asserts(question, facts):
            return ""
        brief = BRIEF.format(company=company.name, facts=entry.text)
        messages = [
            {"role": "system", "content": brief},
            {"role": "user", "content": question},
        ]
        words = self._wait_for_model(messages)
        invented = unfounded(words, facts)
        if invented:
            log.warning("model_invented", why=str(invented.kind))
            return ""
        return words

    def _wait_for_model(self, messages: list[dict[str, str]]) -> str:
        """Return what the model says, "" where it is too late, too busy, or fails."""
        answers: queue.SimpleQueue[str] = queue.SimpleQueue()

        def ask() -> None:
            with AT_ONCE.slot() as may_ask:
                answers.put(self._try_model(messages) if may_ask else "")

        # requests bounds the wait for each part of an answer and not for the whole, so
        # the thread may outlast the wait for it; its slot is free again when it ends
        threading.Thread(target=ask, name="model", daemon=True).start()
        try:
            return answers.get(timeout=self._settings.assistant.timeout_s)
        except queue.Empty:
            log.warning("model_failed", error="too slow")
            return ""

    def _try_model(self, messages: list[dict[str, str]]) -> str:
        try:
            return self._ask_model(messages)
        except MODEL_FAILS as error:
            log.warning("model_failed", error=type(error).__name__)
            return ""

    def _ask_model(self, messages: list[dict[str, str]]) -> str:
        """Return what the model says.

        https://platform.openai.com/docs/api-reference/chat/create
        """
        settings = self._settings.assistant
        key = self._settings.assistant_api_key.get_secret_value()
        headers = {}
        if key:
            headers["Authorization"] = f"Bearer {key}"
        until = time.monotonic() + settings.timeout_s
        answer = requests.post(
            f"{settings.api_url.rstrip('/')}/chat/completions",
            json={
                "model": settings.model,
                "messages": messages,
                "temperature": 0,
                "max_tokens": 300,
            },
            headers=headers,
            timeout=settings.timeout_s,
            stream=True,
            allow_redirects=False,
        )
        with answer:
            answer.raise_for_status()
            body = b""
            while part := answer.raw.read1(PART, decode_content=True):
                body += part
                if len(body) > LONGEST or time.monotonic() > until:
                    raise requests.Timeout
        words = json.loads(body)["choices"][0]["message"]["content"] or ""
        return str(words).strip()[:LONGEST_ANSWER]


@lru_cache(maxsize=2)
def _matcher(
    services: tuple[Row, ...], questions: tuple[Row, ...], rates: Rates
) -> Matcher:
    # to know the words of all services and questions takes time, and they rarely change
    asked = [(text(row[0]), text(row[1])) for row in questions]
    return Matcher(Knowledge.of(map(read_service, services), asked, rates))
