"""Processes of the product, forked from one that has imported everything: a start costs a tenth of `python -m`.

Each is a process of its own all the same, with its own environment, killed, frozen and waited for like any other.
tests/torture/shift.py and tests/web/process.py start theirs as a shell does.
"""

import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
MODULES = ("worker", "bots", "web", "sandbox")

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload([f"{module}.__main__" for module in MODULES])


class Process:
    """A running `python -m module …`; what it says goes below the end of two files."""

    def __init__(self, command: list[str], env: Mapping[str, str], out: Path, err: Path) -> None:
        self._command = command
        self._out = out
        for file in (out, err):
            file.touch()
        self._since = out.stat().st_size
        what = (command, dict(env), str(out), str(err))
        self._process = _nursery.Process(target=_live, args=what, daemon=True)  # ends with the tests, at the latest
        self._process.start()

    def said(self) -> str:
        """Return what it has said on its standard output so far."""
        return self._out.read_bytes()[self._since :].decode()

    def lives(self) -> bool:
        """Say whether it has not ended."""
        return self._process.is_alive()

    def send_signal(self, how: signal.Signals) -> None:
        """Send a signal, unless it has ended."""
        if self.lives() and self._process.pid:
            os.kill(self._process.pid, how)

    def wait(self, timeout: float) -> int:
        """Return the exit code, negative for the signal that ended it.

        Raises:
            TimeoutExpired: it has not ended by then.
        """
        self._process.join(timeout)
        code = self._process.exitcode
        if code is None:
            raise subprocess.TimeoutExpired(self._command, timeout)
        return code


def _live(command: list[str], env: dict[str, str], out: str, err: str) -> None:
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    os.chdir(ROOT)
    for path, number in ((out, 1), (err, 2)):
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.dup2(file, number)
        os.close(file)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115  lives as long as the process
    sys.stderr = open(2, "w", encoding="utf-8", buffering=1, closefd=False)  # noqa: SIM115  likewise
    module, *sys.argv[1:] = command
    sys.orig_argv = [sys.executable, "-m", *command]
    sys.modules.pop(f"{module}.__main__")  # else it would be run a second time, as runpy warns
    runpy.run_module(module, run_name="__main__", alter_sys=True)
