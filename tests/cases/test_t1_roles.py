"""T1: the stand-in for Google knows roles: who may read need not be one who may write, and a stranger may nothing."""

from collections.abc import Iterator
from typing import Any

import gspread
import pytest
import requests

from tests.harness.system import HANG_S
from tests.sandbox.conftest import BOOK, DEMO, Sandbox, sandbox, sandbox_process

__all__ = ["sandbox", "sandbox_process"]

RANGE = f"{BOOK}/values/A1"
DENIED = {"code": 403, "message": "The caller does not have permission", "status": "PERMISSION_DENIED"}
Request = tuple[str, str, Any]
READS: tuple[Request, ...] = (
    ("GET", BOOK, None),
    ("GET", RANGE, None),
    ("GET", f"{BOOK}/values:batchGet?ranges=A1", None),
    ("POST", f"{BOOK}:getByDataFilter", {"dataFilters": [{"a1Range": "A1"}]}),
    ("GET", f"/drive/v3/files/{DEMO}", None),
)
WRITES: tuple[Request, ...] = (
    ("PUT", f"{RANGE}?valueInputOption=RAW", {"values": [["x"]]}),
    ("POST", f"{RANGE}:append?valueInputOption=RAW", {"values": [["x"]]}),
    ("POST", f"{RANGE}:clear", {}),
    ("POST", f"{BOOK}/values:batchUpdate", {"valueInputOption": "RAW", "data": [{"range": "A1", "values": [["x"]]}]}),
    ("POST", f"{BOOK}/values:batchClear", {"ranges": ["A1"]}),
    ("POST", f"{BOOK}:batchUpdate", {"requests": [{"addSheet": {}}]}),
    ("POST", f"{BOOK}/sheets/0:copyTo", {"destinationSpreadsheetId": DEMO}),
    ("PATCH", f"/drive/v3/files/{DEMO}", {"name": "x"}),
    ("POST", f"/drive/v3/files/{DEMO}/permissions", {"type": "user", "role": "writer", "emailAddress": "x@y"}),
)  # fmt: skip


@pytest.fixture
def book(sandbox: Sandbox) -> Iterator[Sandbox]:
    """The demo spreadsheet with a value in A1, written by staff before anybody had a role."""
    sandbox.call("PUT", f"{RANGE}?valueInputOption=RAW", {"values": [["привет"]]}, "staff")
    yield sandbox
    sandbox.control("reset")


def statuses(book: Sandbox, token: str, requests_: tuple[Request, ...]) -> set[int]:
    """What a bearer is answered."""
    return {book.call(verb, path, body, token).status_code for verb, path, body in requests_}


def test_t1_a_reader_reads_and_does_not_write(book: Sandbox) -> None:
    book.control("access", spreadsheet=DEMO, token="t", role="reader")
    before = book.get(BOOK, "t").json()
    assert statuses(book, "t", READS) == {200}
    assert statuses(book, "t", WRITES) == {403}
    assert book.call("PUT", f"{RANGE}?valueInputOption=RAW", {"values": [["x"]]}, "t").json() == {"error": DENIED}
    assert book.get(BOOK, "staff").json() == before
    assert book.get(RANGE, "staff").json()["values"] == [["привет"]]
    drive = book.call("PATCH", f"/drive/v3/files/{DEMO}", {"name": "x"}, "t").json()["error"]
    assert drive["errors"][0]["reason"] == "insufficientFilePermissions"
    with pytest.raises(gspread.exceptions.APIError, match="does not have permission"):
        book.gspread("t").open_by_key(DEMO).sheet1.update([["x"]], "A1")


def test_t1_whoever_has_no_role_left_may_nothing(book: Sandbox) -> None:
    book.control("access", spreadsheet=DEMO, token="t", role="none")
    assert statuses(book, "t", READS) <= {403, 404}
    assert statuses(book, "t", WRITES) <= {403, 404}
    assert book.get(RANGE, "t").json() == {"error": DENIED}
    assert book.get(f"/drive/v3/files/{DEMO}", "t").status_code == 404, "Drive does not say that there is such a file"


@pytest.mark.parametrize("role", ["writer", "owner"])
def test_t1_writers_and_owners_write(book: Sandbox, role: str) -> None:
    book.control("access", spreadsheet=DEMO, token="t", role=role)
    assert statuses(book, "t", READS + WRITES) == {200}
    assert book.call("DELETE", f"/drive/v3/files/{DEMO}", user="t").status_code == (204 if role == "owner" else 403)


def test_t1_a_role_can_change_at_any_time(book: Sandbox) -> None:
    for role, read, write in (("none", 403, 403), ("reader", 200, 403), ("owner", 200, 200), ("reader", 200, 403),
                              ("writer", 200, 200), ("none", 403, 403)):  # fmt: skip
        book.control("access", spreadsheet=DEMO, token="t", role=role)
        assert (statuses(book, "t", READS[:2]), statuses(book, "t", WRITES[:2])) == ({read}, {write}), role


def test_t1_only_the_owner_passes_a_protection(book: Sandbox) -> None:
    protect = {"addProtectedRange": {"protectedRange": {"range": {"sheetId": 0}, "editors": {"users": ["nobody@x"]}}}}
    book.control("access", spreadsheet=DEMO, token="o", role="owner")
    book.control("access", spreadsheet=DEMO, token="w", role="writer")
    assert book.post(f"{BOOK}:batchUpdate", {"requests": [protect]}, "o").status_code == 200
    assert statuses(book, "o", WRITES[:1]) == {200}
    assert statuses(book, "w", WRITES[:1]) == {400}


def test_t1_no_token_is_refused_as_google_does(book: Sandbox) -> None:
    for verb, path, body in READS + WRITES:
        answer = book.call(verb, path, body, "")
        assert answer.status_code in (401, 403), (verb, path)
    read = book.get(RANGE, "").json()["error"]
    assert (read["code"], read["status"]) == (403, "PERMISSION_DENIED")
    assert read["message"].startswith("Method doesn't allow unregistered callers")
    write = book.call("PUT", f"{RANGE}?valueInputOption=RAW", {"values": [["x"]]}, "").json()["error"]
    assert (write["code"], write["status"]) == (401, "UNAUTHENTICATED")
    assert write["message"].startswith("Request is missing required authentication credential.")
    for header in ("Basic dDpw", "Bearer ", "x"):
        answer = requests.get(book.url + RANGE, headers={"Authorization": header}, timeout=HANG_S)
        assert answer.status_code == 403, header


def test_t1_an_unknown_token_is_refused_once_anybody_has_a_role(book: Sandbox) -> None:
    assert book.get(RANGE, "never seen").status_code == 200, "whoever drives the stand-in from outside may at first"
    book.control("access", spreadsheet=DEMO, token="t", role="reader")
    stranger = book.get(RANGE, "unknown")
    assert (stranger.status_code, stranger.json()["error"]["status"]) == (401, "UNAUTHENTICATED")
    assert stranger.json()["error"]["message"].startswith("Request had invalid authentication credentials.")
    assert statuses(book, "unknown", READS + WRITES) == {401}
    assert statuses(book, "staff", READS + WRITES[:1]) == {200}, "who was there before goes on"
    book.control("reset")
    assert book.get(RANGE, "unknown").status_code == 200


def test_t1_a_service_account_is_known_by_its_token_or_its_address(book: Sandbox) -> None:
    form = {"grant_type": "refresh_token", "refresh_token": "robot@company.iam.gserviceaccount.com"}

    def issued() -> str:
        return str(requests.post(f"{book.url}/token", data=form, timeout=HANG_S).json()["access_token"])

    book.control("access", spreadsheet=DEMO, token="t", role="reader")
    assert statuses(book, issued(), READS + WRITES[:1]) == {200}, "/token issues known tokens"
    book.control("access", spreadsheet=DEMO, token="robot@company.iam.gserviceaccount.com", role="reader")
    token = issued()
    assert (statuses(book, token, READS), statuses(book, token, WRITES[:1])) == ({200}, {403})
    book.control("access", spreadsheet=DEMO, token=token, role="writer")
    assert statuses(book, issued(), WRITES[:1]) == {200}, "a role is the account's, whichever token it shows"


def test_t1_sharing_by_drive_gives_the_same_roles(book: Sandbox) -> None:
    staff = book.gspread("staff").open_by_key(DEMO)
    staff.share("robot@x", perm_type="user", role="reader", notify=False)
    assert statuses(book, "robot@x", WRITES[:1]) == {403}
    staff.share("robot@x", perm_type="user", role="writer", notify=False)
    assert statuses(book, "robot@x", WRITES[:1]) == {200}


def test_t1_a_role_that_makes_no_sense(book: Sandbox) -> None:
    for body in (
        {"token": "t", "role": "king"},
        {"role": "reader"},
        {"token": "t", "role": "reader", "spreadsheet": "?"},
    ):
        answer = book.post("/sandbox/access", {"spreadsheet": DEMO, **body})
        assert answer.status_code == 400, body
        assert answer.json()["error"]
