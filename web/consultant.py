"""The consultant behind the chat: answers from what the company wrote down, in a
model's words where there is one.

A model is given only the found facts, and is not believed blindly: an answer that
claims what the facts do not say is thrown away, and the facts themselves are told.
Neither a model that is slow nor one that drips its answer keeps a visitor waiting
beyond ``assistant.timeout_s``, or many of the site's threads.
"""

import json
import queue
import threading
import time
from functools import cached_property, lru_cache

import requests

from record.assistant import Knowledge, Matcher, Reply
from record.assistant.claims import asserts, unfounded
from record.dispatch.model import Row, Service
from record.dispatch.reading import read_service
from record.grid.worksheets import QUESTIONS, SERVICES
from record.logs import get_logger
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
AT_ONCE = ConcurrencyLimit(
    3
)  # questions to the model; meanwhile others are answered without it
LONGEST = 64 * 1024  # bytes of a model's answer
PART = 4096


class Consultant:
    """Answers the questions of one visit from the mirror, which it reads once."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._settings = settings

    def answer(self, question: str) -> Speech:
        """Return what is known about a question, or questions that come near it, or
        that nothing is known.
        """
        found = _matcher(*self._rows).find(question)
        if found.entry is None:
            return Speech("assistant", PERHAPS if found.near else UNKNOWN, found.near)
        about = found.entry.title if found.entry.kind == "price" else ""
        return Speech(
            "assistant",
            self._worded(question, found) or found.entry.text,
            found.near,
            about,
        )

    def openings(self) -> tuple[str, ...]:
        """Return questions to begin with: the first ones of «Вопросы»."""
        _, questions = self._rows
        return tuple(text(row[0]) for row in questions if text(row[0]))[:OPENING]

    def service(self, name: str) -> Service | None:
        """Return the line of the price list with this name."""
        services, _ = self._rows
        return next(
            (
                offer.service
                for offer in PriceList.of(services).offers
                if offer.service.name == name
            ),
            None,
        )

    @cached_property
    def _rows(self) -> tuple[tuple[Row, ...], tuple[Row, ...]]:
        with self._store.reading() as tx:
            return tuple(map(tuple, tx.lists.get(SERVICES))), tuple(
                map(tuple, tx.lists.get(QUESTIONS))
            )

    def _worded(self, question: str, found: Reply) -> str:
        """Return the facts in the model's words, or nothing where there is no model, or
        it fails, or it invents.

        A question that brings figures or links of its own is not put to it: it might
        take them for facts.
        """
        if not self._settings.assistant.api_url or found.entry is None:
            return ""
        told, company = found.entry.text, self._settings.company
        facts = f"{found.entry.title}\n{told}\n{company.name}\n{company.phone}"
        if asserts(question, facts):
            return ""
        brief = BRIEF.format(company=company.name, facts=told)
        said = self._heard(
            [
                {"role": "system", "content": brief},
                {"role": "user", "content": question},
            ]
        )
        invented = unfounded(said, facts)
        if invented:
            log.warning("model_invented", why=str(invented.kind))
        return "" if invented else said

    def _heard(self, messages: list[dict[str, str]]) -> str:
        """Return what the model says, or nothing where it is too late, too busy, or
        fails.

        Its answer is waited for in a thread of its own, which may outlast the wait for
        it; the place that it takes is free again when it ends.
        """
        answers: queue.SimpleQueue[str] = queue.SimpleQueue()

        def ask() -> None:
            with AT_ONCE.slot() as mine:
                answers.put(self._try_model(messages) if mine else "")

        threading.Thread(target=ask, name="model", daemon=True).start()
        try:
            return answers.get(timeout=self._settings.assistant.timeout_s)
        except queue.Empty:
            log.warning("model_failed", error="too slow")
            return ""

    def _try_model(self, messages: list[dict[str, str]]) -> str:
        try:
            return self._ask_model(messages)
        except (
            requests.RequestException,
            OSError,
            ValueError,
            LookupError,
            TypeError,
            RecursionError,
        ) as error:
            log.warning("model_failed", error=type(error).__name__)
            return ""

    def _ask_model(self, messages: list[dict[str, str]]) -> str:
        """Return what the model says:
        https://platform.openai.com/docs/api-reference/chat/create.
        """
        settings, key = (
            self._settings.assistant,
            self._settings.assistant_api_key.get_secret_value(),
        )
        until = time.monotonic() + settings.timeout_s
        answer = requests.post(
            f"{settings.api_url.rstrip('/')}/chat/completions",
            json={
                "model": settings.model,
                "messages": messages,
                "temperature": 0,
                "max_tokens": 300,
            },
            headers={"Authorization": f"Bearer {key}"} if key else {},
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
        return str(json.loads(body)["choices"][0]["message"]["content"] or "").strip()[
            :1500
        ]


@lru_cache(maxsize=2)
def _matcher(services: tuple[Row, ...], questions: tuple[Row, ...]) -> Matcher:
    asked = ((text(row[0]), text(row[1])) for row in questions)
    return Matcher(Knowledge.of(map(read_service, services), asked))
