"""Where an address leads, however it is written; and that nobody else decides it."""

import ast
from pathlib import Path

import pytest

from record.whereabouts import Place, is_here, is_near, number, place_of

ROOT = Path(__file__).parents[2]
ASKED = {"is_loopback", "is_private", "is_link_local", "is_global"}

HERE = (
    "127.0.0.1", "127.0.0.9", "127.0.0.1:8000", "http://127.0.0.1:8090/max", "::1", "[::1]", "[::1]:5432",
    "http://[::1]:8000", "::ffff:127.0.0.1", "[::ffff:127.0.0.1]:80", "http://[::ffff:127.0.0.1]/", "localhost",
    "LOCALHOST:8000", "localhost.", "https://localhost/telegram", "http://user:secret@localhost:1080",
    "/var/run/postgresql", "unix:/run/naryad.sock", "unix:", " 127.0.0.1 ",
)  # fmt: skip
PRIVATE = (
    "10.0.0.7", "10.0.0.7:4711", "172.16.0.1", "172.31.255.255", "192.168.1.5", "::ffff:192.168.1.5", "169.254.7.7",
    "fd00::1", "[fd00::1]:5432", "fe80::1%eth0", "http://192.168.0.10:8000",
)  # fmt: skip
ELSEWHERE = (
    "", " ", "unknown", "_hidden", "0", "0.0.0.1", "::", "8.8.8.8", "203.0.113.5", "2001:db8::5", "172.32.0.1",
    "::ffff:8.8.8.8", "127.0.0.1.evil.example", "http://127.0.0.1.evil.example", "localhost.example",
    "http://localhost@evil.example", "https://evil.example/?127.0.0.1", "http://[::1", "127.1", "2130706433",
    "127.0.0.1,10.0.0.1", "nginx", "https://naryad.example",
)  # fmt: skip
TABLE = [
    *((written, Place.HERE) for written in HERE),
    *((written, Place.PRIVATE) for written in PRIVATE),
    *((written, Place.ELSEWHERE) for written in ELSEWHERE),
]


@pytest.mark.parametrize(("written", "place"), TABLE)
def test_where_an_address_leads(written: str, place: Place) -> None:
    assert place_of(written) is place
    assert is_here(written) == (place is Place.HERE)
    assert is_near(written) == (place is not Place.ELSEWHERE)


@pytest.mark.parametrize(
    "name", ["localhost", "nginx", "/run/x.sock", "unix:", "", "evil", "http://127.0.0.1", "http://127.0.0.1:80/"]
)
def test_a_name_is_no_number(name: str) -> None:
    assert number(name) is None


def test_nobody_else_decides_where_an_address_leads() -> None:
    found = {
        str(path.relative_to(ROOT))
        for folder in ("record", "worker", "bots", "web")
        for path in (ROOT / folder).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ASKED
    }
    assert found == {"record/whereabouts.py"}
