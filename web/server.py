"""The production server: gunicorn in this process, one worker with threads, no access log of its own."""

import errno
import socket
import sys
from typing import Any

from flask import Flask
from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from pydantic import SecretStr

from record.anew import end_when_replaced
from record.errors import NaryadError, SettingsError
from record.flush import Flusher
from record.logs import configure_logs
from record.settings import Settings, load_settings
from record.store import Store
from web import create_app
from web.passwords import hashed, random_password
from web.security import NEAR, is_near, with_secret

BACKLOG = 512


class QuietLogger(Logger):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn's warnings and errors in our format; its chatter about starting and stopping left out."""

    def setup(self, cfg: Any) -> None:
        """Let the root logger write what gunicorn says."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """The site on a socket that already listens."""

    def __init__(self, settings: Settings, listener: socket.socket, demo_password: str = "") -> None:
        self._settings = settings
        self._demo_password = demo_password
        self._address = address(listener)
        self._fd = listener.detach()  # gunicorn closes the number itself; two owners would close it twice
        self._store: Store | None = None
        self._flusher: Flusher | None = None
        super().__init__()

    def load_config(self) -> None:
        """Say how to serve; gunicorn calls it."""
        options = {
            "bind": f"fd://{self._fd}",
            "worker_class": "gthread",
            "workers": 1,  # rate limits live in the worker's memory
            "threads": self._settings.web.threads,
            "graceful_timeout": 10,
            "keepalive": 5,
            "limit_request_line": 8190,  # what is too long for us gets our page first
            "logger_class": QuietLogger,
            "loglevel": "warning",
            "control_socket_disable": True,
            "post_worker_init": self._ready,
            "worker_exit": self._leave,
        }
        for name, value in options.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        """Return the site, on a store opened after the fork; gunicorn calls it in the worker."""
        self._store = Store(self._settings.store.url)
        end_when_replaced(self._store)
        return create_app(self._settings, self._store)

    def _ready(self, worker: Any) -> None:
        if self._store:  # threads do not survive a fork, so the flusher starts in the worker
            self._flusher = Flusher(self._store, self._settings)
            self._flusher.start()
        if worker.age == 1:
            print(f"site listening on {self._address}", flush=True)
            if self._demo_password:
                said = f"Панель: {self._address}/admin.html, пароль на этот запуск: {self._demo_password}"
                print(said, flush=True)

    def _leave(self, _arbiter: Any, _worker: Any) -> None:
        if self._flusher:
            self._flusher.stop()
        if self._store:
            self._store.close()


def main() -> int:
    """Serve until SIGTERM or SIGINT; 1 and one line where the settings, the store or the port can't be used."""
    try:
        settings = load_settings()
        configure_logs(settings.logs, "web")
        settings, demo_password = with_demo_password(with_secret(settings))
        Store(settings.store.url).close()
        listener = listen(settings.web.host, settings.web.port)
    except NaryadError as error:
        print(error, file=sys.stderr)
        return 1
    Server(settings, listener, demo_password).run()
    return 0


def with_demo_password(settings: Settings) -> tuple[Settings, str]:
    """Return the settings with a password of this start only, and the password, where it is all a play.

    That is: no password is set, and Google, Telegram and the site's visitors are all on this very machine.
    """
    addresses = (settings.sheets.api_url, settings.telegram.api_url, settings.web.public_url)
    near = all(map(is_near, addresses)) and settings.web.host in NEAR
    if settings.admin_password_hash.get_secret_value() or not near:
        return settings, ""
    password = random_password()
    return settings.model_copy(update={"admin_password_hash": SecretStr(hashed(password))}), password


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 picks a free one.

    Raises:
        SettingsError: the address can't be used.
    """
    try:
        return socket.create_server(
            (host, port), family=socket.AF_INET6 if ":" in host else socket.AF_INET, backlog=BACKLOG
        )
    except OSError as error:
        raise SettingsError(f"Сайт не может слушать {host}:{port}: {_why(error)}") from None


def _why(error: OSError) -> str:
    hints = {
        errno.EADDRINUSE: "порт занят другой программой, остановите её или поменяйте web.port",
        errno.EACCES: "нет права на этот порт, возьмите web.port больше 1023",
        errno.EADDRNOTAVAIL: "у этой машины нет такого адреса, поправьте web.host",
    }
    return hints.get(error.errno or 0, f"поправьте web.host и web.port ({error})")


def address(listener: socket.socket) -> str:
    """Return the listening socket's address for people."""
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
