"""Webhooks: setting them and delivering to them.

https://core.telegram.org/bots/api#setwebhook
"""

import ipaddress
import re
import threading
import time
from typing import Any
from urllib.parse import urlsplit

import requests

from .call import Call, method
from .errors import bad_request, too_many_requests
from .model import Bot, Json, Update
from .state import State
from .updates import Updates, update_json

PORTS = {443, 80, 88, 8443}
FIRST_RETRY_S = 1.0
SLOWEST_RETRY_S = 60.0
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")


class Deliverer:
    """Sends waiting updates to webhooks, in order, repeating until the answer is 2xx.

    A bot of the same number after a reset is another bot: its updates don't wait for a
    delivery of the former's.
    """

    def __init__(self, state: State, updates: Updates) -> None:
        self._state = state
        self._updates = updates
        self._served: dict[int, Bot] = {}

    def start(self) -> None:
        """Resume delivery for webhooks set before a restart."""
        with self._state.lock:
            for bot in self._state.bots.values():
                self.ensure(bot)

    def ensure(self, bot: Bot) -> None:
        """Have one delivering thread for the bot while it has a webhook."""
        if bot.webhook and self._served.get(bot.id) is not bot:
            self._served[bot.id] = bot
            threading.Thread(
                target=self._run, args=[bot], daemon=True, name=f"webhook-{bot.id}"
            ).start()

    def _run(self, bot: Bot) -> None:
        delay = FIRST_RETRY_S
        while (job := self._next(bot)) is not None:
            update, hook = job
            trouble = _deliver(hook, update_json(update))
            self._note(bot, update, hook, trouble)
            if trouble:
                self._pause(bot, delay)
                delay = min(delay * 2, SLOWEST_RETRY_S)
            else:
                delay = FIRST_RETRY_S

    def _next(self, bot: Bot) -> tuple[Update, Json] | None:
        """The oldest update and where to send it, once there is one.

        None once the bot has no webhook any more.
        """
        with self._state.lock:
            while self._still(bot):
                waiting = self._updates.pending(bot)
                if waiting and bot.webhook is not None:
                    return waiting[0], bot.webhook
                self._state.changed.wait()
            if self._served.get(bot.id) is bot:
                del self._served[bot.id]
            return None

    def _note(self, bot: Bot, update: Update, hook: Json, trouble: str) -> None:
        """Keep what came of a delivery, if the bot still has this webhook."""
        with self._state.lock:
            if self._state.bots.get(bot.id) is not bot:
                return
            if not trouble:
                self._updates.confirm(bot, update.id + 1)
            elif bot.webhook is hook:
                hook.update(
                    last_error_date=int(self._state.clock()), last_error_message=trouble
                )

    def _still(self, bot: Bot) -> bool:
        return bool(bot.webhook) and self._state.bots.get(bot.id) is bot

    def _pause(self, bot: Bot, delay: float) -> None:
        deadline = time.monotonic() + delay
        with self._state.lock:
            while self._still(bot) and (left := deadline - time.monotonic()) > 0:
                self._state.changed.wait(left)


def _deliver(hook: Json, update: Json) -> str:
    """Post one update; what went wrong, or nothing."""
    headers = (
        {"X-Telegram-Bot-Api-Secret-Token": hook["secret"]}
        if hook.get("secret")
        else {}
    )
    try:
        with requests.Session() as session:
            session.trust_env = False
            answer = session.post(hook["url"], json=update, headers=headers, timeout=30)
    except requests.Timeout:
        return "Read timeout expired"
    except requests.RequestException:
        return "Connection refused"
    if 200 <= answer.status_code < 300:
        return ""
    return f"Wrong response from the webhook: {answer.status_code} {answer.reason}"


class Webhooks:
    """The three webhook methods, bound to one deliverer."""

    def __init__(self, deliverer: Deliverer) -> None:
        self._deliverer = deliverer
        self._last_change: dict[int, float] = {}

    def reset(self) -> None:
        """Forget when webhooks were changed."""
        self._last_change.clear()

    def change(self, call: Call, url: str) -> tuple[bool, str]:
        """Set or remove the webhook; the result and the description real answers carry."""
        bot, params = call.bot, call.params
        if url:
            _check_url(url)
            if not _SECRET.fullmatch(params.text("secret_token")):
                raise bad_request("secret token contains unallowed characters")
        if params.flag("drop_pending_updates"):
            call.services.updates.confirm(bot, bot.next_update)
        if not url and not bot.webhook:
            return True, "Webhook is already deleted"
        self._at_most_once_a_second(bot)
        call.services.updates.remember_allowed(bot, params)
        hook: dict[str, Any] = {
            "url": url,
            "secret": params.text("secret_token"),
            "max_connections": params.clamped("max_connections", 40, 1, 100),
        }
        bot.webhook = hook if url else None
        call.state.save_bot(bot)
        self._deliverer.ensure(bot)
        return True, "Webhook was set" if url else "Webhook was deleted"

    def _at_most_once_a_second(self, bot: Bot) -> None:
        now = time.monotonic()
        if now - self._last_change.get(bot.id, -10.0) < 1:
            raise too_many_requests(1)
        self._last_change[bot.id] = now


def _check_url(url: str) -> None:
    """Telegram wants HTTPS on four ports.

    Loopback may be plain, as with a local Bot API server.
    """
    parts = urlsplit(url)
    host = parts.hostname or ""
    if _is_loopback(host):
        return
    if parts.scheme != "https":
        raise bad_request("bad webhook: An HTTPS URL must be provided for webhook")
    if (parts.port or 443) not in PORTS:
        raise bad_request(
            "bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443"
        )


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


@method("getWebhookInfo")
def get_webhook_info(call: Call) -> Json:
    """https://core.telegram.org/bots/api#getwebhookinfo"""
    hook = call.bot.webhook or {}
    info: Json = {
        "url": hook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(call.services.updates.pending(call.bot)),
    }
    if hook:
        info["max_connections"] = hook["max_connections"]
    for key in ("last_error_date", "last_error_message"):
        if key in hook:
            info[key] = hook[key]
    if call.bot.allowed_updates is not None:
        info["allowed_updates"] = call.bot.allowed_updates
    return info
