"""What ops and the admin hear of troubles with Google that pass by themselves, and what each refusal means."""

import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from typing import Any

import google.auth.exceptions
import pytest
from freezegun import freeze_time
from structlog.testing import capture_logs

from record.errors import SheetBusy, SheetDenied, SheetUnclear
from record.sheet import Reading, Sheet
from record.sheet.refusals import Us, translated
from tests.harness.office import Office
from tests.harness.processes import ROOT
from worker.jobs import Job, Runner
from worker.poll import Poller, figures

READ = "values:batchGet"
UNKNOWN = "http://[fe80::1%25nowhere]"  # the machine's own resolver says that it knows no such name, and asks nobody


class Polls:
    """The worker's poll as its scheduler runs it, and what comes of it."""

    def __init__(self, office: Office, api_url: str = "") -> None:
        self._office = office
        sheets = {"api_url": api_url} if api_url else {}
        near = office.settings.sheets.model_copy(update={"timeout_s": 0.3, **sheets})
        settings = office.settings.model_copy(update={"sheets": near})
        sheet = Sheet(settings, office.store)
        self._poller = Poller(office.store, sheet, settings)
        self._runner = Runner(office.store, sheet, settings)

    def run(self) -> bool:
        """Poll once; say whether it went well."""
        return self._runner.run(Job("poll", lambda: figures(self._poller.poll())))

    def told(self) -> list[str]:
        """Return what the admin has been told since the last look."""
        with self._office.store.transaction() as tx:
            due = tx.outbox.due(["admin"])
            for one in due:
                tx.outbox.end(one.id, "sent")
        return [str(one.notice.facts["text"]) for one in due]


@pytest.fixture
def polls(office: Office) -> Polls:
    """Polls of a sheet that was read once already."""
    made = Polls(office)
    assert made.run()
    return made


FAULTS: dict[str, tuple[dict[str, Any], str]] = {
    "down": ({"status": 503}, "Сбой на стороне Google (503). Делать ничего не нужно: заявки принимаются"),
    "failing": ({"status": 500}, "Сбой на стороне Google (500). Делать ничего не нужно: заявки принимаются"),
    "quota": ({"status": 429}, "Квота Google на эту минуту исчерпана (429): тем же сервисным аккаунтом пользуется"),
    "silent": ({"delay_s": 0.5}, "Google Sheets не отвечает вовремя или связь обрывается. Делать ничего не нужно"),
    "lost": ({"drop": "before"}, "Google Sheets не отвечает вовремя или связь обрывается. Делать ничего не нужно"),
}


@pytest.mark.parametrize("kind", FAULTS)
def test_what_passes_by_itself_is_told_when_it_lasts_and_once(office: Office, polls: Polls, kind: str) -> None:
    fault, said = FAULTS[kind]
    with freeze_time("2026-12-15 12:00:00") as clock, capture_logs() as logged:
        for _ in range(4):
            office.fault(READ, times=3, **fault)
            assert not polls.run()
            office.mend_faults()
            clock.tick(25)
        (alarm,) = polls.told()
        assert alarm.startswith(f"⚠️ {said}")
        assert polls.run()
        assert polls.run()
        assert polls.told() == [f"✅ Снова в порядке. Было: {alarm.removeprefix('⚠️ ')}"]
    assert [line["event"] for line in logged if line["event"].startswith("trouble")] == ["trouble", "trouble_over"]


def test_troubles_that_come_mixed_are_told_once_each_and_end_together(office: Office, polls: Polls) -> None:
    mixed: list[dict[str, Any]] = [{"status": 503}, {"drop": "before"}, {"status": 500}, {"drop": "after"}] * 2
    with freeze_time("2026-12-15 12:00:00") as clock:
        for fault in mixed:
            office.fault(READ, times=3, **fault)
            assert not polls.run()
            office.mend_faults()
            clock.tick(20)
        down, silent = sorted(polls.told(), key=len, reverse=True)
        assert ("Сбой на стороне" in down, "не отвечает вовремя" in silent) == (True, True)
        assert polls.run()
        (over,) = polls.told()
    assert over.startswith("✅ Снова в порядке. Было: \n• ")
    assert over.count("\n• ") == 2


def test_without_a_connection_people_are_told_to_look_at_theirs(office: Office) -> None:
    """Nobody listens where Google should be; then somebody does."""
    with closing(socket.create_server(("127.0.0.1", 0))) as taken:
        port = taken.getsockname()[1]
    polls = Polls(office, f"http://127.0.0.1:{port}")
    with freeze_time("2026-12-15 12:00:00") as clock:
        for _ in range(4):
            assert not polls.run()
            clock.tick(25)
        (alarm,) = polls.told()
        assert alarm.startswith("⚠️ Нет связи с Google: проверьте интернет на этой машине. Заявки принимаются")
        for _ in sandbox_at(port):
            assert not polls.run(), "that one has no worksheets yet"
            (missing,) = polls.told()
    assert "Нет листа «Заявки»" in missing


def test_a_machine_that_finds_no_name_has_no_connection_and_has_sent_nothing(office: Office) -> None:
    """What a loss of the internet looks like first: no name is found, neither Google's nor that of its tokens."""
    polls = Polls(office, UNKNOWN)
    with freeze_time("2026-12-15 12:00:00") as clock:
        for _ in range(4):
            assert not polls.run()
            clock.tick(25)
        (alarm,) = polls.told()
    assert alarm.startswith("⚠️ Нет связи с Google: проверьте интернет на этой машине. Заявки принимаются")
    cut_off = office.settings.sheets.model_copy(update={"api_url": UNKNOWN})
    with pytest.raises(SheetBusy, match="Нет связи с Google") as refused:
        Sheet(office.settings.model_copy(update={"sheets": cut_off}), office.store).batch_update([{"addSheet": {}}])
    assert refused.value.cause == "network"


def test_an_answer_that_breaks_off_in_the_middle_leaves_a_write_unclear(office: Office) -> None:
    cut = b'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{"replies":'
    with closing(socket.create_server(("127.0.0.1", 0))) as google:
        address = f"http://127.0.0.1:{google.getsockname()[1]}"
        near = office.settings.sheets.model_copy(update={"api_url": address})
        sheet = Sheet(office.settings.model_copy(update={"sheets": near}), office.store)

        def answer() -> None:
            with google.accept()[0] as caller:
                caller.recv(65536)
                caller.sendall(cut)

        with ThreadPoolExecutor() as beside:
            beside.submit(answer)
            with pytest.raises(SheetUnclear, match="связь обрывается"):
                sheet.batch_update([{"addSheet": {}}])


def sandbox_at(port: int) -> Iterator[None]:
    """Let a sandbox listen at a port for a while."""
    command = [sys.executable, "-m", "sandbox", "--port", str(port)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline().startswith("sandbox listening")
        yield
        process.terminate()


# What a refusal of the key means


def refusing(error: Exception) -> Callable[[], None]:
    """Return something that fails as google-auth does."""

    def act() -> None:
        with translated(writing=False, us=Us("naryad@company.iam.gserviceaccount.com", "/etc/naryad/key.json")):
            raise error

    return act


def test_a_clock_that_is_wrong_is_not_taken_for_a_dead_key() -> None:
    """https://developers.google.com/identity/protocols/oauth2/service-account#jwt-error-codes"""
    said = (
        "invalid_grant: Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe. "
        "Check your iat and exp values in the JWT claim."
    )
    error = google.auth.exceptions.RefreshError(said, {})
    with pytest.raises(SheetDenied, match="Часы этой машины идут неверно"):
        refusing(error)()


@pytest.mark.parametrize("said", ["Invalid JWT Signature.", "Invalid grant: account not found", "Robot is disabled."])
def test_a_dead_key_says_where_the_new_one_belongs(said: str) -> None:
    error = google.auth.exceptions.RefreshError(f"invalid_grant: {said}", {})
    with pytest.raises(SheetDenied, match="положите его на место /etc/naryad/key"):
        refusing(error)()


def test_a_token_endpoint_that_fails_is_no_dead_key() -> None:
    error = google.auth.exceptions.RefreshError("internal_failure", retryable=True)
    with pytest.raises(SheetBusy, match="Сбой на стороне Google"):
        refusing(error)()


@pytest.mark.parametrize("body", [b"", b"<html>sign in to the hotel</html>", b'{"valueRanges": ['])
def test_whoever_answers_in_googles_place_counts_as_google_away(body: bytes) -> None:
    with pytest.raises(SheetBusy, match="ответил кто-то другой"):
        Reading(body, 0.0).values()
