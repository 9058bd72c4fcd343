"""`python -m web`: how it starts, what it logs, how it ends."""

import json
import re
import socket
import subprocess
import sys
import threading
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlencode

from tests.harness.system import HANG_S
from tests.web.process import ROOT, Process, env
from tests.web.visitor import GOOD, all_orders


def start(store_url: str, **changed: str) -> subprocess.CompletedProcess[str]:
    """Start a site that can't start, and wait for its end."""
    return subprocess.run(
        [sys.executable, "-m", "web"],
        cwd=ROOT,
        env=env(store_url, **changed),
        capture_output=True,
        text=True,
        timeout=HANG_S,
        check=False,
    )


def ask(site: Process, method: str, path: str, body: str = "", cookie: str = "") -> tuple[int, str, str]:
    """Make one request; return status, text and cookie."""
    host, port = site.url.removeprefix("http://").split(":")
    connection = HTTPConnection(host, int(port), timeout=HANG_S)
    headers = {"Cookie": cookie}
    if body:
        headers["Content-Type"] = "application/x-www-form-urlencoded"
    connection.request(method, path, body or None, headers)
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text, (answer.headers["Set-Cookie"] or "").partition(";")[0]


def place(site: Process, problem: str) -> int:
    """Order as a script would: read the form, keep the cookie, post; return the status."""
    _, page, cookie = ask(site, "GET", "/")
    token = re.search(r'name="csrf_token" value="([^"]+)"', page)
    assert token
    return ask(site, "POST", "/", urlencode(GOOD | {"problem": problem, "csrf_token": token[1]}), cookie)[0]


def test_it_says_where_it_listens_and_ends_cleanly(tmp_path: Path) -> None:
    site = Process(tmp_path, SECRET_KEY="", ADMIN_PASSWORD_HASH="")
    shown = site.said()  # Google, Telegram and the site all stand on this machine: a play
    assert re.fullmatch(rf"Панель: {site.url}/admin\.html, пароль на этот запуск: \S+\n", shown)
    assert re.fullmatch(r"http://127\.0\.0\.1:\d+", site.url)
    assert ask(site, "GET", "/")[0] == 200
    assert site.end() == 0
    assert "Traceback" not in site.log()
    assert "пароль" not in site.log()
    assert "SECRET_KEY is empty" in site.log()


def test_orders_are_taken_while_google_is_away(site: Process) -> None:
    codes: list[int] = []
    threads = [threading.Thread(target=lambda n=n: codes.append(place(site, f"Проблема {n}"))) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [303] * 20
    orders = [order for order in all_orders(site.store) if order.problem.startswith("Проблема")]
    assert len({order.id for order in orders}) == len(orders) == 20


def test_a_request_is_one_line_without_its_query(site: Process) -> None:
    ask(site, "GET", "/only-here?id=17&key=secret-of-17")
    lines = [json.loads(line) for line in site.log().splitlines()]
    [line] = [line for line in lines if line.get("path") == "/only-here"]
    assert (line["event"], line["method"], line["status"], line["process"]) == ("request", "GET", 404, "web")
    assert line["ms"] >= 0
    assert "secret-of-17" not in site.log()


def test_no_phone_reaches_the_log(site: Process) -> None:
    place(site, "Звоните 8 900 123-45-67")
    assert "9001234567" not in re.sub(r"\D", "", site.log())


def test_too_long_a_body_gets_its_page_from_the_real_server(site: Process) -> None:
    status, page, _ = ask(site, "POST", "/", "problem=" + "x" * 400_000)
    assert status == 413
    assert "Слишком много текста" in page


def test_a_port_in_use_is_one_line(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = start(f"sqlite:///{tmp_path}/naryad.sqlite3", NARYAD_WEB__PORT=port)
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Сайт не может слушать 127.0.0.1:{port}: порт занят другой программой, остановите её или поменяйте web.port"
    ]


def test_bad_settings_are_one_line(tmp_path: Path) -> None:
    done = start(f"sqlite:///{tmp_path}/naryad.sqlite3", NARYAD_WEB__PORT="дверь")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "web.port — целое число" in done.stderr


def test_a_store_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "naryad.sqlite3").write_bytes(b"this is not a database" * 100)
    done = start(f"sqlite:///{tmp_path}/naryad.sqlite3")
    assert (done.returncode, len(done.stderr.splitlines())) == (1, 1)
    assert "это не база Наряда" in done.stderr
