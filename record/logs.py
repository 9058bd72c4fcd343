"""One log line an event, for a person or as JSON; phones, tokens and keys never reach
it.
"""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

from record.settings.sections import Logs

PHONE = re.compile(
    r"(?<![\w-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[\s()-]*\d){6,}[\s()-]*(\d\d)(?![\w-])"
)
TOKEN = re.compile(r"(?<!\d)\d{3,12}:[A-Za-z0-9_-]{8,}")
SECRET_QUERY = re.compile(r"(key=)[\w-]+")
PLAIN_KEYS = frozenset({"timestamp", "level", "run", "pid"})


def configure_logs(settings: Logs, process: str) -> None:
    """Send all logs of this process, our own and the libraries', to stderr in one
    format.

    ``process`` names the process in each line (worker, bot.client, …).
    """

    def name_process(
        _logger: object, _method: str, event: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        event.setdefault("process", process)
        return event

    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        name_process,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=False),
        structlog.processors.format_exc_info,
        mask,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=28)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                renderer,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(settings.level)
    for noisy in ("httpx", "httpcore", "telegram", "urllib3", "flask-limiter"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # that a run is left out while one goes on is as meant
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def mask(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide tokens, tracking keys and all but the last two digits of phones in every
    text of a log event.
    """
    for key, value in event.items():
        if key not in PLAIN_KEYS and not key.startswith("_"):
            event[key] = _masked_deep(value)
    return event


def _masked_deep(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: _masked_deep(inner) for key, inner in value.items()}
    return (
        [_masked_deep(inner) for inner in value]
        if isinstance(value, list | tuple)
        else value
    )


def masked(text: str) -> str:
    """Return the text with tokens, tracking keys and phones made unreadable."""
    text = TOKEN.sub("***", text)
    text = SECRET_QUERY.sub(r"\1***", text)
    return PHONE.sub(r"***\1", text)


def mask_chat(chat: int) -> str:
    """Return a chat's number with all but its last two digits hidden."""
    return f"***{abs(chat) % 100:02d}" if chat else ""


def bound(**facts: object) -> AbstractContextManager[None]:
    """Put these facts into every line that is logged within, in this thread or task and
    those it waits for.
    """
    return structlog.contextvars.bound_contextvars(**facts)


def get_logger(name: str) -> Any:
    """Return the logger of a module."""
    return structlog.get_logger(name)
