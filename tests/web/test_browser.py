"""The site in a real browser: phone and desk, light and dark, with and without JavaScript."""

import os
import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, expect, sync_playwright

from record.values import Status
from tests.web.process import Process
from tests.web.visitor import all_orders, put_order

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FIRST_VIEW = 150_000
TOUCH = 44
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium of this machine."""
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


@pytest.fixture
def window(browser: Browser, site: Process) -> Iterator[Opens]:
    """Open windows of any kind; none may log an error or ask anybody but the site."""
    opened: list[tuple[BrowserContext, Watched]] = []

    def make(viewport: dict[str, int] = PHONE, **options: object) -> Watched:
        context = browser.new_context(viewport=viewport, **options)  # type: ignore[arg-type]
        opened.append((context, Watched(context, site.url)))
        return opened[-1][1]

    yield make
    for context, _ in opened:
        context.close()
    assert [fault for _, one in opened for fault in one.faults] == []


@pytest.mark.parametrize(
    ("viewport", "javascript"), [(PHONE, True), (DESK, True), (PHONE, False)], ids=["phone", "desk", "no-js"]
)
def test_ordering_and_following_the_order(
    window: Opens, site: Process, viewport: dict[str, int], *, javascript: bool
) -> None:
    one = window(viewport, java_script_enabled=javascript)
    page = one.opens()
    one.fills(name=f"Юля {viewport['width']} {javascript}")
    page.click("text=Отправить заявку")
    number = page.text_content(".number")
    page.click("text=Следить за заявкой")
    assert page.text_content("h1") == "Ищем мастера"
    assert page.text_content(".number") == number
    [order] = [order for order in all_orders(site.store) if order.name == f"Юля {viewport['width']} {javascript}"]
    assert order.id == number
    if not javascript:
        assert page.is_visible("noscript a")


def test_a_double_click_is_one_order(window: Opens, site: Process) -> None:
    one = window()
    page = one.opens()
    one.fills(name="Дважды")
    page.dblclick("text=Отправить заявку")
    page.wait_for_url("**/order-complete.html")
    assert len([order for order in all_orders(site.store) if order.name == "Дважды"]) == 1


def test_a_mistake_takes_the_cursor_and_keeps_the_rest(window: Opens) -> None:
    one = window()
    page = one.opens()
    one.fills(phone="12-34")
    page.click("text=Отправить заявку")
    expect(page.locator("#phone")).to_be_focused()
    assert page.locator("#phone").get_attribute("aria-describedby") == "phone-error"
    assert page.is_visible("#phone-error")
    assert (page.input_value("#problem"), page.is_checked("input[name=consent]")) == ("Искрит", True)
    one.faults.clear()  # the browser itself logs an answer of 422


def test_the_tracking_page_follows_the_order_by_itself(window: Opens, site: Process) -> None:
    put_order(site.store, "501")
    one = window()
    one.page.clock.install()
    page = one.opens("/track.html?id=501&key=key-501")
    put_order(site.store, "501", Статус=Status.WORK.value, Мастер="Пётр Лодочкин")
    page.clock.fast_forward(5000)
    page.wait_for_selector("text=Пётр Лодочкин")
    assert page.locator(".steps .now").text_content() == "В работе"
    assert page.locator("[data-news]").text_content() == "Мастер найден"
    assert "мастер найден" in page.title()
    put_order(site.store, "501", Статус=Status.DONE.value, Мастер="Пётр Лодочкин", Цена=2000)
    page.clock.fast_forward(5000)
    page.wait_for_selector("h1:has-text('Работа выполнена')")
    assert page.locator("[hx-get]").count() == 0


def test_a_tracking_page_without_a_network_says_so(window: Opens, site: Process) -> None:
    put_order(site.store, "502")
    one = window()
    one.page.clock.install()
    page = one.opens("/track.html?id=502&key=key-502")
    assert page.is_hidden("text=Нет связи")
    page.context.set_offline(offline=True)
    page.clock.fast_forward(5000)
    page.wait_for_selector("text=Нет связи")
    page.context.set_offline(offline=False)
    page.clock.fast_forward(5000)
    page.wait_for_selector("text=Нет связи", state="hidden")
    one.faults.clear()  # the browser itself logs the lost connection


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_stands_out_from_its_ground(window: Opens, site: Process, scheme: str) -> None:
    put_order(site.store, "503", Статус=Status.WORK.value, Мастер="Пётр Лодочкин")
    one = window(color_scheme=scheme, reduced_motion="reduce")
    for address in ("/", "/track.html?id=503&key=key-503", "/services.html", "/privacy.html"):
        assert one.opens(address).evaluate(TOO_FAINT) == []


@pytest.mark.parametrize("width", [320, 1280])
def test_nothing_sticks_out_and_everything_can_be_touched(window: Opens, site: Process, width: int) -> None:
    put_order(site.store, "504", Статус=Status.WORK.value, Мастер="Пётр Лодочкин")
    one = window({"width": width, "height": 700})
    for address in ("/", "/track.html?id=504&key=key-504", "/order-complete.html", "/catalog.html", "/admin.html"):
        page = one.opens(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(TOO_SMALL, TOUCH) == []


def test_nothing_moves_for_people_who_asked_for_that(window: Opens) -> None:
    moving = "document.getAnimations().length"
    assert window(reduced_motion="reduce").opens().evaluate(moving) == 0
    assert window(reduced_motion="no-preference").opens().evaluate(moving) > 0


def test_the_first_view_is_small(window: Opens) -> None:
    one = window()
    wire = one.page.context.new_cdp_session(one.page)
    wire.send("Network.enable")
    sizes: list[float] = []
    wire.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    one.page.goto(one.url, wait_until="networkidle")
    assert len(sizes) >= 4
    assert sum(sizes) <= FIRST_VIEW


def test_the_font_is_ours(window: Opens) -> None:
    page = window().opens()
    page.evaluate("document.fonts.ready")
    assert page.evaluate("document.fonts.check('16px Onest', 'Щука и pike')")


def test_the_form_can_be_sent_by_keyboard_alone(window: Opens) -> None:
    page = window().opens()
    page.focus("#problem")
    for text in ("Искрит", "Мира 1", "Юля", "89001234567"):
        page.keyboard.type(text)
        page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_url("**/order-complete.html")


TOO_SMALL = """(least) => [...document.querySelectorAll("a, button, input, select, textarea")]
  .filter((one) => one.offsetParent && !one.closest(".trap, .skip") && one.type !== "hidden")
  .map((one) => (one.type === "checkbox" ? one.closest("label") : one))
  .filter((one) => !(one.tagName === "A" && getComputedStyle(one).display === "inline"))
  .filter((one) => one.getBoundingClientRect().height < least)
  .map((one) => one.outerHTML.slice(0, 80))"""

TOO_FAINT = """() => {
  const parse = (colour) => {
    const [r, g, b, a = 1] = colour.match(/[\\d.]+/g).map(Number);
    return { r, g, b, a };
  };
  const light = ({ r, g, b }) => [r, g, b]
    .map((one) => one / 255)
    .map((one) => (one <= 0.03928 ? one / 12.92 : ((one + 0.055) / 1.055) ** 2.4))
    .reduce((sum, one, place) => sum + one * [0.2126, 0.7152, 0.0722][place], 0);
  const ground = (one) => {
    for (let at = one; at; at = at.parentElement) {
      const colour = parse(getComputedStyle(at).backgroundColor);
      if (colour.a === 1) return colour;
    }
    return { r: 255, g: 255, b: 255 };
  };
  const faint = [];
  for (const one of document.querySelectorAll("body *")) {
    const own = [...one.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
    if (!own || one.closest("svg, .trap, .unseen, noscript, option")) continue;
    const style = getComputedStyle(one);
    const [high, low] = [light(parse(style.color)), light(ground(one))].sort((a, b) => b - a);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && style.fontWeight >= 700);
    if ((high + 0.05) / (low + 0.05) < (large ? 3 : 4.5)) faint.push(one.outerHTML.slice(0, 100));
  }
  return faint;
}"""
