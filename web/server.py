"""The production server: waitress in this process, on a socket that already listens."""

import errno
import logging
import signal
import socket
import sys
from contextlib import closing

from pydantic import SecretStr

from record.errors import NaryadError, SettingsError
from record.flush import Flusher
from record.logs import configure_logs
from record.settings import Settings, load_settings
from record.store import Store
from record.whereabouts import is_here
from web import BODY_LIMIT, create_app
from web.access.passwords import hashed, random_password
from web.access.security import with_secret
from web.connections import HttpServer
from web.welcome import block, welcome

BACKLOG = 512


class Server:
    """The site on a socket that already listens."""

    def __init__(
        self,
        settings: Settings,
        listener: socket.socket,
        greeting: str,
        welcome: str = "",
    ) -> None:
        self._settings = settings
        self._greeting = greeting
        self._welcome = welcome
        self._listener = listener
        self._http: HttpServer | None = None
        self._ended = False

    def run(self) -> None:
        """Serve until told to end; a store whose file was replaced is opened again.

        The socket goes on listening meanwhile: whoever comes then waits for a moment.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: self.end())
        while not self._ended:
            with closing(Store(self._settings.store.url)) as store:
                self._serve(store)

    def end(self) -> None:
        """Serve no longer; for signal handlers."""
        self._ended = True
        self._listener.close()
        if self._http:
            self._http.stop()

    def _serve(self, store: Store) -> None:
        app = create_app(self._settings, store)
        try:
            socket_again = self._listener.dup()
        except OSError:  # it was told to end meanwhile
            return
        self._http = HttpServer(
            app, socket_again, self._settings.web.threads, BODY_LIMIT
        )
        store.when_replaced(self._http.stop)
        # so that orders reach the sheet even while no worker runs
        flusher = Flusher(store, self._settings)
        flusher.start()
        if self._ended or store.replaced:  # since before there was anything to stop
            self._http.stop()
        if self._greeting:
            print(self._greeting, flush=True)
            self._greeting = ""
        if self._welcome:
            welcome(store, self._welcome, lambda: self._ended)
            self._welcome = ""
        try:
            self._http.serve()
        finally:
            flusher.stop()


def main() -> int:
    """Serve until SIGTERM or SIGINT.

    Return 1, with one line, where the settings, the store or the port can't be used.
    """
    try:
        settings = load_settings()
        configure_logs(settings.logs, "web")
        settings, demo_password = with_demo_password(with_secret(settings))
        # that somebody waits for a moment is no news
        logging.getLogger("waitress.queue").setLevel(logging.ERROR)
        # says what is wrong with it before anybody is let in
        Store(settings.store.url).close()
        listener = listen(settings.web.host, settings.web.port)
        url = address(listener)
        started = ""
        # only a play has an address of its own for Google; `make run` is one
        if settings.sheets.api_url:
            started = block(settings, url, demo_password)
        Server(settings, listener, greeting(url, demo_password), started).run()
    except NaryadError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def greeting(url: str, demo_password: str) -> str:
    """Return what the site says once it listens, with the password of a play."""
    listening = f"site listening on {url}"
    if not demo_password:
        return listening
    panel = f"Панель: {url}/admin.html, пароль на этот запуск: {demo_password}"
    return f"{listening}\n{panel}"


def with_demo_password(settings: Settings) -> tuple[Settings, str]:
    """Return the settings of a play with a password of this start, and the password.

    It is a play where no password is set, and Google, Telegram and the site's visitors
    are all on this very machine. Elsewhere the settings stay, and the password is "".
    """
    if settings.admin_password_hash.get_secret_value():
        return settings, ""
    addresses = (
        settings.sheets.api_url,
        settings.telegram.api_url,
        settings.web.public_url,
        settings.web.host,
    )
    if not all(is_here(address) for address in addresses):
        return settings, ""
    password = random_password()
    kept = SecretStr(hashed(password))
    return settings.model_copy(update={"admin_password_hash": kept}), password


def listen(host: str, port: int) -> socket.socket:
    """Return a listening socket; port 0 picks a free one.

    Raises:
        SettingsError: the address can't be used.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family, backlog=BACKLOG)
    except OSError as error:
        raise SettingsError(
            f"Сайт не может слушать {host}:{port}: {_why(error)}"
        ) from None


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
    if ":" in host:
        return f"http://[{host}]:{port}"
    return f"http://{host}:{port}"
