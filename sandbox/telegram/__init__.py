"""The stand-in for Telegram: the Bot API and the people behind it.

https://core.telegram.org/bots/api
"""

import time

from flask import Blueprint

from .api import BotApi
from .call import Services
from .control import Control
from .errors import error_body
from .files import Files
from .limits import Limits
from .state import Clock, DocumentStore, State
from .updates import Updates
from .webhooks import Deliverer, Webhooks

__all__ = ["Telegram", "error_body"]


class Telegram:
    """All of the stand-in's Telegram, over one document store."""

    def __init__(
        self,
        documents: DocumentStore,
        clock: Clock = time.time,
        *,
        limits: bool = False,
    ) -> None:
        self._state = State(documents, clock, limits=limits)
        self._files = Files(documents)
        self._limits = Limits()
        self._updates = Updates(self._state)
        services = Services(self._state, self._updates, self._files, self._limits)
        deliverer = Deliverer(self._state, self._updates)
        self._hooks = Webhooks(deliverer)
        self._api = BotApi(services, self._hooks)
        self._control = Control(services)
        deliverer.start()

    def reset(self) -> None:
        """Empty everything: people, bots, chats, files, settings, counters."""
        self._files.reset()
        self._limits.reset()
        self._updates.reset()
        self._hooks.reset()
        self._state.reset()
        self._api.requests.clear()

    def counters(self) -> dict[str, int]:
        """Bot API requests since the last reset, by method."""
        return dict(self._api.requests)

    def blueprint(self) -> Blueprint:
        """The routes: Bot API, files, control calls."""
        blueprint = Blueprint("telegram", __name__)
        both = ["GET", "POST"]
        blueprint.add_url_rule(
            "/bot<token>/<name>", "method", self._api.answer, methods=both
        )
        blueprint.add_url_rule(
            "/file/bot<token>/<path:path>", "file", self._api.download, methods=["GET"]
        )
        blueprint.add_url_rule(
            "/sandbox/telegram/<name>", "control", self._control.answer, methods=both
        )
        return blueprint
