"""The Sheets API over HTTP: which path is which method, what is checked before."""

import json
import traceback
from typing import NamedTuple

from flask import Blueprint, Response, request

from sandbox.sheets import fields
from sandbox.sheets.access import Access
from sandbox.sheets.errors import ApiError
from sandbox.sheets.quota import Quota
from sandbox.sheets.service import Answer, Call, Operation, Service
from sandbox.sheets.validation import checked, checked_query, parse_body

ROOT = "/v4/spreadsheets"
_NOT_FOUND_PAGE = (
    "<!DOCTYPE html>\n<html lang=en>\n<title>Error 404 (Not Found)!!1</title>\n"
    "<p><b>404.</b> <ins>That’s an error.</ins>\n<p>The requested URL was not found on this server.\n</html>\n"
)


class Method(NamedTuple):
    """A method of the API."""

    kind: str
    run: Operation
    query: str = "NoQuery"
    body: str | None = None
    answer: str = "Spreadsheet"
    body_prefix: str = ""


_VALUE_RANGE = "ValueRange"
METHODS = {
    "create": Method("write", Service.create, body="Spreadsheet"),
    "get": Method("read", Service.get, "GetQuery"),
    "getByDataFilter": Method(
        "read", Service.get_by_filter, body="GetSpreadsheetByDataFilterRequest"
    ),
    "batchUpdate": Method(
        "write",
        Service.batch_update,
        body="BatchUpdateSpreadsheetRequest",
        answer="UpdatedSpreadsheet",
    ),
    "copyTo": Method(
        "write",
        Service.copy_to,
        body="CopySheetToAnotherSpreadsheetRequest",
        answer="SheetProperties",
    ),
    "values.get": Method(
        "read", Service.values_get, "ValuesGetQuery", answer="ReadValueRange"
    ),
    "values.batchGet": Method(
        "read",
        Service.values_batch_get,
        "ValuesBatchGetQuery",
        answer="BatchGetValuesResponse",
    ),
    "values.batchGetByDataFilter": Method(
        "read",
        Service.values_batch_get_by_filter,
        body="BatchGetValuesByDataFilterRequest",
        answer="BatchGetValuesByDataFilterResponse",
    ),
    "values.update": Method(
        "write",
        Service.values_update,
        "ValuesUpdateQuery",
        _VALUE_RANGE,
        "UpdateValuesResponse",
        "data",
    ),
    "values.append": Method(
        "write",
        Service.values_append,
        "ValuesAppendQuery",
        _VALUE_RANGE,
        "AppendValuesResponse",
        "data",
    ),
    "values.clear": Method(
        "write",
        Service.values_clear,
        body="ClearValuesRequest",
        answer="ClearValuesResponse",
    ),
    "values.batchUpdate": Method(
        "write",
        Service.values_batch_update,
        body="BatchUpdateValuesRequest",
        answer="BatchUpdateValuesResponse",
    ),
    "values.batchClear": Method(
        "write",
        Service.values_batch_clear,
        body="BatchClearValuesRequest",
        answer="BatchClearValuesResponse",
    ),
}
_UNCOVERED = (
    "/developerMetadata",
    "values:batchUpdateByDataFilter",
    "values:batchClearByDataFilter",
)
Route = tuple[str, str, str]


def sheets_blueprint(service: Service, access: Access, quota: Quota) -> Blueprint:
    """Everything under /v4/spreadsheets."""
    blueprint = Blueprint("sheets", __name__)

    verbs = ["GET", "POST", "PUT", "DELETE", "PATCH"]

    @blueprint.route(ROOT, methods=verbs)
    @blueprint.route(f"{ROOT}/", methods=verbs)
    @blueprint.route(f"{ROOT}/<path:rest>", methods=verbs)
    def spreadsheets(rest: str = "") -> Response:
        try:
            route = route_of(request.method, rest)
            if route is None:
                return not_found()
            return as_json(_run(route))
        except ApiError as error:
            return as_json(error.body(), error.code)

    @blueprint.errorhandler(Exception)
    def internal(error: Exception) -> Response:
        # a defect of the sandbox, which its author wants to see
        traceback.print_exception(error)
        return as_json(ApiError(500).body(), 500)

    def _run(route: Route) -> Answer:
        name, book_id, target = route
        method = METHODS[name]
        user = access.user(request.headers.get("Authorization"), method.kind)
        access.check_api()
        quota.spend(user, method.kind)
        query = checked_query(request.args.to_dict(flat=False), method.query)
        body = parse_body(request.get_data()) if method.body else {}
        if method.body:
            body = checked(body, method.body, method.body_prefix)
        mask = request.args.get("fields") or request.args.get("$fields")
        if mask:
            fields.check(fields.parse(mask), method.answer)
        call = Call(user, method.kind, book_id, target, query, body, mask)
        answer: Answer = method.run(service, call)
        if mask and method.answer != "Spreadsheet":
            whole = json.loads(answer) if isinstance(answer, str) else answer
            return _selected(mask, whole)
        return answer

    return blueprint


def route_of(verb: str, rest: str) -> Route | None:
    """(method, spreadsheet id, range or sheet id).

    A range may hold colons, so suffixes are cut from the right. Some clients write a
    slash after the id, `/<id>/:batchUpdate` too.
    """
    if not rest:
        return ("create", "", "") if verb == "POST" else None
    if any(part in rest for part in _UNCOVERED):
        raise ApiError(501, "The sandbox does not cover this method.")
    book_id, _, tail = rest.partition("/")
    if not tail or tail.startswith(":"):
        return _document_route(verb, book_id + tail)
    if tail.startswith("values/"):
        return _values_route(verb, book_id, tail.removeprefix("values/"))
    if tail.startswith("values:"):
        return _batch_route(verb, book_id, tail.removeprefix("values:"))
    if tail.startswith("sheets/") and tail.endswith(":copyTo") and verb == "POST":
        sheet_id = tail.removeprefix("sheets/").removesuffix(":copyTo")
        return ("copyTo", book_id, sheet_id) if sheet_id.isdigit() else None
    return None


def _document_route(verb: str, rest: str) -> Route | None:
    book_id, colon, action = rest.partition(":")
    if not colon:
        return ("get", book_id, "") if verb == "GET" else None
    known = verb == "POST" and action in ("batchUpdate", "getByDataFilter")
    return (action, book_id, "") if known else None


def _values_route(verb: str, book_id: str, target: str) -> Route | None:
    if verb == "POST":
        for action in ("append", "clear"):
            if target.endswith(f":{action}"):
                return f"values.{action}", book_id, target.removesuffix(f":{action}")
        return None
    name = {"GET": "values.get", "PUT": "values.update"}.get(verb)
    return (name, book_id, target) if name and target else None


def _batch_route(verb: str, book_id: str, action: str) -> Route | None:
    expected = "GET" if action == "batchGet" else "POST"
    name = f"values.{action}"
    return (name, book_id, "") if name in METHODS and verb == expected else None


def _selected(mask: str, answer: Answer) -> Answer:
    tree = fields.parse(mask)
    if isinstance(answer, dict) and "updatedSpreadsheet" in answer:
        return {name: answer[name] for name in answer if "*" in tree or name in tree}
    selected: Answer = fields.selected(tree, answer)
    return selected


def as_json(answer: Answer, status: int = 200) -> Response:
    """A JSON response with the headers Google sends."""
    text = answer if isinstance(answer, str) else json.dumps(answer, ensure_ascii=False)
    response = Response(text, status, content_type="application/json; charset=UTF-8")
    response.headers["Cache-Control"] = "private"
    response.headers["Vary"] = "Origin, X-Origin, Referer"
    return response


def not_found() -> Response:
    """The page Google's front end sends for a path it does not know."""
    return Response(_NOT_FOUND_PAGE, 404, content_type="text/html; charset=UTF-8")
