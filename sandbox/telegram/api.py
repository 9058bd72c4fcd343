"""The HTTP edge of the Bot API (https://core.telegram.org/bots/api#making-requests)."""

import traceback
from collections import Counter
from collections.abc import Iterable
from typing import Any

from flask import Request, Response, jsonify, request

from . import methods_bot, methods_chats, methods_edit, methods_send, webhooks  # noqa: F401 - each enters its methods
from .call import METHODS, Call, Services
from .errors import ApiError, bad_request
from .methods_bot import refuse_logged_out
from .model import Json
from .params import Params, Upload, from_json
from .webhooks import Webhooks

_WEBHOOK_CHANGES = {"setwebhook": "setWebhook", "deletewebhook": "deleteWebhook"}


class BotApi:
    """Answers `/bot<token>/<method>` and `/file/bot<token>/<path>`."""

    def __init__(self, services: Services, hooks: Webhooks) -> None:
        self._services = services
        self._hooks = hooks
        self.requests: Counter[str] = Counter()

    def answer(self, token: str, name: str) -> Response:
        """One Bot API request."""
        try:
            body: Json = {"ok": True, **self._call(token, name)}
        except ApiError as error:
            return _refusal(error)
        except (KeyError, TypeError, ValueError, AttributeError):
            # arguments of a shape nobody sends; shown on stderr, as it may as well be a
            # slip of this stand-in
            traceback.print_exc()
            return _refusal(bad_request("can't parse the arguments"))
        return jsonify(body)

    def _call(self, token: str, name: str) -> Json:
        with self._services.state.lock:
            bot = self._services.state.bot_by_token(token)
        key = name.lower()
        self._count(key)
        call = Call(self._services, bot, read_params(request))
        if key == "getupdates":
            # waits, so it takes the lock itself
            refuse_logged_out(call)
            return {"result": self._services.updates.fetch(bot, call.params)}
        with self._services.state.lock:
            refuse_logged_out(call)
            if key in _WEBHOOK_CHANGES:
                url = call.params.text("url") if key == "setwebhook" else ""
                result, description = self._hooks.change(call, url)
                return {"result": result, "description": description}
            if key not in METHODS:
                raise ApiError(404, "Not Found: method not found")
            return {"result": METHODS[key][1](call)}

    def _count(self, key: str) -> None:
        known = {"getupdates": "getUpdates", **_WEBHOOK_CHANGES}
        known |= {key: METHODS[key][0]} if key in METHODS else {}
        self.requests[known.get(key, key)] += 1

    def download(self, token: str, path: str) -> Response:
        """One file, as getFile announced it."""
        try:
            with self._services.state.lock:
                bot = self._services.state.bot_by_token(token)
                found = self._services.files.by_path(bot, path)
            if found is None:
                raise ApiError(404, "Not Found")
        except ApiError as error:
            return _refusal(error)
        stored, content = found
        mime = "image/jpeg" if stored.kind == "photo" else "application/octet-stream"
        return Response(content, mimetype=mime)


def _refusal(error: ApiError) -> Response:
    response = jsonify(error.body())
    response.status_code = error.code
    if "retry_after" in error.parameters:
        response.headers["Retry-After"] = str(error.parameters["retry_after"])
    return response


def read_params(incoming: Request) -> Params:
    """Arguments from the query, a form, a multipart body or JSON, all at once."""
    values = _first(incoming.args.items(multi=True))
    if incoming.mimetype == "application/json":
        body = incoming.get_json(silent=True)
        if body is None and incoming.get_data():
            raise bad_request("can't parse request body as JSON")
        values.update(from_json(body or {}))
    else:
        values.update(_first(incoming.form.items(multi=True)))
    uploads = {
        name: Upload(part.filename or "file", part.mimetype, part.read())
        for name, part in incoming.files.items()
    }
    return Params(values, uploads)


def _first(pairs: Iterable[tuple[str, Any]]) -> dict[str, str]:
    values: dict[str, str] = {}
    for name, value in pairs:
        values.setdefault(name, value)
    return values
