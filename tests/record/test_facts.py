"""Small facts: each has one name, one key and one type, and its JSON stays as released."""

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from record.dispatch.waves import Wave
from record.store import Store
from record.store.facts import BASELINE, Beat, Fact, alive
from record.watch.open_waves import WAVES
from record.watch.presence import Mark
from scripts.measure import ROOT
from worker.presence import LAST_MARK

PRODUCT = ("record", "worker", "bots", "web", "bench", "scripts")
# what stores in use hold: the next release must find it under the same names
RELEASED = {
    "admin_lost", "admin_moved", "alarm_keys", "alarms", "backup", "baseline", "begun", "filled_below",
    "formulas_below", "grids", "headers",
    "history_restored", "installation", "keepsakes", "leader", "leader_lost", "marks", "orders_failed",
    "panel.sought", "parked_probes", "parked_told", "presence", "price_questions", "resting_edits", "sheet_problems",
    "spreadsheet", "talks.minute", "unfinished", "unheard", "unoffered", "waves",
}  # fmt: skip


def calls() -> Iterator[tuple[Path, ast.Call]]:
    """Yield all calls of the product."""
    for folder in PRODUCT:
        for file in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(file.read_text())):
                if isinstance(node, ast.Call):
                    yield file, node


def asks_the_store(call: ast.Call) -> bool:
    """Return whether this gets or puts a fact of the store; a notice has facts too, by the names of a text."""
    asked = ast.unparse(call.func)
    return asked.endswith(
        ("tx.facts.get", "tx.facts.put", "Facts(self._connection).get", "Facts(self._connection).put")
    )


def declared_key(call: ast.Call) -> str:
    """Return the key of a fact that is declared by this call, "" where it declares none or a family of them."""
    name = ast.unparse(call.func).partition("[")[0]
    if name == "Fact" and call.args and isinstance(call.args[0], ast.Constant):
        return str(call.args[0].value)
    return ""


def test_no_fact_is_asked_for_by_a_bare_key() -> None:
    asked = [(file, call) for file, call in calls() if asks_the_store(call)]
    bare = [
        f"{file.name}:{call.lineno}" for file, call in asked if isinstance(call.args[0], ast.Constant | ast.JoinedStr)
    ]
    assert len(asked) > 50
    assert bare == []


def test_each_key_is_declared_once_and_stays() -> None:
    keys = Counter(key for _, call in calls() if (key := declared_key(call)))
    assert [key for key, times in keys.items() if times > 1] == []
    assert keys.keys() == RELEASED


@pytest.mark.parametrize(
    ("fact", "value", "kept"),
    [
        (BASELINE, 1.5, 1.5),
        (alive("worker"), Beat(at=2.0, pid=7), {"at": 2.0, "pid": 7}),
        (
            LAST_MARK,
            Mark("s", "p", "h", "r", 3, 4.0),
            {"store": "s", "place": "p", "host": "h", "run": "r", "beat": 3, "at": 4.0},
        ),
    ],
)
def test_a_value_is_kept_as_json_and_comes_back(
    store: Store, fact: Fact[object], value: object, kept: object
) -> None:
    with store.transaction() as tx:
        assert tx.facts.get(fact) is None
        tx.facts.put(fact, value)
        assert tx.facts.get(fact) == value
        assert tx.facts.get(Fact(fact.key)) == kept


def test_waves_are_kept_by_number(store: Store) -> None:
    wave = Wave(3, "rows", 10.5, 20.5, first="7")
    with store.transaction() as tx:
        tx.facts.put(WAVES, [wave])
        assert tx.facts.get(WAVES) == [wave]
        kept = tx.facts.get(Fact[dict[str, object]]("waves"))
        assert kept is not None
        assert [*kept] == ["3"]
