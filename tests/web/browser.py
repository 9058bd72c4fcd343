"""What every browser test of the site needs: a window that is watched, and what a page must be for everybody.

    def test_the_page_is_for_everybody(window: Opens, look: Look) -> None:
        page = window(**look).opens("/catalog.html")
        assert_for_everybody(page)

The fixtures ``browser``, ``window`` and ``look`` stand in conftest.py. A window fails its test at the end when the
page logged an error or asked anybody but the site; a browser logs answers of 4xx and 5xx by itself, so a test that
provokes one calls ``one.faults.clear()``.
"""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, ViewportSize, sync_playwright

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
AXE = Path(__file__).parent / "vendor" / "axe-core" / "axe.min.js"
TOUCH = 44
PHONE, DESK = ViewportSize(width=360, height=740), ViewportSize(width=1280, height=800)
NARROWEST = ViewportSize(width=320, height=640)
SIZES = [pytest.param(PHONE, id="phone"), pytest.param(DESK, id="desk")]
Look = dict[str, Any]
LOOKS = [
    pytest.param({"viewport": size, "color_scheme": scheme, "reduced_motion": "reduce"}, id=f"{name}-{scheme}")
    for name, size in (("phone", PHONE), ("desk", DESK))
    for scheme in ("light", "dark")
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """Give a Chromium of this machine; fail with what to install where there is none."""
    path = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if not path:
        pytest.fail(
            "The browser tests need Chromium: `apt-get install chromium` (Debian, Ubuntu), or give the path of a "
            "Chrome in the environment variable CHROMIUM."
        )
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield launched
        launched.close()


class Watched:
    """A browser window, and everything that went wrong in it."""

    def __init__(self, context: BrowserContext, url: str) -> None:
        self.page: Page = context.new_page()
        self.page.set_default_timeout(8000)
        self.url = url
        self.faults: list[str] = []
        self.page.on("console", lambda said: self.faults.append(said.text) if said.type != "info" else None)
        self.page.on("pageerror", lambda error: self.faults.append(str(error)))
        context.on("request", self._watch)

    def _watch(self, request: Request) -> None:
        if not request.url.startswith(f"{self.url}/"):
            self.faults.append(f"asked {request.url}")

    def opens(self, address: str = "/") -> Page:
        """Open a page of the site."""
        self.page.goto(self.url + address)
        return self.page

    def fills(self, **changed: str) -> None:
        """Fill in the order form."""
        typed = {"problem": "Искрит", "address": "Мира 1", "name": "Юля", "phone": "+79001234567"} | changed
        for name, text in typed.items():
            self.page.fill(f"#{name}", text)
        self.page.check("input[name=consent]")


Opens = Callable[..., Watched]


def assert_for_everybody(page: Page) -> None:
    """Hold that the page as it stands can be used by anybody: read aloud, seen, and touched at any width."""
    assert_accessible(page)
    assert_fits(page)
    assert_touchable(page)


def assert_accessible(page: Page) -> None:
    """Hold that axe-core finds nothing wrong, contrast of all texts included."""
    page.evaluate(STILL)
    page.evaluate(_axe())
    found = page.evaluate("axe.run(document, {resultTypes: ['violations']}).then((told) => told.violations)")
    assert [_short(one) for one in found] == []


def assert_fits(page: Page) -> None:
    """Hold that nothing sticks out sideways."""
    wide = page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert wide[0] <= wide[1], page.evaluate(STICKING_OUT)


def assert_touchable(page: Page) -> None:
    """Hold that all one can press is high enough for a finger."""
    assert page.evaluate(TOO_SMALL, TOUCH) == []


@cache
def _axe() -> str:
    return AXE.read_text(encoding="utf-8")


def _short(violation: dict[str, Any]) -> str:
    places = "; ".join(node["html"][:160] + " — " + node["failureSummary"][:300] for node in violation["nodes"][:4])
    return f"{violation['id']}: {violation['help']}: {places}"


STILL = """() => { for (const one of document.getAnimations()) {
  try { one.finish(); } catch { one.cancel(); }
} }"""

STICKING_OUT = """() => [...document.querySelectorAll("body *")]
  .filter((one) => one.getBoundingClientRect().right > innerWidth + 1)
  .map((one) => one.outerHTML.slice(0, 100)).slice(0, 5)"""

TOO_SMALL = """(least) => [...document.querySelectorAll("a, button, input, select, textarea, summary")]
  .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 1)
  .filter((one) => !one.closest(".trap, .skip, .unseen") && one.type !== "hidden")
  .map((one) => (["checkbox", "radio"].includes(one.type) ? one.closest("label") ?? one : one))
  .filter((one) => !(one.tagName === "A" && getComputedStyle(one).display === "inline"))
  .filter((one) => one.getBoundingClientRect().height < least)
  .map((one) => one.outerHTML.slice(0, 120))"""
