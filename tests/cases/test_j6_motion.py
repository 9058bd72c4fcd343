"""J6: pages move by what a graphics card does alone, not for ever, and not for who asked for stillness."""

import re
from pathlib import Path

import pytest

from tests.web.browser import PHONE, Opens
from tests.web.conftest import browser, site, window

__all__ = ["browser", "site", "window"]
pytestmark = pytest.mark.timeout(60)
SHEETS = sorted((Path(__file__).parents[2] / "web" / "static" / "css").glob("*.css"))
CHEAP = {"transform", "opacity"}
FRAMES = re.compile(r"@keyframes [\w-]+ \{((?:[^{}]*\{[^{}]*\})*)[^{}]*\}")


def stills(css: str) -> str:
    """Return a stylesheet without all that who asks for stillness never sees."""
    begin = css.find("(prefers-reduced-motion: no-preference)")
    while begin >= 0:
        opened = css.index("{", begin)
        depth, end = 1, opened + 1
        while depth:
            depth += {"{": 1, "}": -1}.get(css[end], 0)
            end += 1
        css = css[:begin] + css[end:]
        begin = css.find("(prefers-reduced-motion: no-preference)")
    return css


@pytest.mark.parametrize("sheet", SHEETS, ids=lambda sheet: sheet.name)
def test_j6_what_moves_is_cheap_and_ends(sheet: Path) -> None:
    css = sheet.read_text(encoding="utf-8")
    assert "infinite" not in css
    moved = {name for frames in FRAMES.findall(css) for name in re.findall(r"[{;]\s*([\w-]+)\s*:", frames)}
    assert moved <= CHEAP
    assert not re.findall(r"animation|transition", stills(css))


@pytest.mark.parametrize(("address", "most"), [("/", 8_000), ("/catalog.html", 0)])
def test_j6_nothing_moves_for_ever(window: Opens, address: str, most: int) -> None:
    page = window(PHONE).opens(address)
    ends = page.evaluate("document.getAnimations().map((one) => one.effect.getComputedTiming().endTime)")
    assert all(end <= most for end in ends)
    still = window(PHONE, reduced_motion="reduce").opens(address)
    assert still.evaluate("document.getAnimations().length") == 0


def test_j6_a_form_sent_without_a_network_stays_as_it_is(window: Opens) -> None:
    watched = window(PHONE)
    page = watched.opens()
    watched.fills(problem="Искрит щиток")
    page.context.set_offline(True)
    page.get_by_role("button", name="Отправить заявку").click()
    page.get_by_text("Всё, что вы написали, на месте").wait_for()
    assert page.input_value("#problem") == "Искрит щиток"
    page.context.set_offline(False)
    page.get_by_role("button", name="Отправить заявку").click()
    page.wait_for_url("**/order-complete.html")
