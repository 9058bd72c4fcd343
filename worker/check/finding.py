"""One line of the check, and looks that end in time: no trouble hides another."""

import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from record.errors import NaryadError
from record.logs import masked

LIMIT_S = 60.0


@dataclass(frozen=True)
class Finding:
    """What was looked at, whether it is right, and what was seen or must be done.

    ``note``: nothing is wrong yet, but a person should know.
    """

    what: str
    right: bool
    said: str
    note: bool = False


def right(what: str, said: str) -> Finding:
    """Return a finding of what is as it must be."""
    return Finding(what, right=True, said=said)


def note(what: str, said: str) -> Finding:
    """Return a finding of what a person should know."""
    return Finding(what, right=True, said=said, note=True)


def wrong(what: str, said: str) -> Finding:
    """Return a finding of what is not right, with what to do."""
    return Finding(what, right=False, said=said)


def attempt(what: str, look: Callable[[], str]) -> Finding:
    """Return what a look says, or why it failed."""
    try:
        return right(what, look())
    except NaryadError as error:
        return wrong(what, str(error))


def bounded(
    what: str, probe: Callable[[], Iterable[Finding]], limit_s: float = LIMIT_S
) -> list[Finding]:
    """Return what a probe finds; a failure or a missing end is a finding of its own.

    What it found before that stays.
    """
    found: list[Finding] = []

    def work() -> None:
        try:
            for one in probe():
                found.append(one)  # noqa: PERF402  one by one: what was found before a failure is kept
        except NaryadError as error:
            found.append(wrong(what, str(error)))
        except Exception as error:  # noqa: BLE001  a check that ends at the first surprise checks nothing else
            said = f"{type(error).__name__}, {masked(str(error))}"
            found.append(wrong(what, f"проверить не удалось: {said}"))

    # a thread that hangs for good must not keep the process from ending
    thread = threading.Thread(target=work, daemon=True)
    thread.start()
    thread.join(limit_s)
    seen = list(found)
    if thread.is_alive():
        said = f"нет ответа дольше {limit_s:g} с: проверьте связь и повторите"
        seen.append(wrong(what, said))
    return seen
