"""The control calls and the process: faults, quota, edits of people, counters, restart, stop."""

import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import gspread
import pytest
import requests

from sandbox.sheets.errors import ApiError
from sandbox.sheets.quota import Quota
from tests.harness.system import HANG_S, wait_for
from tests.sandbox.conftest import BOOK, DEMO, ROOT, Sandbox, start, stop

APPEND = f"{BOOK}/values/A1:append?valueInputOption=RAW"


def texts(sandbox: Sandbox) -> list[list[str]]:
    """What is in the demo tab."""
    found: list[list[str]] = sandbox.get(f"{BOOK}/values/Лист1").json().get("values", [])
    return found


def test_requests_are_counted_whatever_becomes_of_them(sandbox: Sandbox) -> None:
    sandbox.get(BOOK)
    sandbox.get("/v4/spreadsheets/nobody")
    sandbox.post(f"{BOOK}/values:batchGetByDataFilter", {"dataFilters": []})
    sandbox.post(APPEND, {"values": [["x"]]})
    sandbox.post(f"{BOOK}:batchUpdate", {"requests": []})
    sandbox.get("/drive/v3/files")
    sandbox.post("/bot1:a/getMe")
    assert sandbox.get("/sandbox/requests").json() == {
        "sheets_read": 3,
        "sheets_write": 2,
        "drive": 1,
        "telegram": {"getMe": 1},
    }
    sandbox.control("reset")
    assert sandbox.get("/sandbox/requests").json()["sheets_read"] == 0


def test_reset_empties_everything_but_the_demo(sandbox: Sandbox) -> None:
    made = sandbox.gspread().create("Другая")
    sandbox.post(APPEND, {"values": [["x"]]})
    sandbox.control("faults", api="sheets", path="", times=5, status=500)
    sandbox.control("revoke", user="staff")
    sandbox.control("reset")
    assert sandbox.get("/sandbox/faults").json() == []
    assert sandbox.get(f"/v4/spreadsheets/{made.id}").status_code == 404
    assert sandbox.get(BOOK, "staff").json()["properties"]["title"] == "Наряд — демо"
    assert texts(sandbox) == []


def test_quota_counts_reads_and_writes_apart_for_each_user(sandbox: Sandbox) -> None:
    sandbox.control("quota", enabled=True, reads_per_minute=2, writes_per_minute=1)
    assert [sandbox.get(BOOK, "a").status_code for _ in range(3)] == [200, 200, 429]
    assert [sandbox.post(APPEND, {"values": [["x"]]}, "a").status_code for _ in range(2)] == [200, 429]
    assert sandbox.get(BOOK, "b").status_code == 200
    error = sandbox.post(APPEND, {"values": [["x"]]}, "a").json()["error"]
    assert error["status"] == "RESOURCE_EXHAUSTED"
    assert error["message"] == (
        "Quota exceeded for quota metric 'Write requests' and limit 'Write requests per minute per user' of service "
        "'sheets.googleapis.com' for consumer 'project_number:123456789012'."
    )
    assert error["details"][0]["metadata"]["quota_limit"] == "WriteRequestsPerMinutePerUser"
    sandbox.control("quota", enabled=False)
    assert sandbox.get(BOOK, "a").status_code == 200


def test_quota_is_refilled_each_minute() -> None:
    moments = iter([0.0, 1.0, 59.0, 60.0])
    quota = Quota(clock=lambda: next(moments))
    quota.configure(enabled=True, reads=2, writes=0)
    quota.spend("a", "read")
    quota.spend("a", "read")
    with pytest.raises(ApiError):
        quota.spend("a", "read")
    quota.spend("a", "read")


@pytest.mark.parametrize(("status", "name"), [(429, "RESOURCE_EXHAUSTED"), (500, "INTERNAL"), (503, "UNAVAILABLE")])
def test_status_faults_speak_as_sheets(sandbox: Sandbox, status: int, name: str) -> None:
    sandbox.control("faults", api="sheets", path=r"values/.*:append\?valueInputOption=RAW", times=2, status=status)
    assert sandbox.get(BOOK).status_code == 200
    for _ in range(2):
        answer = sandbox.post(APPEND, {"values": [["x"]]})
        assert (answer.status_code, answer.json()["error"]["status"]) == (status, name)
    assert sandbox.post(APPEND, {"values": [["x"]]}).status_code == 200
    assert texts(sandbox) == [["x"]]


def test_fault_paths_match_the_decoded_url(sandbox: Sandbox) -> None:
    sandbox.control("faults", api="sheets", path="'Заявки'!A1", times=1, status=503)
    tab = sandbox.gspread().open_by_key(DEMO).add_worksheet("Заявки", 5, 5)
    with pytest.raises(gspread.exceptions.APIError) as refused:
        tab.update([["x"]], "A1")
    assert refused.value.code == 503


def test_drive_and_telegram_faults_speak_as_theirs(sandbox: Sandbox) -> None:
    sandbox.control("faults", api="sheets", path="drive", times=1, status=403)
    assert sandbox.get("/drive/v3/files").json()["error"]["errors"][0]["reason"] == "forbidden"
    sandbox.control("faults", api="telegram", path="getMe", times=1, status=429)
    answer = sandbox.post("/bot1:a/getMe")
    assert answer.status_code == 429
    assert answer.json()["ok"] is False
    assert answer.json()["parameters"]["retry_after"] >= 1
    assert sandbox.get("/sandbox/requests").json()["telegram"] == {"getMe": 1}


def test_a_connection_lost_before_leaves_nothing(sandbox: Sandbox) -> None:
    sandbox.control("faults", api="sheets", path=":append", times=1, drop="before")
    with pytest.raises(requests.ConnectionError):
        sandbox.post(APPEND, {"values": [["x"]]})
    assert texts(sandbox) == []


def test_a_connection_lost_after_leaves_the_effect(sandbox: Sandbox) -> None:
    sandbox.control("faults", api="sheets", path=":append", times=1, drop="after")
    with pytest.raises(requests.ConnectionError):
        sandbox.post(APPEND, {"values": [["x"]]})
    assert texts(sandbox) == [["x"]]
    assert sandbox.get("/sandbox/faults").json() == []


def test_a_delay_holds_one_request_and_nobody_else(sandbox: Sandbox) -> None:
    sandbox.control("faults", api="sheets", path="A1:B1", times=1, delay_s=3)
    started = time.perf_counter()
    with ThreadPoolExecutor(1) as another:
        held = another.submit(requests.get, f"{sandbox.url}{BOOK}/values/A1:B1", headers=sandbox.session.headers)
        wait_for(lambda: sandbox.get("/sandbox/faults").json() == [], "the request that is held")
        sandbox.get(f"{BOOK}/values/A1:A2")
        assert not held.done()
        assert held.result().status_code == 200
    assert time.perf_counter() - started >= 3


def test_faults_are_listed_and_cleared(sandbox: Sandbox) -> None:
    sandbox.control("faults", api="telegram", path="send", times=3, status=500)
    sandbox.post("/bot1:a/sendMessage", {})
    assert sandbox.get("/sandbox/faults").json() == [
        {"api": "telegram", "path": "send", "times": 2, "status": 500, "delay_s": 0.0, "drop": None}
    ]
    assert sandbox.call("DELETE", "/sandbox/faults").status_code == 200
    assert sandbox.get("/sandbox/faults").json() == []


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("faults", {"api": "drive", "path": "", "times": 1, "status": 500}),
        ("faults", {"api": "sheets", "path": "(", "times": 1, "status": 500}),
        ("faults", {"api": "sheets", "path": "", "times": 0, "status": 500}),
        ("faults", {"api": "sheets", "path": "", "times": 1}),
        ("faults", {"api": "sheets", "path": "", "times": 1, "drop": "later"}),
        ("faults", {"api": "sheets", "path": "", "times": 1, "status": 200}),
        ("faults", {"api": "sheets", "path": "", "times": 1, "status": 500, "colour": "red"}),
        ("quota", {"enabled": "yes"}),
        ("quota", {"enabled": True, "reads_per_minute": -1}),
        ("before_write", {"spreadsheet": DEMO, "requests": []}),
        ("before_write", {"spreadsheet": DEMO, "requests": [{"nonsense": {}}]}),
        ("before_write", {"spreadsheet": "nobody", "requests": [{"addSheet": {}}]}),
        ("access", {"spreadsheet": DEMO, "allowed": False}),
        ("revoke", []),
        ("revoke", {"key": ""}),
        ("file", {"spreadsheet": DEMO, "state": "lost"}),
        ("project", {"sheets_api": "no"}),
    ],
)
def test_bad_control_calls_are_explained(sandbox: Sandbox, name: str, body: object) -> None:
    answer = sandbox.post(f"/sandbox/{name}", body)
    assert answer.status_code == 400
    assert answer.json()["error"]


def insert_row(text: str) -> list[dict[str, Any]]:
    """A person inserts a row at the top and types into it."""
    rows = [{"values": [{"userEnteredValue": {"stringValue": text}}]}]
    return [
        {"insertDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 0, "endIndex": 1}}},
        {"updateCells": {"rows": rows, "fields": "userEnteredValue", "start": {"sheetId": 0}}},
    ]


def test_a_person_edits_between_a_clients_read_and_its_write(sandbox: Sandbox) -> None:
    sandbox.post(APPEND, {"values": [["первая"]]})
    sandbox.control("before_write", spreadsheet=DEMO, requests=insert_row("человек"))
    assert texts(sandbox) == [["первая"]]
    assert sandbox.get("/sandbox/before_write").json()["waiting"] == {DEMO: 1}
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": [["программа"]]}, valueInputOption="RAW")
    assert texts(sandbox) == [["программа"], ["первая"]]
    sandbox.call("PUT", f"{BOOK}/values/A1", {"values": [["ещё"]]}, valueInputOption="RAW")
    assert texts(sandbox) == [["ещё"], ["первая"]]


def test_a_persons_edit_stays_when_the_write_it_precedes_is_refused(sandbox: Sandbox) -> None:
    sandbox.control("before_write", spreadsheet=DEMO, requests=insert_row("человек"))
    answer = sandbox.call("PUT", f"{BOOK}/values/Нет!A1", {"values": [["x"]]}, valueInputOption="RAW")
    assert answer.status_code == 400
    assert texts(sandbox) == [["человек"]]


def test_a_person_is_not_stopped_by_protections(sandbox: Sandbox) -> None:
    protection = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}}}}
    sandbox.post(f"{BOOK}:batchUpdate", {"requests": [protection]}, "staff")
    sandbox.control("before_write", spreadsheet=DEMO, requests=insert_row("человек"))
    sandbox.post(APPEND, {"values": [["x"]]}, "staff")
    assert texts(sandbox) == [["человек"], ["x"]]


def test_an_edit_that_cannot_be_made_is_reported(sandbox: Sandbox) -> None:
    sandbox.control("before_write", spreadsheet=DEMO, requests=[{"deleteSheet": {"sheetId": 7}}])
    assert sandbox.post(APPEND, {"values": [["x"]]}).status_code == 200
    assert "No grid with id: 7" in sandbox.get("/sandbox/before_write").json()["failed"][0]


def test_everything_survives_a_restart_with_a_data_file(tmp_path: Path) -> None:
    data = tmp_path / "sandbox.sqlite3"
    process, url = start("--port", "0", "--data", str(data))
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer anybody"
        session.trust_env = False
        rows = [[index, "Юля", 1.5, True, None] for index in range(1200)]
        put = {"values": rows}
        grow = {"appendDimension": {"sheetId": 0, "dimension": "ROWS", "length": 1000}}
        protect = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "warningOnly": True}}}
        session.post(f"{url}{BOOK}:batchUpdate", json={"requests": [grow, protect]}).raise_for_status()
        session.put(f"{url}{BOOK}/values/A1?valueInputOption=RAW", json=put).raise_for_status()
        typed = {"values": [["2 000 ₽", "=1+1"]]}
        session.put(f"{url}{BOOK}/values/F1?valueInputOption=USER_ENTERED", json=typed).raise_for_status()
        delete = {"deleteDimension": {"range": {"dimension": "ROWS", "startIndex": 900, "endIndex": 1200}}}
        session.post(f"{url}{BOOK}:batchUpdate", json={"requests": [delete]}).raise_for_status()
        before = session.get(f"{url}{BOOK}?includeGridData=true").json()
    assert stop(process) == 0
    process, url = start("--port", "0", "--data", str(data))
    with requests.Session() as session:
        session.headers["Authorization"] = "Bearer anybody"
        session.trust_env = False
        after = session.get(f"{url}{BOOK}?includeGridData=true").json()
    assert stop(process) == 0
    assert after == before
    assert len(after["sheets"][0]["data"][0]["rowData"]) == 900


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_it_cleanly(number: signal.Signals) -> None:
    process, _ = start("--port", "0")
    process.send_signal(number)
    assert process.wait(timeout=HANG_S) == 0
    assert process.stdout is not None
    process.stdout.close()


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    """`python -m sandbox` that is expected to give up."""
    command = [sys.executable, "-m", "sandbox", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=HANG_S, check=False)


def test_a_taken_port_is_said_in_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        ended = run("--port", str(port))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"sandbox: cannot listen on 127.0.0.1:{port}: ")
    assert ended.stderr.count("\n") == 1


def test_an_unreadable_data_file_is_said_in_one_line(tmp_path: Path) -> None:
    data = tmp_path / "notes.txt"
    data.write_text("это не база данных, а заметки, и довольно длинные " * 50)
    ended = run("--port", "0", "--data", str(data))
    assert (ended.returncode, ended.stdout) == (1, "")
    assert ended.stderr.startswith(f"sandbox: cannot read the data file {data}: ")
    assert ended.stderr.count("\n") == 1


def test_a_kept_alive_connection_never_stalls(sandbox: Sandbox) -> None:
    times = []
    for _ in range(40):
        started = time.perf_counter()
        sandbox.post(APPEND, {"values": [["x"]]})
        times.append(time.perf_counter() - started)
    assert min(times[1:]) < 0.040, "a delayed acknowledgement would cost as much each time"
