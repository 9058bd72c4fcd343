"""One line an event; phones, tokens and keys never reach it."""

import json
import logging
import traceback
from collections.abc import Iterator
from pathlib import Path

import pytest
import structlog

from record.errors import StoreError
from record.logs import configure_logs, get_logger, masked
from record.settings.sections import Logs
from record.store import Store


@pytest.fixture(autouse=True)
def _logging_as_before() -> Iterator[None]:
    """Give the root logger back after the test as it was."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("+79001234567", "***67"),
        ("звонить на 8 (900) 123-45-67 вечером", "звонить на ***67 вечером"),
        ("79001234567, 89007654321", "***67, ***21"),
        ("POST https://api.telegram.org/bot110201543:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw/getMe",
         "POST https://api.telegram.org/bot***/getMe"),
        ("1001:sandbox-client", "***"),
        ("/track.html?id=17&key=Zm9v_YmFy-1", "/track.html?id=17&key=***"),
        ("order 17 took 0.25 s", "order 17 took 0.25 s"),
        ("90112345", "90112345"),
        ("строка 50000 из 60000", "строка 50000 из 60000"),
        ("next run at 2024-12-15 14:30:00", "next run at 2024-12-15 14:30:00"),
    ],
)  # fmt: skip
def test_what_nobody_may_read_in_a_log(text: str, shown: str) -> None:
    assert masked(text) == shown


def lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    """Return the log lines so far, each a JSON object."""
    return [json.loads(line) for line in capsys.readouterr().err.splitlines()]


def test_json_lines_of_our_own_and_of_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Logs(format="json"), "worker")
    get_logger("worker.poll").info("change", order="17", phone="+79001234567", what="Статус\n«Новая»")
    logging.getLogger("some.library").warning("call %s with bot%s", "+79001234567", "1001:sandbox-client")
    ours, theirs = lines(capsys)
    assert ours.pop("timestamp")
    assert ours == {
        "event": "change", "order": "17", "phone": "***67", "what": "Статус\n«Новая»", "level": "info",
        "process": "worker",
    }  # fmt: skip
    assert (theirs["event"], theirs["process"], theirs["level"]) == ("call ***67 with bot***", "worker", "warning")


def test_an_exceptions_text_is_masked_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Logs(format="json"), "worker")
    try:
        raise ValueError("no such chat +79001234567, token 1001:sandbox-client")
    except ValueError:
        get_logger("bots").exception("send_failed", order="17")
    (line,) = lines(capsys)
    assert "ValueError: no such chat ***67, token ***" in str(line["exception"])
    assert line["order"] == "17"


def test_what_is_nested_in_a_line_is_masked_too(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Logs(format="json"), "worker")
    get_logger("worker").info("facts", facts={"phone": "+79001234567"}, seen=["1001:sandbox-client", 17])
    (line,) = lines(capsys)
    assert (line["facts"], line["seen"]) == ({"phone": "***67"}, ["***", 17])


def test_what_was_bound_to_the_run_stands_in_each_line(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Logs(format="json"), "worker")
    with structlog.contextvars.bound_contextvars(run="ab12"):
        get_logger("worker").warning("poll")
        logging.getLogger("gspread").warning("hello")
    assert [line["run"] for line in lines(capsys)] == ["ab12", "ab12"]


def test_lines_for_people_are_one_an_event(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Logs(format="human"), "bot.client")
    get_logger("bots").info("sent", order="17", phone="+79001234567")
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "sent" in said
    assert "***67" in said
    assert "bot.client" in said
    assert "9001234567" not in said


def test_quiet_levels_and_noisy_libraries(capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(Logs(format="json", level="WARNING"), "worker")
    get_logger("worker").info("poll")
    logging.getLogger("httpx").info("HTTP Request: GET https://api.telegram.org")
    assert lines(capsys) == []


def test_what_the_database_complains_of_holds_nothing_that_was_to_be_stored(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/naryad.sqlite3")
    name = "Юля"
    with pytest.raises(StoreError) as caught, store.transaction() as tx:
        tx.history.add("17", "appeared", name, "", None)  # type: ignore[arg-type]  # a mistake, so that the database complains
    store.close()
    assert name not in "".join(traceback.format_exception(caught.value))
