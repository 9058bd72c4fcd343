"""Protected ranges: a 400 for whoever is not an editor, and a warning that stops nobody."""

from typing import Any

import pytest

from tests.sandbox.conftest import BOOK, Sandbox

Json = dict[str, Any]
REFUSAL = (
    "You are trying to edit a protected cell or object. Please contact the spreadsheet owner to remove protection "
    "if you need to edit."
)
COLUMN_B = {"sheetId": 0, "startColumnIndex": 1, "endColumnIndex": 2}


def run(sandbox: Sandbox, user: str, *requests: Json) -> Any:
    """A batchUpdate by a user."""
    return sandbox.post(f"{BOOK}:batchUpdate", {"requests": list(requests)}, user)


def protect(sandbox: Sandbox, **protection: Any) -> int:
    """Protect column B as `staff`; the protection's id."""
    request = {"addProtectedRange": {"protectedRange": {"range": COLUMN_B, **protection}}}
    answer = run(sandbox, "staff", request)
    assert answer.status_code == 200, answer.text
    number: int = answer.json()["replies"][0]["addProtectedRange"]["protectedRange"]["protectedRangeId"]
    return number


def write(sandbox: Sandbox, user: str, cells: str) -> Any:
    """values.update by a user."""
    return sandbox.call("PUT", f"{BOOK}/values/{cells}", {"values": [["x"]]}, user, valueInputOption="RAW")


def test_only_editors_write(sandbox: Sandbox) -> None:
    protect(sandbox, editors={"users": ["boss"]})
    answer = write(sandbox, "worker", "B1")
    assert (answer.status_code, answer.json()["error"]["message"]) == (400, REFUSAL)
    assert write(sandbox, "worker", "A1").status_code == 200
    for user in ("staff", "boss"):
        assert write(sandbox, user, "B1").status_code == 200


def test_a_warning_stops_nobody(sandbox: Sandbox) -> None:
    protect(sandbox, warningOnly=True)
    assert write(sandbox, "worker", "B1").status_code == 200


def test_warning_and_editors_exclude_each_other(sandbox: Sandbox) -> None:
    protection = {"range": COLUMN_B, "warningOnly": True, "editors": {"users": ["boss"]}}
    assert run(sandbox, "staff", {"addProtectedRange": {"protectedRange": protection}}).status_code == 400


@pytest.mark.parametrize(
    "request_body",
    [
        {"repeatCell": {"range": {"sheetId": 0, "endRowIndex": 1}, "cell": {"note": "n"}, "fields": "note"}},
        {"deleteDimension": {"range": {"sheetId": 0, "dimension": "ROWS", "startIndex": 3, "endIndex": 4}}},
        {"sortRange": {"range": {"sheetId": 0}, "sortSpecs": [{"dimensionIndex": 0}]}},
        {"deleteSheet": {"sheetId": 0}},
    ],
    ids=lambda body: str(next(iter(body))),
)
def test_requests_touching_a_protection_are_refused_whole(sandbox: Sandbox, request_body: Json) -> None:
    protect(sandbox)
    run(sandbox, "staff", {"addSheet": {"properties": {"title": "Другой"}}})
    name = next(iter(request_body))
    answer = run(sandbox, "worker", {"addSheet": {"properties": {"title": "Новый"}}}, request_body)
    assert answer.status_code == 400
    assert answer.json()["error"]["message"] == f"Invalid requests[1].{name}: {REFUSAL}"
    assert len(sandbox.get(BOOK).json()["sheets"]) == 2


def test_unprotected_parts_of_a_protected_tab(sandbox: Sandbox) -> None:
    whole = {"range": {"sheetId": 0}, "unprotectedRanges": [COLUMN_B]}
    run(sandbox, "staff", {"addProtectedRange": {"protectedRange": whole}})
    assert write(sandbox, "worker", "B7").status_code == 200
    assert write(sandbox, "worker", "A7").status_code == 400


def test_who_may_not_edit_does_not_see_the_editors(sandbox: Sandbox) -> None:
    protect(sandbox)
    seen = sandbox.get(BOOK, "worker").json()["sheets"][0]["protectedRanges"][0]
    assert not seen.keys() & {"editors", "requestingUserCanEdit"}
    seen = sandbox.get(BOOK, "staff").json()["sheets"][0]["protectedRanges"][0]
    assert seen["requestingUserCanEdit"] is True
    assert "staff" in seen["editors"]["users"]


def test_protections_are_changed_and_removed_by_editors_only(sandbox: Sandbox) -> None:
    number = protect(sandbox)
    assert run(sandbox, "worker", {"deleteProtectedRange": {"protectedRangeId": number}}).status_code == 400
    change = {"protectedRangeId": number, "description": "шапка"}
    update = {"updateProtectedRange": {"protectedRange": change, "fields": "description"}}
    assert run(sandbox, "staff", update).status_code == 200
    assert sandbox.get(BOOK).json()["sheets"][0]["protectedRanges"][0]["description"] == "шапка"
    assert run(sandbox, "staff", {"deleteProtectedRange": {"protectedRangeId": number}}).status_code == 200
    assert write(sandbox, "worker", "B1").status_code == 200
