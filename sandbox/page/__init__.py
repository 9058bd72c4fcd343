"""The page for people at `/`: the spreadsheet as a grid, and everybody's chats."""

import secrets
from urllib.parse import quote

from flask import Blueprint, Response, current_app, jsonify, render_template, request
from werkzeug.wrappers import Response as AnyResponse

from sandbox.sheets.access import issue_token
from sandbox.sheets.library import DEMO_ID, PERSON

VERBS = ["GET", "POST", "PUT"]
_POLICY = "default-src 'self'; img-src 'self' data: blob:; style-src 'self' 'unsafe-inline'; form-action 'none'"


def blueprint() -> Blueprint:
    """The routes of the page.

    What it reads and writes is not counted among the product's requests.
    """
    pages = Blueprint(
        "page",
        __name__,
        static_folder="static",
        static_url_path="/sandbox/page/static",
        template_folder="templates",
    )

    @pages.get("/")
    def page() -> AnyResponse:
        response = Response(
            render_template(
                "page.html", spreadsheet=request.args.get("spreadsheet", DEMO_ID)
            )
        )
        response.headers["Content-Security-Policy"] = _POLICY
        return response

    @pages.route("/sandbox/page/v4/<path:rest>", methods=VERBS)
    def sheets(rest: str) -> AnyResponse:
        return _inside("/v4/" + rest)

    @pages.get("/sandbox/page/changes")
    def changes() -> AnyResponse:
        book = request.args.get("spreadsheet", DEMO_ID)
        sheet = _inside(f"/drive/v3/files/{book}", query="fields=modifiedTime,name")
        telegram = _inside("/sandbox/telegram/version", query="")
        return jsonify({"sheet": sheet.get_json(), "telegram": telegram.get_json()})

    return pages


def _inside(path: str, query: str | None = None) -> AnyResponse:
    """Answer as the API would, but uncounted and without faults.

    Only a person who edits is the owner; each look at the sheet is somebody new, so
    that no quota ends the view.
    """
    writes = request.method != "GET"
    user = PERSON if writes else f"viewer-{secrets.token_hex(4)}"
    context = current_app.test_request_context(
        quote(path, safe="/:!'"),
        method=request.method,
        query_string=request.query_string.decode() if query is None else query,
        data=request.get_data(),
        content_type=request.content_type,
        headers={"Authorization": f"Bearer {issue_token(user)}"},
    )
    with context:
        return current_app.full_dispatch_request()
