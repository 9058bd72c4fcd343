"""Keeps the product's processes running as systemd would, while each is killed again and again."""

import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import IO

from record.failpoints import POINTS, VARIABLE
from tests.harness.processes import ROOT
from tests.harness.system import COMMANDS, HANG_S, System

ALIVE_S = (0.5, 3.0)  # how long a process lives that is killed at a moment of nobody's choosing
NEVER_S = 90  # after which a fail point counts as never passed
LOOK_S = 0.02
REACH = {
    "worker": ("poll.read", "poll.committed", "flush.planned", "flush.marked"),
    "client": ("update.fetched", "update.stored", "update.decided", "update.answered", "update.handled"),
    "master": ("claim.committed", "finish.committed", "send.worded", "send.accepted", "send.marked"),
    "web": ("intake.committed", "flush.sent"),
}


@dataclass(frozen=True)
class Fate:
    """How a process will die: at a fail point (``name:n``), or after so many seconds."""

    point: str = ""
    after_s: float = 0.0


@dataclass(frozen=True)
class Kill:
    """A kill that happened: whom, when, and the fail point, "" where it was a random moment."""

    process: str
    at: float
    point: str


def fates(rng: random.Random, kills: int) -> dict[str, list[Fate]]:
    """Return how each process dies, ``kills`` times altogether: at every fail point once, then as it comes."""
    queues: dict[str, list[Fate]] = {name: [Fate(point) for point in points] for name, points in REACH.items()}
    names = list(REACH)
    for number in range(max(0, kills - len(POINTS))):
        name = names[number % len(names)]
        at_random = number < len(names) or rng.random() < 0.5
        point = f"{rng.choice(REACH[name])}:{rng.randint(1, 4)}"
        queues[name].append(Fate(after_s=rng.uniform(*ALIVE_S)) if at_random else Fate(point))
    for queue in queues.values():
        rng.shuffle(queue)
    return queues


class Shift:
    """Runs worker, bots and site; each has a thread that starts it again whenever it has died."""

    def __init__(self, system: System, queues: dict[str, list[Fate]]) -> None:
        self.kills: list[Kill] = []
        self.faults: list[str] = []
        self.site = f"http://127.0.0.1:{system.env['NARYAD_WEB__PORT']}"
        self._system = system
        self._over = threading.Event()
        self._codes: dict[str, int] = {}
        self._threads = [threading.Thread(target=self._mind, args=one, daemon=True) for one in queues.items()]
        for thread in self._threads:
            thread.start()
        self._left = queues

    @property
    def killing(self) -> bool:
        """Say whether somebody is still to be killed."""
        return any(self._left.values()) and not self.faults

    def end(self) -> dict[str, int]:
        """Ask all to end, as systemd does; return their exit codes."""
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=HANG_S)
        return self._codes

    def _mind(self, name: str, queue: list[Fate]) -> None:
        try:
            while queue and not self._over.is_set():
                self._live_and_die(name, queue[0])
                queue.pop(0)
            self._live_on(name)
        except Exception as error:
            self.faults.append(f"{name}: {error!r}")
            raise

    def _live_and_die(self, name: str, fate: Fate) -> None:
        with self._log(name) as log:
            began = log.seek(0, os.SEEK_END)
            process = self._start(name, fate.point, log)
            deadline = time.monotonic() + (NEVER_S if fate.point else fate.after_s)
            while time.monotonic() < deadline and not self._over.is_set():
                if fate.point and self._dead(name, process, began):
                    break
                if process.poll() is not None:  # it could not begin yet, or ended by itself
                    process = self._start(name, fate.point, log)
                time.sleep(LOOK_S)
            else:
                if fate.point:
                    self.faults.append(f"{name} never passed {fate.point}")
            _end_group(process, signal.SIGKILL)
            self.kills.append(Kill(name, time.time(), fate.point.partition(":")[0]))

    def _dead(self, name: str, process: subprocess.Popen[bytes], began: int) -> bool:
        """Say whether the process died at its fail point; of the site, its worker process does."""
        if name != "web" and process.poll() != -signal.SIGKILL:
            return False
        with (self._system.folder / f"{name}.log").open("rb") as log:
            log.seek(began)
            return b'"fail_point"' in log.read()

    def _live_on(self, name: str) -> None:
        with self._log(name) as log:
            process = self._start(name, "", log)
            while not self._over.wait(LOOK_S):
                if process.poll() is not None:
                    process = self._start(name, "", log)
            process.send_signal(signal.SIGTERM)
            self._codes[name] = process.wait(timeout=HANG_S)

    def _log(self, name: str) -> IO[bytes]:
        return (self._system.folder / f"{name}.log").open("ab")

    def _start(self, name: str, point: str, log: IO[bytes]) -> subprocess.Popen[bytes]:
        env = {**self._system.env, **({VARIABLE: point} if point else {})}
        command = [sys.executable, "-m", *COMMANDS[name]]
        return subprocess.Popen(
            command, cwd=ROOT, env=env, stdout=subprocess.DEVNULL, stderr=log, start_new_session=True
        )


def _end_group(process: subprocess.Popen[bytes], how: signal.Signals) -> None:
    """Send a signal to a process and its children, as systemd does to what is left of a unit."""
    try:
        os.killpg(process.pid, how)
    except ProcessLookupError:
        return
    process.wait(timeout=HANG_S)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def until(condition: Callable[[], bool], step_s: float) -> Iterator[None]:
    """Yield again and again, at a person's pace, until the condition holds."""
    while not condition():
        yield
        time.sleep(step_s)
