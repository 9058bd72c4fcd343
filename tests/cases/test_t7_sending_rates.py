"""T7: whoever tries the demo meets Telegram's sending rates, as everybody does at Telegram."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sandbox.conftest import ROOT, Sandbox, start, stop
from tests.sandbox.telegram_talk import Refused, Talk


@pytest.fixture
def demo_sandbox(tmp_path: Path) -> Iterator[Sandbox]:
    """A sandbox started as `make run` starts it, but elsewhere."""
    command = next(line for line in (ROOT / "Procfile").read_text().splitlines() if line.startswith("sandbox:"))
    options = re.sub(r"--(port|data) \S+", "", command.partition("-m sandbox")[2]).split()
    process, url = start("--port", "0", "--data", str(tmp_path / "data"), *options)
    sandbox = Sandbox(url)
    yield sandbox
    sandbox.session.close()
    stop(process)


def refused_of(talk: Talk, messages: int) -> Refused | None:
    """The first refusal of that many messages written at once."""
    for _ in range(messages):
        try:
            talk.send()
        except Refused as refusal:
            return refusal
    return None


def test_t7_the_demo_keeps_telegrams_rates(demo_sandbox: Sandbox) -> None:
    talk = Talk(demo_sandbox).started()
    refusal = refused_of(talk, 20)
    assert refusal is not None
    wait = refusal.body["parameters"]["retry_after"]
    assert refusal.status == 429
    assert refusal.description == f"Too Many Requests: retry after {wait}"
    assert demo_sandbox.control("reset") is not None
    assert refused_of(Talk(demo_sandbox).started(), 20) is not None, "a reset does not make it kinder"
    demo_sandbox.control("telegram/limits", enabled=False)
    assert refused_of(talk, 20) is None, "whoever wants to may switch them off"
