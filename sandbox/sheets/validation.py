"""Checks a JSON body or a query against the schema, in Google's words."""

import json
import math
import re
from collections.abc import Mapping
from typing import Any

from sandbox.sheets import colors
from sandbox.sheets.errors import ApiError, violations
from sandbox.sheets.schema import ENUMS, MESSAGES, SILENT

_SYSTEM_PARAMETERS = frozenset(
    (
        *(
            "fields",
            "alt",
            "key",
            "access_token",
            "oauth_token",
            "prettyPrint",
            "quotaUser",
            "userIp",
        ),
        *(
            "uploadType",
            "upload_protocol",
            "callback",
            "$.xgafv",
            "$alt",
            "$fields",
            "$key",
            "$prettyPrint",
        ),
    )
)
_TYPE_NAMES = {
    "s": "TYPE_STRING",
    "i": "TYPE_INT32",
    "d": "TYPE_DOUBLE",
    "b": "TYPE_BOOL",
}
_TYPE_URL = "type.googleapis.com/google.apps.sheets.v4."
_INT32 = 2**31
Violations = list[tuple[str, str]]


def parse_body(raw: bytes) -> dict[str, Any]:
    """The JSON object in a request body; an absent body is an empty object."""
    if not raw.strip():
        return {}
    try:
        body = json.loads(raw, parse_constant=_no_constant)
        if b"\\u" in raw:  # half of a surrogate pair is no character
            body = json.loads(
                json.dumps(body, ensure_ascii=False).encode("utf-8", "replace")
            )
    except (ValueError, RecursionError) as error:
        line = raw.decode("utf-8", "replace").splitlines() or [""]
        raise violations(
            [
                (
                    "",
                    f"Invalid JSON payload received. Unexpected token.\n{line[0][:40]}\n^",
                )
            ]
        ) from error
    if isinstance(body, list):
        raise violations(
            [
                (
                    "",
                    'Invalid JSON payload received. Unknown name "": Root element must be a message.',
                )
            ]
        )
    if not isinstance(body, dict):
        raise violations([("", "Invalid value (Object), " + json.dumps(body))])
    return body


def _no_constant(name: str) -> None:
    raise ValueError(name)


def checked(body: Mapping[str, Any], message: str, prefix: str = "") -> dict[str, Any]:
    """The body as Google keeps it: without nulls, with numbers in strings read.

    Raises 400 naming every bad field.
    """
    found: Violations = []
    clean = _message(body, message, prefix, found)
    if found:
        raise violations(found)
    return clean


def checked_query(query: Mapping[str, list[str]], message: str) -> dict[str, Any]:
    """The query parameters as a message; unknown ones are refused."""
    found: Violations = []
    clean: dict[str, Any] = {}
    fields = MESSAGES[message]
    for name, texts in query.items():
        kind = fields.get(name)
        if kind is not None:
            clean[name] = _query_value(texts, kind, _snake(name), found)
        elif name not in _SYSTEM_PARAMETERS:
            text = (
                f'Invalid JSON payload received. Unknown name "{name}": Cannot bind query parameter. '
                f"Field '{name}' could not be found in request message."
            )
            found.append(("", text))
    if found:
        raise violations(found)
    return clean


def _query_value(texts: list[str], kind: str, path: str, found: Violations) -> Any:
    if kind.startswith("["):
        return texts
    text: Any = texts[-1]
    if kind == "b":
        text = {"true": True, "1": True, "false": False, "0": False}.get(
            text.lower(), text
        )
    return _value(text, kind, path, found)


def _message(
    body: Mapping[str, Any], message: str, path: str, found: Violations
) -> dict[str, Any]:
    fields = MESSAGES[message]
    clean: dict[str, Any] = {}
    for key, value in body.items():
        name = key if key in fields else _camel(key)
        kind = fields.get(name)
        if kind is None:
            where = f" at '{path}'" if path else ""
            found.append(
                (
                    path,
                    f'Invalid JSON payload received. Unknown name "{key}"{where}: Cannot find field.',
                )
            )
        elif value is not None:
            clean[name] = _value(
                value, kind, f"{path}.{_snake(name)}" if path else _snake(name), found
            )
    return clean if found else _kept(clean, message)


def _kept(clean: dict[str, Any], message: str) -> dict[str, Any]:
    """The message as Google keeps and answers it."""
    if message == "Color":
        return colors.rounded(clean)
    silent = SILENT.get(message, set())
    fields = MESSAGES[message]
    kept = {}
    for name, value in clean.items():
        empty = value == [] and fields[name] != "[ListValue]"
        if not empty and (value or name not in silent):
            kept[name] = value
    colors.under_both_names(kept, message)
    return kept


def _value(value: Any, kind: str, path: str, found: Violations) -> Any:
    if kind == "*":
        return value
    if kind.startswith("["):
        return _repeated(value, kind[1:-1], path, found)
    if kind.strip("{}") in MESSAGES:
        return _object(value, kind, path, found)
    if kind in ENUMS:
        known = isinstance(value, str) and value in ENUMS[kind]
        return value if known else _bad(value, _TYPE_URL + kind, path, found)
    return _scalar(value, kind, path, found)


def _object(value: Any, kind: str, path: str, found: Violations) -> Any:
    inner = kind.strip("{}")
    if not isinstance(value, dict):
        return _bad(value, _TYPE_URL + inner, path, found)
    if inner == kind:
        return _message(value, kind, path, found)
    return {
        key: _object(item, inner, f"{path}[{key}].value", found)
        for key, item in value.items()
    }


def _repeated(value: Any, kind: str, path: str, found: Violations) -> Any:
    if kind == "ListValue":
        return _rows(value, path, found)
    # Google takes a lone item for a list of one
    items = value if isinstance(value, list) else [value]
    return [
        _value(item, kind, f"{path}[{index}]", found)
        for index, item in enumerate(items)
        if item is not None
    ]


def _rows(value: Any, path: str, found: Violations) -> Any:
    if not isinstance(value, list):
        return _bad(value, "type.googleapis.com/google.protobuf.ListValue", path, found)
    for index, row in enumerate(value):
        if not isinstance(row, list):
            _bad(
                row,
                "type.googleapis.com/google.protobuf.ListValue",
                f"{path}[{index}]",
                found,
            )
    return value


def _scalar(value: Any, kind: str, path: str, found: Violations) -> Any:
    if kind == "s" and isinstance(value, str):
        return value
    if kind == "b" and isinstance(value, bool):
        return value
    if kind in ("i", "d") and not isinstance(value, bool):
        number = _number(value)
        if number is not None and kind == "d":
            return number
        if number is not None and number == int(number) and -_INT32 <= number < _INT32:
            return int(number)
    return _bad(value, _TYPE_NAMES[kind], path, found)


def _number(value: Any) -> int | float | None:
    if isinstance(value, int):
        return value
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def _bad(value: Any, kind: str, path: str, found: Violations) -> None:
    shown = (
        json.dumps(value, ensure_ascii=False)
        if not isinstance(value, list | dict)
        else ""
    )
    if isinstance(value, list):
        text = f"Invalid JSON payload received. Unknown name \"{path.rpartition('.')[2]}\" at '{path}'"
        found.append(
            (path, f"{text}: Proto field is not repeating, cannot start list.")
        )
    elif isinstance(value, dict):
        text = f"Invalid JSON payload received. Unknown name \"{path.rpartition('.')[2]}\" at '{path}'"
        found.append(
            (path, f"{text}: Proto field is not a message, cannot start an object.")
        )
    else:
        found.append((path, f"Invalid value at '{path}' ({kind}), {shown}"))


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)([A-Z])", lambda match: "_" + match[1].lower(), name)


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def required(value: Any, name: str) -> None:
    """400 as Google words a missing required parameter."""
    if value is None:
        raise ApiError(400, f"'{name}' is required but not specified")
