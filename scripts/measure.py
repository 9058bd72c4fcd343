"""python -m scripts.measure: how dense the code is, how many floors and circles it has.

The aims are those of docs/design.md. `make test` holds what must never slip
(tests/test_the_house.py); the rest are aims, and this table says how far away they are.
"""

import ast
import io
import subprocess
import tokenize
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parent.parent
PACKAGES = ("record", "worker", "bots", "web")
COMMITS = 200
PRAGMAS = ("# noqa", "# type: ignore", "# fmt:")
Imports = dict[str, set[str]]


class Measure(NamedTuple):
    """A line of the table."""

    name: str
    value: float
    aim: str

    def __str__(self) -> str:
        return f"{self.name:<44}{self.value:>8.1f}   {self.aim}"


def main() -> None:
    """Print the table."""
    for measure in measures():
        print(measure)


def measures() -> Iterator[Measure]:
    """Measure the four packages of the product."""
    texts = {path: path.read_text(encoding="utf-8") for path in sources()}
    yield from _density(list(texts.values()))
    imports = imports_of(texts)
    importers = Counter(target for targets in imports.values() for target in targets)
    yield Measure("modules", len(imports), "")
    lonely = [name for name, count in importers.items() if count == 1]
    yield Measure("modules with exactly one importer", len(lonely), "fewer")
    flat = list((ROOT / "record").glob("[!_]*.py"))
    yield Measure("modules flat in record/", len(flat), "<= 15")
    record = _within(rooms(imports), "record")
    yield Measure("floors of record/", floors(record), "<= 7")
    yield Measure("circles of modules", len(circles(imports)), "0")
    yield Measure("circles of rooms", len(circles(rooms(imports))), "0")
    yield Measure(
        "longest file, lines",
        max(text.count("\n") for text in texts.values()),
        "<= 400",
    )
    yield Measure(f"commit size p90, lines, last {COMMITS}", _commit_size(), "<= 600")


def sources() -> list[Path]:
    """Return the files of the product, without its tests, tools and stand-ins."""
    return sorted(
        path for package in PACKAGES for path in (ROOT / package).rglob("*.py")
    )


def _density(texts: list[str]) -> Iterator[Measure]:
    found = Counter[str]()
    lengths: list[int] = []
    for text in texts:
        lines = text.splitlines()
        lengths += [len(line) for line in lines if line.strip()]
        found["line"] += len(lines)
        found["comment"] += _comments(text)
        for node in ast.walk(ast.parse(text)):
            found.update(_counted(node))
    lengths.sort()
    thousand_lines = found["line"] / 1000
    yield Measure(
        "decisions per 100 body lines",
        100 * found["decision"] / found["body line"],
        "<= 28",
    )
    yield Measure(
        "conditional expressions per 1,000 lines",
        found["conditional"] / thousand_lines,
        "<= 9",
    )
    yield Measure(
        "comprehensions per 1,000 lines",
        found["comprehension"] / thousand_lines,
        "<= 20",
    )
    yield Measure("line length p90", lengths[len(lengths) * 9 // 10], "<= 84")
    yield Measure(
        "comments per 100 lines", found["comment"] / thousand_lines / 10, ">= 3"
    )


BRANCHES = (ast.If, ast.For, ast.AsyncFor, ast.While, ast.ExceptHandler, ast.match_case)
COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def _counted(node: ast.AST) -> Counter[str]:
    """Return what one node of a syntax tree counts for."""
    found = Counter[str]()
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        found["body line"] = _body_lines(node)
    found["decision"] = _decisions(node)
    found["conditional"] = isinstance(node, ast.IfExp)
    found["comprehension"] = isinstance(node, COMPREHENSIONS)
    return found


def _decisions(node: ast.AST) -> int:
    """Return how many ways to go on a node decides between, less one."""
    if isinstance(node, ast.BoolOp):
        return len(node.values) - 1
    if isinstance(node, ast.comprehension):
        return 1 + len(node.ifs)
    return int(isinstance(node, (*BRANCHES, ast.IfExp)))


def _body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Return how many lines a function has below its docstring."""
    documented = ast.get_docstring(function, clean=False) is not None
    body = function.body[1:] if documented else function.body
    if not body:
        return 0
    return (body[-1].end_lineno or body[-1].lineno) - body[0].lineno + 1


def _comments(text: str) -> int:
    """Return how many comments are for people, not for linters and type checkers alone."""
    tokens = tokenize.generate_tokens(io.StringIO(text).readline)
    comments = [token.string for token in tokens if token.type == tokenize.COMMENT]
    return sum(not comment.startswith(PRAGMAS) for comment in comments)


def imports_of(texts: dict[Path, str]) -> Imports:
    """Return which modules of the product each of them imports."""
    named = {_module(path): text for path, text in texts.items()}
    found: Imports = {}
    for name, text in named.items():
        found[name] = set(_imported(text, named.keys())) - {name}
    return found


def _imported(text: str, modules: Collection[str]) -> Iterator[str]:
    for node in ast.walk(ast.parse(text)):
        for target in _targets(node):
            # ``from a.b import c``: c may be a module, or a name in a.b
            for known in (target, target.rpartition(".")[0]):
                if known in modules:
                    yield known
                    break


def _targets(node: ast.AST) -> list[str]:
    """Return what an import statement may mean: a module, or a name in it."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    # there are no relative imports in the product
    if not isinstance(node, ast.ImportFrom) or node.level or not node.module:
        return []
    return [f"{node.module}.{alias.name}" for alias in node.names]


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def rooms(imports: Imports) -> Imports:
    """Return the imports between rooms: folders of a package, and what lies beside them.

    A package's face (``web/__init__.py``) belongs to no room of it.
    """
    found: Imports = {}
    for module, targets in imports.items():
        inside = found.setdefault(_room(module), set())
        inside.update(_room(target) for target in targets)
        inside.discard(_room(module))
    return found


def _within(imports: Imports, package: str) -> Imports:
    """Return the imports of a package's rooms, of each other."""
    found: Imports = {}
    for room, targets in imports.items():
        if room.startswith(f"{package}."):
            found[room] = {
                target for target in targets if target.startswith(f"{package}.")
            }
    return found


def _room(module: str) -> str:
    return ".".join(module.split(".")[:2])


def circles(imports: Imports) -> list[set[str]]:
    """Return the sets of modules that import each other, by Tarjan's algorithm."""
    return [part for part in _strongly_connected(imports) if len(part) > 1]


def floors(imports: Imports) -> int:
    """Return how many modules the longest chain of imports passes; a circle is one."""
    part_of: dict[str, int] = {}
    height: dict[int, int] = {}
    # what a part imports comes before it
    for number, part in enumerate(_strongly_connected(imports)):
        part_of |= dict.fromkeys(part, number)
        height[number] = 1
        for target in set[str]().union(*(imports[name] for name in part)) - part:
            height[number] = max(height[number], 1 + height[part_of[target]])
    return max(height.values(), default=0)


def _strongly_connected(imports: Imports) -> list[set[str]]:
    """Return the groups of modules that import each other, each after what it imports."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    found: list[set[str]] = []

    def visit(name: str) -> None:
        index[name] = low[name] = len(index)
        stack.append(name)
        for target in sorted(imports[name]):
            if target not in index:
                visit(target)
                low[name] = min(low[name], low[target])
            elif target in stack:
                low[name] = min(low[name], index[target])
        if low[name] == index[name]:
            place = stack.index(name)
            found.append(set(stack[place:]))
            del stack[place:]

    for name in sorted(imports):
        if name not in index:
            visit(name)
    return found


def _commit_size() -> float:
    """Return how many lines nine commits of ten change at most, moves left aside."""
    command = [
        "git",
        "log",
        f"-{COMMITS}",
        "--no-merges",
        "--numstat",
        "-M",
        "--format=tformat:commit",
    ]
    done = subprocess.run(
        command, cwd=ROOT, capture_output=True, text=True, check=False
    )
    sizes: list[int] = []
    for line in done.stdout.splitlines():
        if line == "commit":
            sizes.append(0)
        else:
            sizes[-1] += _changed(line)
    # an unpacked archive has no history
    if not sizes:
        return 0
    return sorted(sizes)[len(sizes) * 9 // 10]


def _changed(line: str) -> int:
    """Return how many lines were added and removed in a file; 0 of a binary one."""
    counts = line.split("\t")[:2]
    return sum(int(count) for count in counts if count.isdecimal())


if __name__ == "__main__":
    main()
