"""The control calls under /sandbox: they drive the stand-ins from outside, by JSON."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, Response, jsonify, request

from sandbox.faults import Faults
from sandbox.sheets import batch
from sandbox.sheets.access import user_of
from sandbox.sheets.drive import NOBODY, ROLES, give
from sandbox.sheets.errors import ApiError
from sandbox.sheets.library import PERSON
from sandbox.sheets.sheets import Sheets
from sandbox.sheets.spreadsheet import Spreadsheet
from sandbox.sheets.validation import checked

Json = dict[str, Any]


class BadControl(Exception):
    """A control call that makes no sense; the message says why."""


class Control:
    """One method a control call; each answers JSON."""

    def __init__(self, sheets: Sheets, faults: Faults) -> None:
        """Drive these."""
        self._sheets = sheets
        self._faults = faults

    def quota(self) -> Json:
        """Google's quota on or off; what was used is forgotten."""
        body = _body("enabled", "reads_per_minute", "writes_per_minute")
        self._sheets.quota.configure(
            enabled=_flag(body, "enabled"),
            reads=_count(body, "reads_per_minute"),
            writes=_count(body, "writes_per_minute"),
        )
        return {}

    def add_fault(self) -> Json:
        """A fault for the next matching requests."""
        try:
            self._faults.add(_body())
        except ValueError as error:
            raise BadControl(str(error)) from error
        return {}

    def list_faults(self) -> list[Json]:
        """The faults that wait."""
        return self._faults.listed()

    def clear_faults(self) -> Json:
        """Forget the faults; `?release=1` lets the requests go on that are being held."""
        self._faults.clear(release=request.args.get("release") == "1")
        return {}

    def before_write(self) -> Json:
        """A person's edit just before the next write from outside."""
        body = _body("spreadsheet", "requests")
        requests = body.get("requests")
        if not isinstance(requests, list) or not requests:
            raise BadControl("requests must be a list of batchUpdate requests")
        try:
            clean = checked({"requests": requests}, "BatchUpdateSpreadsheetRequest")[
                "requests"
            ]
            self._sheets.library.before_write(_text(body, "spreadsheet"), _edit(clean))
        except ApiError as error:
            raise BadControl(error.message) from error
        return {}

    def waiting_edits(self) -> Json:
        """How many such edits wait, and which could not be applied."""
        library = self._sheets.library
        return {"waiting": library.waiting_edits(), "failed": library.failed_edits}

    def access(self) -> Json:
        """What a bearer may do to a spreadsheet, as its role.

        Or close it to a user, or open it again.
        """
        body = _body("spreadsheet", "token_user", "allowed", "token", "role")
        if "role" in body:
            self._give(
                _text(body, "spreadsheet"), _text(body, "token"), _text(body, "role")
            )
            return {}
        self._let_in(
            _text(body, "spreadsheet"),
            _text(body, "token_user"),
            allowed=_flag(body, "allowed"),
        )
        return {}

    def _give(self, book_id: str, token: str, role: str) -> None:
        if role not in ROLES:
            raise BadControl(f"role must be one of {', '.join(ROLES)}")
        user, _ = user_of(token)
        try:
            with self._sheets.library.write(book_id, PERSON) as book:
                give(book, user, role)
        except ApiError as error:
            raise BadControl(error.message) from error
        self._sheets.access.know(user)
        self._let_in(book_id, user, allowed=role != NOBODY)

    def _let_in(self, book_id: str, user: str, *, allowed: bool) -> None:
        closed = self._sheets.access.closed
        if allowed:
            closed.discard((book_id, user))
        else:
            closed.add((book_id, user))

    def revoke(self) -> Json:
        """Refuse the tokens of a user or of one key; `revoked` false takes them again."""
        body = _body("user", "key", "revoked")
        access = self._sheets.access
        known, name = (
            (access.revoked_keys, "key") if "key" in body else (access.revoked, "user")
        )
        _put(
            known, _text(body, name), there=_flag({"revoked": True, **body}, "revoked")
        )
        return {}

    def file(self) -> Json:
        """Let a spreadsheet be deleted, an Excel file, or there again."""
        body, access = _body("spreadsheet", "state"), self._sheets.access
        book_id, state = _text(body, "spreadsheet"), _text(body, "state")
        if state not in ("there", "deleted", "office"):
            raise BadControl("state must be 'there', 'deleted' or 'office'")
        _put(access.deleted, book_id, there=state == "deleted")
        _put(access.office, book_id, there=state == "office")
        return {}

    def project(self) -> Json:
        """Switch the Sheets API on or off in everybody's project."""
        self._sheets.access.enabled = _flag(_body("sheets_api"), "sheets_api")
        return {}


def control_blueprint(
    control: Control, reset: Callable[[], None], requests: Callable[[], Json]
) -> Blueprint:
    """/sandbox/*, except Telegram's."""
    blueprint = Blueprint("control", __name__, url_prefix="/sandbox")

    @blueprint.errorhandler(BadControl)
    def bad_control(error: BadControl) -> tuple[Response, int]:
        return jsonify({"error": str(error)}), 400

    def reset_all() -> Json:
        reset()
        return {}

    for verb, name, call in (
        ("POST", "reset", reset_all),
        ("GET", "requests", requests),
        ("POST", "quota", control.quota),
        ("POST", "faults", control.add_fault),
        ("GET", "faults", control.list_faults),
        ("DELETE", "faults", control.clear_faults),
        ("POST", "before_write", control.before_write),
        ("GET", "before_write", control.waiting_edits),
        ("POST", "access", control.access),
        ("POST", "revoke", control.revoke),
        ("POST", "file", control.file),
        ("POST", "project", control.project),
    ):
        blueprint.add_url_rule(
            f"/{name}", f"{verb} {name}", _answering(call), methods=[verb]
        )
    return blueprint


def _answering(call: Callable[[], Any]) -> Callable[[], Response]:
    return lambda: jsonify(call())


def _edit(requests: list[Json]) -> Callable[[Spreadsheet], None]:
    def edit(book: Spreadsheet) -> None:
        batch.run(book, requests, book.owner)

    return edit


def _put(known: set[str], name: str, *, there: bool) -> None:
    if there:
        known.add(name)
    else:
        known.discard(name)


def _body(*known: str) -> Json:
    body = request.get_json(force=True, silent=True)
    if not isinstance(body, dict):
        raise BadControl("the body must be a JSON object")
    unknown = sorted(set(body) - set(known))
    if known and unknown:
        raise BadControl(f"unknown field {unknown[0]!r}")
    return body


def _text(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise BadControl(f"{name} must be a non-empty string")
    return value


def _flag(body: Json, name: str) -> bool:
    value = body.get(name)
    if not isinstance(value, bool):
        raise BadControl(f"{name} must be true or false")
    return value


def _count(body: Json, name: str) -> int:
    value = body.get(name, 60)
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise BadControl(f"{name} must be a whole number, zero or more")
    return value
