"""The real site as its own process, on a store that the tests prepare; Google is out of reach."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

from record.store import Store
from tests.harness.databases import databases
from tests.harness.system import HANG_S
from tests.web.visitor import seed

ROOT = Path(__file__).parents[2]
NOWHERE = "http://127.0.0.1:9"  # the discard port: nobody answers


class Process:
    """A running `python -m web`."""

    def __init__(self, folder: Path, **environment: str) -> None:
        self.folder = folder
        self.store_url = databases.url(folder, "naryad.sqlite3")
        self.store = Store(self.store_url)
        seed(self.store)
        with (folder / "web.log").open("wb") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "web"],
                cwd=ROOT,
                env=env(self.store_url, **environment),
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout
        line = self._process.stdout.readline()
        found = re.fullmatch(r"site listening on (http://\S+)\n", line)
        assert found, line + self.log()
        self.url = found[1]

    def said(self) -> str:
        """Return the next line that the site says on its standard output."""
        assert self._process.stdout
        return self._process.stdout.readline()

    def log(self) -> str:
        """Return what the site has logged."""
        return (self.folder / "web.log").read_text(encoding="utf-8")

    def end(self) -> int:
        """Ask the site to end, as systemd does; return its exit code."""
        self.store.close()
        self._process.send_signal(signal.SIGTERM)
        code = self._process.wait(timeout=HANG_S)
        assert self._process.stdout
        self._process.stdout.close()
        return code


def env(store_url: str, **changed: str) -> dict[str, str]:
    """Return an environment in which the site runs by itself."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("NARYAD_")}
    return plain | {
        "NARYAD_STORE__URL": store_url,
        "NARYAD_SHEETS__API_URL": NOWHERE,
        "NARYAD_TELEGRAM__API_URL": NOWHERE,
        "NARYAD_WEB__HOST": "127.0.0.1",
        "NARYAD_WEB__PORT": "0",
        "NARYAD_WEB__ORDERS_PER_MINUTE": "1000",
        "NARYAD_LOGS__FORMAT": "json",
        "SECRET_KEY": "a key of the tests",
        **changed,
    }
