"""The part of Drive v3 that gspread uses:
https://developers.google.com/workspace/drive/api/reference/rest/v3.
"""

import hashlib
from collections.abc import Mapping

from flask import Blueprint, Response, request

from sandbox.sheets import drive_search, fields
from sandbox.sheets.access import Access, may_write, role_of
from sandbox.sheets.api import as_json, not_found
from sandbox.sheets.cells import Json
from sandbox.sheets.errors import MESSAGES, ApiError, drive_error_body
from sandbox.sheets.library import PERSON, Library
from sandbox.sheets.locales import EN_US
from sandbox.sheets.spreadsheet import Spreadsheet
from sandbox.sheets.tab_requests import copied
from sandbox.sheets.validation import parse_body

SHEETS_TYPE = "application/vnd.google-apps.spreadsheet"
_ROLES = ("owner", "organizer", "fileOrganizer", "writer", "commenter", "reader")
NOBODY = "none"
ROLES = ("owner", "writer", "reader", NOBODY)
_LISTED = "nextPageToken,kind,incompleteSearch,files(kind,id,name,mimeType)"
_REASONS = {
    400: "badRequest",
    401: "authError",
    403: "forbidden",
    404: "notFound",
    429: "rateLimitExceeded",
    500: "internalError",
    503: "backendError",
}


class DriveError(Exception):
    """A refusal in Drive's shape."""

    def __init__(
        self, code: int, reason: str, message: str, location: str | None = None
    ) -> None:
        """As `drive_error_body` takes them."""
        super().__init__(message)
        self.code = code
        self.body = drive_error_body(code, reason, message, location)


def drive_error(status: int) -> Json:
    """Drive's body for a status, for the fault injector."""
    message = {
        429: "Rate Limit Exceeded",
        500: "Internal Error",
        503: "Backend Error",
    }.get(status)
    return drive_error_body(
        status,
        _REASONS.get(status, "unknown"),
        message or MESSAGES.get(status, "Error"),
    )


class Drive:
    """Files and their permissions."""

    def __init__(self, library: Library, access: Access) -> None:
        """Every file is a spreadsheet of the library."""
        self._library = library
        self._access = access

    def listed(self, user: str, options: Mapping[str, str]) -> Json:
        """files.list: a page of what the query finds."""
        hidden = self._access.deleted
        closed = {book_id for book_id, who in self._access.closed if who == user}
        seen = [one for one in self._library.all() if one.id not in hidden | closed]
        files = [file_json(book, user) for book in seen]
        try:
            found = drive_search.found(files, options)
            files, token = drive_search.page(found, options)
        except drive_search.BadOption as error:
            raise DriveError(400, "invalid", "Invalid Value", str(error)) from error
        answer = {"kind": "drive#fileList", "incompleteSearch": False, "files": files}
        return {"nextPageToken": token, **answer} if token else answer

    def create(self, user: str, body: Json) -> Json:
        """files.create."""
        if body.get("mimeType") != SHEETS_TYPE:
            raise DriveError(400, "badRequest", "The sandbox keeps spreadsheets only.")
        book = self._library.create(str(body.get("name") or "Untitled"), user)
        book.add_sheet({"sheetId": 0, "title": f"{EN_US.tab}1"})
        book.permissions = [permission("user", "owner", user)]
        self._library.add(book)
        return file_json(book, user)

    def copy(self, user: str, file_id: str, body: Json) -> Json:
        """files.copy."""
        source = self.open(user, file_id)
        title = str(body.get("name") or f"Copy of {source.properties['title']}")
        properties = {
            name: value for name, value in source.properties.items() if name != "title"
        }
        book = self._library.create(title, user, properties)
        book.named_ranges = list(source.named_ranges)
        for sheet in source.sheets:
            copied(book, sheet, sheet.title, sheet.id, None)
        book.permissions = [permission("user", "owner", user)]
        self._library.add(book)
        return file_json(book, user)

    def update(self, user: str, file_id: str, body: Json) -> Json:
        """files.update: the name, and whether it lies in the bin."""
        self._writable(user, file_id)
        with self._library.write(file_id, user) as book:
            if body.get("name"):
                book.properties["title"] = str(body["name"])
            book.trashed = bool(body.get("trashed", book.trashed))
        return file_json(self._library.get(file_id), user)

    def delete(self, user: str, file_id: str) -> Json | None:
        """files.delete."""
        if role_of(self.open(user, file_id), user) not in ("owner", ""):
            raise _insufficient()
        self._library.remove(file_id)
        return None

    def share(self, user: str, file_id: str, body: Json) -> Json:
        """permissions.create."""
        self._writable(user, file_id)
        kind, role = body.get("type"), body.get("role")
        if kind not in ("user", "group", "domain", "anyone"):
            raise DriveError(
                400,
                "invalid",
                "The specified type is invalid or not supported.",
                "permission.type",
            )
        if role not in _ROLES:
            raise DriveError(
                400,
                "required",
                "The permission role field is required.",
                "permission.role",
            )
        who = body.get("domain") if kind == "domain" else body.get("emailAddress")
        if kind != "anyone" and not who:
            raise DriveError(
                400,
                "invalidSharingRequest",
                "The specified emailAddress is invalid or not applicable.",
            )
        new = permission(kind, role, who)
        with self._library.write(file_id, user) as book:
            grant(book, new)
        self._access.closed.discard((file_id, str(who)))
        return {
            "kind": "drive#permission",
            **{name: new[name] for name in ("id", "type", "role")},
        }

    def unshare(self, user: str, file_id: str, permission_id: str) -> Json | None:
        """permissions.delete; the person can no longer open the file."""
        book = self._writable(user, file_id)
        gone = next(
            (item for item in book.permissions if item["id"] == permission_id), None
        )
        if gone is None:
            raise DriveError(
                404,
                "notFound",
                f"Permission not found: {permission_id}.",
                "permissionId",
            )
        with self._library.write(file_id, user) as draft:
            draft.permissions = [
                item for item in draft.permissions if item["id"] != permission_id
            ]
        if "emailAddress" in gone:
            self._access.closed.add((file_id, gone["emailAddress"]))
        return None

    def permissions(self, user: str, file_id: str) -> Json:
        """permissions.list."""
        return {
            "kind": "drive#permissionList",
            "permissions": self.open(user, file_id).permissions,
        }

    def open(self, user: str, file_id: str) -> Spreadsheet:
        """The file; one that is not shared looks as if it did not exist."""
        book = self._library.find(file_id)
        hidden = (
            file_id in self._access.deleted or (file_id, user) in self._access.closed
        )
        if book is None or hidden:
            raise DriveError(404, "notFound", f"File not found: {file_id}.", "fileId")
        return book

    def _writable(self, user: str, file_id: str) -> Spreadsheet:
        book = self.open(user, file_id)
        if not may_write(book, user):
            raise _insufficient()
        return book


def _insufficient() -> DriveError:
    return DriveError(
        403,
        "insufficientFilePermissions",
        "The user does not have sufficient permissions for this file.",
    )


def grant(book: Spreadsheet, new: Json) -> None:
    """Give a permission in the place of the one that the grantee had."""
    book.permissions = [
        item for item in book.permissions if item["id"] != new["id"]
    ] + [new]


def file_json(book: Spreadsheet, user: str) -> Json:
    """A File resource as the user sees it."""
    number = permission("user", "owner", book.owner)["id"]
    owner = {
        "kind": "drive#user",
        "displayName": book.owner.partition("@")[0],
        "me": user == book.owner,
        "permissionId": number,
        "emailAddress": book.owner,
    }
    return {
        "kind": "drive#file",
        "id": book.id,
        "name": book.properties["title"],
        "mimeType": SHEETS_TYPE,
        "starred": False,
        "trashed": book.trashed,
        "explicitlyTrashed": book.trashed,
        "parents": [drive_search.ROOT],
        "webViewLink": f"https://docs.google.com/spreadsheets/d/{book.id}/edit?usp=drivesdk",
        "createdTime": book.created,
        "modifiedTime": book.modified,
        "owners": [owner],
        "ownedByMe": user == book.owner,
    }


def permission(kind: str, role: str, who: str | None) -> Json:
    """A Permission resource; the same grantee always has the same id."""
    if kind == "anyone":
        return {
            "kind": "drive#permission",
            "id": "anyoneWithLink",
            "type": kind,
            "role": role,
        }
    number = str(int(hashlib.sha256(f"{kind}:{who}".encode()).hexdigest()[:16], 16))
    name = "domain" if kind == "domain" else "emailAddress"
    return {
        "kind": "drive#permission",
        "id": number,
        "type": kind,
        "role": role,
        name: who,
    }


def give(book: Spreadsheet, user: str, role: str) -> None:
    """Let a user be owner, writer or reader of the spreadsheet, or nobody.

    Who owned it before stays as a writer.
    """
    if role != "owner" and book.owner == user:
        book.owner = PERSON
    if role == NOBODY:
        gone = permission("user", role, user)["id"]
        book.permissions = [item for item in book.permissions if item["id"] != gone]
        return
    if role == "owner" and book.owner != user:
        grant(book, permission("user", "writer", book.owner))
        book.owner = user
    grant(book, permission("user", role, user))


def drive_blueprint(library: Library, access: Access) -> Blueprint:
    """Everything under /drive/v3/files."""
    blueprint = Blueprint("drive", __name__)
    drive = Drive(library, access)

    @blueprint.route("/drive/v3/files", methods=["GET", "POST"])
    @blueprint.route("/drive/v3/files/", methods=["GET", "POST"])
    @blueprint.route(
        "/drive/v3/files/<path:rest>", methods=["GET", "POST", "PATCH", "DELETE"]
    )
    def files(rest: str = "") -> Response:
        try:
            kind = "read" if request.method == "GET" else "write"
            user = access.user(request.headers.get("Authorization"), kind)
            answer = _dispatch(drive, user, [part for part in rest.split("/") if part])
        except DriveError as error:
            return as_json(error.body, error.code)
        except ApiError as error:
            return as_json(
                drive_error_body(
                    error.code, _REASONS.get(error.code, "unknown"), error.message
                ),
                error.code,
            )
        if answer is None:
            return Response(status=204, content_type="text/html")
        return as_json(answer) if answer else not_found()

    return blueprint


def _dispatch(drive: Drive, user: str, path: list[str]) -> Json | None:
    """The answer; None for 204, an empty one for a path Drive does not have."""
    body = parse_body(request.get_data())
    answer: Json | None = {}
    match request.method, path:
        case "GET", []:
            listed = drive.listed(user, request.args)
            answer = _masked(listed, _LISTED)
        case "POST", []:
            answer = _masked(drive.create(user, body))
        case "GET", [file_id]:
            answer = _masked(file_json(drive.open(user, file_id), user))
        case "PATCH", [file_id]:
            answer = _masked(drive.update(user, file_id, body))
        case "DELETE", [file_id]:
            answer = drive.delete(user, file_id)
        case "POST", [file_id, "copy"]:
            answer = _masked(drive.copy(user, file_id, body))
        case "GET", [file_id, "comments"]:
            drive.open(user, file_id)
            answer = _masked({"kind": "drive#commentList", "comments": []}, "*")
        case _, [file_id, "permissions", *rest]:
            answer = _permissions(drive, user, file_id, rest)
    return answer


def _permissions(drive: Drive, user: str, file_id: str, path: list[str]) -> Json | None:
    match request.method, path:
        case "GET", []:
            return _masked(
                drive.permissions(user, file_id), "kind,permissions(kind,id,type,role)"
            )
        case "POST", []:
            return drive.share(user, file_id, parse_body(request.get_data()))
        case "DELETE", [permission_id]:
            return drive.unshare(user, file_id, permission_id)
    return {}


def _masked(answer: Json, default: str = "kind,id,name,mimeType") -> Json:
    """Drive answers few fields unless asked for more."""
    selected: Json = fields.selected(
        fields.parse(request.args.get("fields") or default), answer
    )
    return selected
