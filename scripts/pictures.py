"""Draws docs/pictures/: each page on a phone (360) and a desk (1280), and the worksheet.

    make pictures                                   all of them
    .venv/bin/python -m scripts.pictures index admin    pages whose names begin so, «таблица» for the worksheet

A page is added to PAGES: its name, its address, who looks at it, and what he does there
before the picture is taken. The site runs on a store of its own with a company's
ordinary weeks in it (scripts/weeks.py).
"""

import base64
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from playwright.sync_api import Browser, Page

from scripts.sheet_picture import draw_sheet
from scripts.weeks import ENVIRONMENT, MASTER, PASSWORD, beat, link_of, live_through
from tests.harness.processes import ROOT
from tests.web.browser import STILL, chromium
from tests.web.process import Process
from web.present.prices import PriceList

FOLDER = ROOT / "docs" / "pictures"
WIDTHS = {360: 740, 1280: 800}
TALLEST = 2200
QUALITY = 75
SHEET = "таблица"


@dataclass(frozen=True)
class Picture:
    """One page: who looks at it (``client``, ``master``, ``admin``), and what he does."""

    name: str
    address: str
    who: str = "client"
    act: Callable[[Page], None] | None = None
    scheme: Literal["light", "dark"] = "light"


def _ask(page: Page) -> None:
    page.fill("textarea, input[name=text]", "сколько стоит заменить розетку?")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=450")


def _mistake(page: Page) -> None:
    for name, typed in {
        "problem": "Искрит розетка",
        "address": "Мира 5",
        "name": "Юля",
        "phone": "911 45",
    }.items():
        page.fill(f"#{name}", typed)
    page.check("input[name=consent]")
    page.click("text=Отправить заявку")
    page.wait_for_selector("#phone-error")


def _order(page: Page) -> None:
    for name, typed in {
        "problem": "Искрит розетка",
        "address": "Мира 5",
        "name": "Юля",
    }.items():
        page.fill(f"#{name}", typed)
    page.fill("#phone", "+7 900 123-45-67")
    page.check("input[name=consent]")
    page.click("text=Отправить заявку")
    page.wait_for_url("**/order-complete.html")


def pages(prices: PriceList) -> tuple[Picture, ...]:
    """Return all pictures there are."""
    codes = {offer.service.name: offer.code for offer in prices.offers}
    choice = f"{codes['Замена розетки']}.3_{codes['Сборка и подвес люстры']}.1_urgent"
    return (
        Picture("index", "/"),
        Picture("index-dark", "/", scheme="dark"),
        Picture("catalog", "/catalog.html?category=Освещение"),
        Picture("services", "/services.html"),
        Picture("calculator", f"/calculator.html?estimate={choice}"),
        Picture("ai-chat", "/ai-chat.html", act=_ask),
        Picture("track-new", "/track.html?id=241&key=key-241"),
        Picture("track-work", "/track.html?id=242&key=key-242"),
        Picture("track-done", "/track.html?id=240&key=key-240"),
        Picture("payment", "/payment.html?id=240&key=key-240"),
        Picture("privacy", "/privacy.html"),
        Picture("consent", "/consent.html"),
        Picture("not-found", "/нет-такой"),
        Picture("master-dashboard", "/master-dashboard.html", "master"),
        Picture("master-dashboard-door", "/master-dashboard.html"),
        Picture("admin", "/admin.html", "admin"),
        Picture("admin-dark", "/admin.html", "admin", scheme="dark"),
        Picture("admin-login", "/admin.html"),
        Picture("admin-orders", "/admin/orders", "admin"),
        Picture("admin-order", "/admin/orders/242", "admin"),
        Picture("admin-masters", "/admin/masters", "admin"),
        Picture("admin-statistics", "/admin/statistics", "admin"),
        Picture("admin-health", "/admin/health", "admin"),
        Picture("index-mistake", "/", act=_mistake),
        Picture("order-complete", "/", act=_order),
    )


def main() -> None:
    """Draw the pictures whose names begin with one of the arguments, all without any."""
    wanted = tuple(sys.argv[1:]) or ("",)
    FOLDER.mkdir(exist_ok=True)
    if SHEET.startswith(wanted):
        draw_sheet()
    with tempfile.TemporaryDirectory() as folder:
        site = Process(Path(folder), **ENVIRONMENT)
        try:
            prices = live_through(site.store)
            with chromium() as browser:
                for picture in pages(prices):
                    if picture.name.startswith(wanted):
                        _draw(browser, site, picture)
        finally:
            site.end()


def _draw(browser: Browser, site: Process, picture: Picture) -> None:
    for width, height in WIDTHS.items():
        context = browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme=picture.scheme,
            reduced_motion="reduce",
            locale="ru-RU",
        )
        page = context.new_page()
        beat(site.store)
        _enter(page, site, picture.who)
        page.goto(site.url + picture.address, wait_until="networkidle")
        if picture.act:
            picture.act(page)
        page.evaluate(STILL)
        page.evaluate("scrollTo(0, 0)")
        page.evaluate("document.fonts.ready")
        file = FOLDER / f"{picture.name}-{width}.webp"
        file.write_bytes(_shot(page, width))
        print(f"{file.relative_to(ROOT)}: {file.stat().st_size // 1024} kB", flush=True)
        context.close()


def _enter(page: Page, site: Process, who: str) -> None:
    if who == "admin":
        page.goto(f"{site.url}/admin.html")
        page.fill("#password", PASSWORD)
        page.click("text=Войти")
        page.wait_for_load_state()
    if who == "master":
        page.goto(
            f"{site.url}/master-dashboard.html?enter={link_of(site.store, MASTER)}"
        )
        page.click("main button[type=submit]")
        page.wait_for_load_state()


def _shot(page: Page, width: int) -> bytes:
    """Return a picture of the page from its top, as WebP, no taller than can be seen."""
    # playwright itself takes no WebP, so the browser is asked directly
    tall = min(page.evaluate("document.documentElement.scrollHeight"), TALLEST)
    page.set_viewport_size({"width": width, "height": tall})
    wire = page.context.new_cdp_session(page)
    clip: dict[str, Any] = {"x": 0, "y": 0, "width": width, "height": tall, "scale": 1}
    taken = wire.send(
        "Page.captureScreenshot", {"format": "webp", "quality": QUALITY, "clip": clip}
    )
    return base64.b64decode(taken["data"])


if __name__ == "__main__":
    main()
