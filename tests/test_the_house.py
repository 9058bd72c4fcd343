"""What must never slip of the measures of the house; `python -m scripts.measure` prints all of them."""

import re
from importlib import import_module
from pkgutil import resolve_name

import pytest

from scripts.measure import ROOT, circles, floors, imports_of, measures, rooms, sources

LONGEST = 400  # lines; what is longer is two files


def test_no_modules_and_no_rooms_import_each_other() -> None:
    imports = imports_of({path: path.read_text(encoding="utf-8") for path in sources()})
    assert circles(imports) == []
    assert circles(rooms(imports)) == []


@pytest.mark.parametrize("folder", ["record", "worker", "bots", "web", "sandbox", "bench", "scripts", "tests"])
def test_no_file_is_too_long_to_be_read_at_once(folder: str) -> None:
    lines = {str(path): path.read_text(encoding="utf-8").count("\n") for path in (ROOT / folder).rglob("*.py")}
    assert {path: count for path, count in lines.items() if count > LONGEST} == {}


def test_a_room_is_a_folder_of_a_package() -> None:
    imports = {"record.store.orders": {"record.grid.plan", "record.store"}, "record.grid.plan": {"record.errors"}}
    assert rooms(imports) == {"record.store": {"record.grid"}, "record.grid": {"record.errors"}}


def test_a_circle_is_found() -> None:
    assert circles({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == [{"b", "c"}]


def test_floors_are_the_longest_way_down() -> None:
    assert floors({"a": {"b", "d"}, "b": {"c"}, "c": set(), "d": set()}) == 3


def test_the_table_has_all_its_lines() -> None:
    assert len(list(measures())) == 13


STORY = (ROOT / "docs" / "story.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", re.findall(r"`([\w.]+:[\w.]+)`", STORY))
def test_each_stop_of_the_story_is_there_to_be_opened(name: str) -> None:
    assert callable(resolve_name(name))


@pytest.mark.parametrize("path", re.findall(r"`([\w/]+\.py)`", STORY))
def test_each_file_that_the_story_names_is_there(path: str) -> None:
    assert (ROOT / path).is_file()


def test_the_story_counts_the_files_that_each_trip_opens() -> None:
    first, second = STORY.split("\n## A write that hit")
    counted = re.search(r"opens (\d+) files in ten stops, the second (\d+) in eight", first)
    assert counted
    assert [int(count) for count in counted.groups()] == [len(opened(first)), len(opened(second))]


def opened(trip: str) -> set[str]:
    """Return the files that a trip of the story opens: those of its functions, and those it names."""
    modules = re.findall(r"`([\w.]+):[\w.]+`", trip)
    files = {import_module(module).__file__ or "" for module in modules}
    named = {str(ROOT / path) for path in re.findall(r"`([\w/]+\.py)`", trip)}
    return (files | named) - {__file__}
