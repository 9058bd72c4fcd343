"""Field masks: https://developers.google.com/sheets/api/guides/field-masks."""

import re
from collections.abc import Mapping
from typing import Any

from sandbox.sheets import colors
from sandbox.sheets.errors import ApiError, invalid, violations
from sandbox.sheets.schema import MESSAGES

Tree = dict[str, Any]  # a name without anything below it stands for all of it
_TOKEN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*|\*|[(),./]")


def parse(text: str) -> Tree:
    """`a.b,c(d,e)` → {"a": {"b": {}}, "c": {"d": {}, "e": {}}}."""
    compact = re.sub(r"\s", "", text)
    tokens = _TOKEN.findall(compact)
    if "".join(tokens) != compact:
        raise _bad(text)
    tree: Tree = {}
    rest = _list(tokens, tree)
    if rest:
        raise _bad(text)
    return tree


def selected(tree: Tree, value: Any) -> Any:
    """Only what the mask names."""
    if not tree or "*" in tree:
        return value
    if isinstance(value, list):
        return [selected(tree, item) for item in value]
    if not isinstance(value, dict):
        return value
    kept = {}
    for name, below in tree.items():
        if name in value:
            # an object stays, emptied, where the mask finds nothing in it
            kept[name] = selected(below, value[name])
    return kept


def below(tree: Tree | None, *path: str) -> Tree | None:
    """The part of a mask under a path.

    None when the mask leaves it out, {} when it takes all of it.
    """
    for name in path:
        if tree is None or not tree:
            return tree
        if "*" in tree:
            return {}
        tree = tree.get(name)
    return tree


def check(tree: Tree, message: str, path: str = "") -> None:
    """Refuse a mask of a read that names an unknown field."""
    wrong = _unknown(tree, message, path)
    if wrong:
        raise _bad(wrong)


def write_mask(text: str | None, message: str) -> Tree:
    """The mask of a write; it must be there and name only known fields."""
    if not text:
        raise invalid(
            "At least one field must be listed in 'fields'. (Use '*' to indicate all fields.)"
        )
    tree = parse(text)
    wrong = _unknown(tree, message, "")
    if wrong:
        raise invalid(f"Invalid field: {wrong}")
    return _with_both_names(tree, message)


def _with_both_names(tree: Tree, message: str) -> Tree:
    """A colour is masked under both of its names."""
    deep = {}
    for name, under in tree.items():
        inner = MESSAGES[message].get(name, "").strip("[]{}")
        known = bool(under) and inner in MESSAGES
        deep[name] = _with_both_names(under, inner) if known else under
    return colors.named_alike(deep, message)


def merged(
    old: Mapping[str, Any], new: Mapping[str, Any], tree: Tree
) -> dict[str, Any]:
    """`old` with the fields the mask names taken from `new`.

    Those absent there are cleared.
    """
    if not tree or "*" in tree:
        return dict(new)
    result = dict(old)
    for name, under in tree.items():
        if under and isinstance(new.get(name, {}), dict):
            part: Any = merged(result.get(name) or {}, new.get(name) or {}, under)
        else:
            part = new.get(name)
        if part is None or (part == {} and name not in colors.NAMES):
            result.pop(name, None)
        else:
            result[name] = part
    return result


def _list(tokens: list[str], tree: Tree) -> list[str]:
    while tokens:
        node = tree
        name = ""
        while True:
            if not tokens or tokens[0] in "(),./":
                raise _bad(name)
            name = _camel(tokens.pop(0))
            whole = name in node and not node[name]
            node = node.setdefault(name, {})
            if tokens and tokens[0] in "./":
                tokens.pop(0)
                continue
            break
        if tokens and tokens[0] == "(":
            tokens.pop(0)
            tokens = _list(tokens, node)
            if not tokens or tokens.pop(0) != ")":
                raise _bad(name)
        elif not whole:
            node.clear()
        if not tokens or tokens[0] != ",":
            return tokens
        tokens.pop(0)
    return tokens


def _unknown(tree: Tree, message: str, path: str) -> str:
    fields = MESSAGES[message]
    for name, under in tree.items():
        if name == "*":
            continue
        here = f"{path}.{name}" if path else name
        kind = fields.get(name)
        if kind is None:
            return here
        inner = kind.strip("[]{}")
        if under and inner in MESSAGES:
            wrong = _unknown(under, inner, here)
            if wrong:
                return wrong
        elif under and inner != "*":
            return f"{here}.{next(iter(under))}"
    return ""


def _camel(name: str) -> str:
    return re.sub(r"_([a-z])", lambda match: match[1].upper(), name)


def _bad(path: str) -> ApiError:
    text = f"Error expanding 'fields' parameter. Cannot find matching fields for path '{path}'."
    error = violations([(path, text)])
    return ApiError(400, "Request contains an invalid argument.", error.details)
