"""One log line an event, for a person or as JSON; it holds no phones, tokens or keys."""

import logging
import re
import sys
from collections.abc import MutableMapping
from contextlib import AbstractContextManager
from typing import Any

import structlog

from record.settings.sections import Logs

# seven digits and more, however grouped; neither a part of a word nor a date
PHONE = re.compile(
    r"(?<![\w-])(?!\d{4}-\d\d-\d\d)\+?\d(?:[\s()-]*\d){6,}[\s()-]*(\d\d)(?![\w-])"
)
# a bot's token: its number, a colon, its secret
TOKEN = re.compile(r"(?<!\d)\d{3,12}:[A-Za-z0-9_-]{8,}")
# the secret of a tracking link
SECRET_QUERY = re.compile(r"(key=)[\w-]+")
PLAIN_KEYS = frozenset({"timestamp", "level", "run", "pid"})


def configure_logs(settings: Logs, process: str) -> None:
    """Send our own logs and the libraries' to stderr, in one format.

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
        # last, since a trace may quote what a person typed
        mask,
    ]
    renderer: Any = structlog.processors.JSONRenderer(ensure_ascii=False)
    if settings.format != "json":
        colors = sys.stderr.isatty()
        renderer = structlog.dev.ConsoleRenderer(colors=colors, pad_event_to=28)
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
    # these write a line for each request, some with the bot's token in its address
    for noisy in ("httpx", "httpcore", "telegram", "urllib3", "flask-limiter"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    # it warns of each run left out while another goes on, which is as meant
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def mask(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Hide tokens, tracking keys and phones in every text of a log event."""
    for key, value in event.items():
        # these hold nothing that a person said
        if key in PLAIN_KEYS or key.startswith("_"):
            continue
        event[key] = _masked_deep(value)
    return event


def _masked_deep(value: Any) -> Any:
    if isinstance(value, str):
        return masked(value)
    if isinstance(value, dict):
        return {key: _masked_deep(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_masked_deep(inner) for inner in value]
    return value


def masked(text: str) -> str:
    """Return the text without tokens and tracking keys, phones cut to two digits."""
    text = TOKEN.sub("***", text)
    text = SECRET_QUERY.sub(r"\1***", text)
    return PHONE.sub(r"***\1", text)


def mask_chat(chat: int) -> str:
    """Return the last two digits of a chat's number, "" for none."""
    if not chat:
        return ""
    return f"***{abs(chat) % 100:02d}"


def bound(**facts: object) -> AbstractContextManager[None]:
    """Put these facts into every line that this thread or task logs within."""
    return structlog.contextvars.bound_contextvars(**facts)


def get_logger(name: str) -> Any:
    """Return the logger of a module."""
    return structlog.get_logger(name)
