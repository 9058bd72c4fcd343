"""The real sandbox as its own process, emptied before every test."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import gspread
import pytest
import requests

from tests.harness.staff import google_of
from tests.harness.system import HANG_S

ROOT = Path(__file__).parents[2]
DEMO = "naryad-demo"
ANYBODY = "anybody"
BOOK = f"/v4/spreadsheets/{DEMO}"


class Sandbox:
    """A running sandbox: its address and one HTTP session."""

    def __init__(self, url: str) -> None:
        """Talk to the sandbox at `url`."""
        self.url = url
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.headers["Authorization"] = f"Bearer {ANYBODY}"

    def call(
        self, method: str, path: str, json: object = None, user: str = ANYBODY, **params: str | list[str]
    ) -> requests.Response:
        """One request; `user` is the bearer token, "" for none, `params` become the query."""
        headers = {"Authorization": f"Bearer {user}" if user else None}
        return self.session.request(
            method, self.url + path, json=json, params=params or None, headers=headers, timeout=HANG_S
        )

    def get(self, path: str, user: str = ANYBODY, **params: str | list[str]) -> requests.Response:
        """GET."""
        return self.call("GET", path, user=user, **params)

    def post(
        self, path: str, json: object = None, user: str = ANYBODY, **params: str | list[str]
    ) -> requests.Response:
        """POST a JSON body."""
        return self.call("POST", path, json, user, **params)

    def control(self, name: str, **body: object) -> dict[str, object]:
        """POST /sandbox/<name>, which must succeed."""
        response = self.call("POST", f"/sandbox/{name}", body)
        assert response.status_code == 200, response.text
        answer: dict[str, object] = response.json()
        return answer

    def gspread(self, user: str = "staff") -> gspread.Client:
        """A real gspread client whose requests go here; the token is the user."""
        client = google_of(user, self.url)
        client.set_timeout(30)
        return client


def start(*arguments: str) -> tuple[subprocess.Popen[str], str]:
    """Start `python -m sandbox` and wait for its address."""
    process = subprocess.Popen(
        [sys.executable, "-m", "sandbox", *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("sandbox listening on "), line
    return process, line.removeprefix("sandbox listening on ").strip()


def stop(process: subprocess.Popen[str]) -> int:
    """End a sandbox as an operator would; its exit code."""
    process.terminate()
    code = process.wait(timeout=HANG_S)
    if process.stdout is not None:
        process.stdout.close()
    return code


@pytest.fixture(scope="session")
def sandbox_process() -> Iterator[Sandbox]:
    """One sandbox for the whole run."""
    process, url = start("--port", "0")
    sandbox = Sandbox(url)
    yield sandbox
    sandbox.session.close()
    stop(process)


@pytest.fixture
def sandbox(sandbox_process: Sandbox) -> Sandbox:
    """The sandbox, freshly reset."""
    sandbox_process.control("reset")
    return sandbox_process


@pytest.fixture
def demo(sandbox: Sandbox) -> Iterator[gspread.Spreadsheet]:
    """The demo spreadsheet through gspread."""
    client = sandbox.gspread()
    yield client.open_by_key(DEMO)
    client.http_client.session.close()
