"""The list of log events in docs/operation.md names every event of the product, with its level and its fields."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

import pytest

from scripts.measure import ROOT, sources

LEVELS = {"debug", "info", "warning", "error", "critical"}
NAMES = {"exception": "error", **{spelled: level for level in LEVELS for spelled in (level, level.upper())}}
RUNS = {"Job", "_add_quiet"}  # what names a job; a run of it is logged under its name
ROW = re.compile(r"^\| `(?P<event>[^`]+)` \| (?P<levels>[a-z, ]+) \| (?P<fields>.*?) ?\| (?P<meaning>.+) \|$")


@dataclass
class Event:
    """What one event looks like: in the code, or in the list.

    An ``open`` one is logged with fields that only the running program knows.
    """

    levels: set[str] = field(default_factory=set)
    fields: set[str] = field(default_factory=set)
    open: bool = False


@cache
def logged() -> dict[str, Event]:
    """Return the events that the code logs, by name."""
    found: dict[str, Event] = {}
    for path in sources():
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                for name, levels in _events(node, tree):
                    event = found.setdefault(name, Event())
                    event.levels |= levels
                    event.fields |= {one.arg for one in node.keywords if one.arg and one.arg != "exc_info"}
                    event.open |= _has_more(node)
    return found


def _events(call: ast.Call, module: ast.Module) -> Iterator[tuple[str, set[str]]]:
    """Yield names and levels of the events that a call logs; nothing where it logs none."""
    said = [constant for argument in call.args for constant in _texts(argument)]
    match call.func:
        case ast.Attribute(attr="log", value=ast.Name(id="log")):
            (name,) = said
            yield name, _levels(call.args[0], module)
        case ast.Attribute(attr=attribute, value=logger) if attribute in NAMES and "log" in ast.unparse(logger):
            for name in said:
                yield name, {NAMES[attribute]}
        case ast.Name(id="_log"):  # (level, event, …) of a room whose events have fields in common
            for level, name in zip(_texts(call.args[0]), _texts(call.args[1]), strict=True):
                yield name, {level}


def _has_more(call: ast.Call) -> bool:
    """Return whether an event has fields that do not stand in the call itself."""
    return ast.unparse(call.func) == "_log" or any(one.arg is None for one in call.keywords)


def _texts(argument: ast.expr) -> list[str]:
    """Return the texts that an argument may be: itself, or either branch of a condition."""
    if isinstance(argument, ast.IfExp):
        return _texts(argument.body) + _texts(argument.orelse)
    return [argument.value] if isinstance(argument, ast.Constant) and isinstance(argument.value, str) else []


def _levels(level: ast.expr, module: ast.Module) -> set[str]:
    """Return what a level may be: ``logging.INFO`` and the like, or all that a variable is set to."""
    if isinstance(level, ast.Name):
        sets = [node for node in ast.walk(module) if isinstance(node, ast.Assign)]
        values = [node.value for node in sets if level.id in map(ast.unparse, node.targets)]
        return set[str]().union(*(_levels(value, module) for value in values))
    named = {node.attr for node in ast.walk(level) if isinstance(node, ast.Attribute)}
    return {NAMES[one] for one in named & NAMES.keys()}


@cache
def jobs() -> set[str]:
    """Return the names of the scheduler's jobs, under which their runs are logged."""
    found = set[str]()
    for path in sources():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RUNS:
                found |= {text for argument in node.args[:2] for text in _texts(argument)}
    return found


@cache
def listed() -> dict[str, Event]:
    """Return the events that docs/operation.md lists, by name."""
    text = (ROOT / "docs" / "operation.md").read_text(encoding="utf-8")
    part = text.partition("\n## Log events\n")[2].partition("\n## ")[0]
    rows = [match for line in part.splitlines() if (match := ROW.match(line))]
    assert len({row["event"] for row in rows}) == len(rows), "an event is listed twice"
    return {
        row["event"]: Event(set(row["levels"].split(", ")), set(re.findall(r"`(\w+)`", row["fields"])))
        for row in rows
    }


def test_every_event_is_listed_and_nothing_else() -> None:
    assert listed().keys() == logged().keys() | jobs()


@pytest.mark.parametrize("name", sorted(logged()))
def test_its_level_and_its_fields_are_those_of_the_code(name: str) -> None:
    code, doc = logged()[name], listed()[name]
    if name not in jobs():
        assert doc.levels == code.levels
    assert code.fields <= doc.fields
    if not code.open and name not in jobs():
        assert doc.fields == code.fields


def test_all_jobs_are_found() -> None:
    assert {"poll", "flush", "statistics", "backup", "prune"} <= jobs()
